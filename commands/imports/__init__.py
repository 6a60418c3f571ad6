"""`shopwire import`: articles from JSON Lines, pages from WARC files."""
