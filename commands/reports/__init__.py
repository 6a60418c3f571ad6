"""Commands that write a report of the store."""
