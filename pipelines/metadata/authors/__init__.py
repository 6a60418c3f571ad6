"""Finds who wrote an article."""
