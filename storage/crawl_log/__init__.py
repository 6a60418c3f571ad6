"""The crawl log: sources, runs, fetches and the schedule of the daemon."""
