"""`shopwire import`: imports articles from JSON Lines, pages from WARC files."""
