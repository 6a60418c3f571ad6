"""Parsing of pages: HTML tree, visible lines, declared metadata."""
