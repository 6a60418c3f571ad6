"""Charset detection, XML parsing, size limits, and the text of feeds."""
