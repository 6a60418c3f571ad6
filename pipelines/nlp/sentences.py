"""Cuts a text into sentences."""

import re
from collections.abc import Iterator

from shopwire.storage.text.characters import SENTENCE_ENDS

# A sentence ends at a full stop of either script, or with its line.
SENTENCE = re.compile(
    rf"[^{SENTENCE_ENDS}\n]{{1,600}}?(?:[{SENTENCE_ENDS}\n]|\.\s|$)|[^{SENTENCE_ENDS}\n]{{600}}"
)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, in Chinese or English; linear in its length."""
    return (stripped for found in SENTENCE.finditer(text) if (stripped := found[0].strip()))
