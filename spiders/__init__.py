"""Scrapy spiders, one for each source; they yield a `Page` for each fetched page."""
