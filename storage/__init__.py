"""What is kept: the SQLite store, its search, the archive of raw pages, and the ledger of attempts."""
