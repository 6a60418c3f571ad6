"""Kills commands at each of many SQL statements, and looks what is left."""
