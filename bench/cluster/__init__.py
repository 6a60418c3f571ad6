"""Benchmarks of several machines, with processes of one."""
