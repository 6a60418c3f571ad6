"""Serve and provoke failures on loopback for the tests."""
