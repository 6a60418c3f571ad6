"""The sources that ship with shopwire: attributes only, in alphabetical order, by region and language."""
