"""Finds the text of the article in a page and removes boilerplate."""
