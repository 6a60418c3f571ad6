"""Commands for whoever operates a store: back up, check, prune, forget."""
