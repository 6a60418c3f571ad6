"""Text as feeds, sitemaps and lists contain it."""

from w3lib.html import remove_tags, replace_entities

LONGEST_LINE = 300


def sanitize_line(text: str, most: int = LONGEST_LINE) -> str:
    """Return a text as one line that can be stored and logged, cut to `most` characters: no control
    characters, no lone surrogates, one space between words."""
    plain = "".join(char if char.isprintable() else " " for char in text[: 2 * most])
    plain = " ".join(plain.split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def strip_tags(html: str) -> str:
    """Return a title that may contain tags and entities as one line of text."""
    if not html:
        return ""
    # Cut first: with many `<` and no `>`, removing tags takes quadratic time.
    return sanitize_line(replace_entities(remove_tags(html[: 4 * LONGEST_LINE])))
