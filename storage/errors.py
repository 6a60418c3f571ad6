"""The error of a store that cannot be used."""


class StoreError(Exception):
    """Raised by `Store` when the file cannot be used; the message says what, where and what to do."""
