"""A look at the bytes before any parser sees them."""

import re

# libxml2 compares each attribute of a tag with all before it: 40,000 of them take 18 seconds, in
# which nothing can interrupt it.
MOST_ATTRIBUTES = 2_000
# A sitemap of 50,000 addresses, the most its protocol allows, has half as many.
MOST_TAGS = 1_000_000
LONG_TAG = re.compile(rb"<([^<]{%d,})" % (3 * MOST_ATTRIBUTES))
ATTRIBUTES = re.compile(
    rb"[a-zA-Z_:\x80-\xff][^\s<>/]*+"
    rb"(?:[\s/]++[^\s<>=\"'/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'<>]++))?+){%d}"
    % MOST_ATTRIBUTES
)


def has_absurd_tag(body: bytes) -> bool:
    """Whether some tag has more than `MOST_ATTRIBUTES` attributes; linear in the length of the body."""
    return any(ATTRIBUTES.match(tag[1]) for tag in LONG_TAG.finditer(body))


def why_absurd(body: bytes) -> str:
    """Why no parser should see this list, empty when it may; linear in its length."""
    if body.count(b"<") > MOST_TAGS:
        return f"it has more than {MOST_TAGS:,} tags"
    if has_absurd_tag(body):
        return f"one tag has more than {MOST_ATTRIBUTES:,} attributes"
    return ""
