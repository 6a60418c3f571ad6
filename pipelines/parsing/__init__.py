"""Bytes to a tree, and what the tree says: visible lines, declared metadata."""
