"""Tells services of people, through Apprise, what watches have found and how the sources' health changes."""
