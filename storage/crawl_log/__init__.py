"""The crawl log: sources, runs, fetches, the daemon's schedule."""
