"""Briefings: what a period brought, computed from the store alone, as Markdown, HTML, JSON and Atom."""
