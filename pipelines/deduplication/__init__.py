"""Finds exact and near-duplicates of articles, and records them in the store."""
