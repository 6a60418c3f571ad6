"""Tests of the package `spiders.decoding`."""
