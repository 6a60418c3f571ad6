"""When a source is due: a daemon that starts crawls as processes and reads the ledger."""
