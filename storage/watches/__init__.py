"""Watches: the articles that match them, and what was told to whom."""
