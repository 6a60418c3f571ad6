"""A look at the bytes before any parser sees them."""

import re

# libxml2 compares each attribute of a tag with all before it: 40,000 of them take 18 seconds, in
# which nothing can interrupt it.
MOST_ATTRIBUTES = 2_000
ATTRIBUTES = re.compile(
    rb"[a-zA-Z][^\s<>/]*+"
    rb"(?:[\s/]++[^\s<>=\"'/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'<>]++))?+){%d}"
    % MOST_ATTRIBUTES
)


def has_absurd_tag(body: bytes) -> bool:
    """Whether some tag has more than `MOST_ATTRIBUTES` attributes; linear in the length of the body."""
    return any(
        len(piece) > 3 * MOST_ATTRIBUTES and ATTRIBUTES.match(piece) for piece in body.split(b"<")
    )
