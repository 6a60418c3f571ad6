"""The pages of our own, which run no script."""
