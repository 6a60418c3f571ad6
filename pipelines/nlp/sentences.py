"""Cuts a text into sentences."""

import re
from collections.abc import Iterator

# A sentence ends at a full stop of either script, or with its line.
SENTENCE = re.compile(r"[^。！？!?\n]{1,600}?(?:[。！？!?\n]|\.\s|$)|[^。！？!?\n]{600}")


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, in Chinese or English; linear in its length."""
    return (stripped for found in SENTENCE.finditer(text) if (stripped := found[0].strip()))
