"""Reads WARC files (ISO 28500) that anybody wrote, each record judged by itself."""
