"""Serve six trade-news sites on loopback for the demo and the end-to-end tests."""
