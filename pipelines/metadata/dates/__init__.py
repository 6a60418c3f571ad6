"""Finds when an article was published and updated."""
