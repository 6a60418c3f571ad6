"""Which articles report one event, and the SQL to find and record stories."""
