"""Which pages are no articles."""
