"""The fields of an article whose loss shows that its site has changed its layout.

Workers import this module, so it imports nothing of the store.
"""

# The field that is the place on its page where an article's date was found: a site has two or three.
DATELINE = "usual dateline"
# Ends `articles.published_from` where a page said "20 minutes ago": a day later it says "yesterday".
RELATIVE = ", relative"


def list_shown_fields(published: str | None, author: str, origin: str) -> frozenset[str]:
    """Return which of these fields an article has; `time` means a date to the minute."""
    shown = {
        "date": bool(published),
        "time": len(published or "") > len("2026-11-22"),
        "author": bool(author),
        "origin": bool(origin),
    }
    return frozenset(name for name, is_shown in shown.items() if is_shown)
