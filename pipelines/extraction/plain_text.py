"""Splits a plain text, a mail or a `.txt`, whose headline and dateline are lines like all others."""

from shopwire.pipelines.parsing.meta_lines import SENTENCE_END, is_meta_line
from shopwire.storage.text.folding import fold

FIRST_LINES = 8


def split_plain_lines(text: str) -> list[str]:
    """Return the lines of a plain text that are not blank."""
    return [line for line in (line.strip() for line in text.splitlines()) if line]


def find_own_headline(lines: list[str], title: str) -> str:
    """Return the title if it is the headline of the text and not its first sentence, else "".

    A headline occurs twice, or is followed by a dateline, or does not end like a sentence.
    """
    folded_title = fold(title)
    head = lines[:FIRST_LINES]
    positions = [i for i, line in enumerate(head) if folded_title and fold(line) == folded_title]
    if not positions:
        return ""
    following = head[positions[-1] + 1 : positions[-1] + 2]
    if (
        sum(folded_title in fold(line) for line in head) > 1
        or (following and is_meta_line(following[0]))
        or not SENTENCE_END.search(head[positions[0]])
    ):
        return title
    return ""
