"""Worker processes that can be killed: whatever hostile bytes do to a parser, the crawl goes on."""
