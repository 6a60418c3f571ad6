"""Backup, checks and retention of the store and its archive."""
