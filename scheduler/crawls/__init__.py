"""Crawls that the daemon runs: as processes of their own or together in one, and how they ended."""
