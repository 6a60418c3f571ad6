"""Datasette over the store: settings, metadata, plugin and pages of our own."""
