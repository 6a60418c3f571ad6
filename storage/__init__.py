"""The SQLite store with its schema, search, crawl log and Datasette; the archive of raw pages."""
