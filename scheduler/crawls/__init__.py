"""Crawls that the daemon runs: in processes of their own, or together in one."""
