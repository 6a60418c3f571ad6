"""Find the feed, sitemap or list of a site."""
