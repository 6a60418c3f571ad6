"""Where pages come from: Scrapy spiders that yield a `Page` and know nothing of what becomes of it."""
