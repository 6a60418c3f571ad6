"""Character classes and folding that search, fingerprints and extraction share."""
