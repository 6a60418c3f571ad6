"""What can go wrong with a store, said so that a person can act on it."""


class StoreError(Exception):
    """Raised by `Store` when the file cannot be used; the message says what, where and what to do."""
