"""Finds which articles report one event, and records them in the store as stories."""
