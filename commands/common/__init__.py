"""Shared parts of the subcommands."""
