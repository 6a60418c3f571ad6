"""Robots.txt, retries, address checks and size limits of every request."""
