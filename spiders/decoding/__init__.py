"""Charsets, XML and the limits of what a parser may see."""
