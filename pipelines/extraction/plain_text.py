"""A plain text: a mail or a `.txt`, whose headline and dateline are lines like all others."""

from shopwire.pipelines.extraction.boilerplate import SENTENCE_END, fold, is_meta_line

FIRST_LINES = 8


def plain_lines(text: str) -> list[str]:
    """The lines of a plain text that are not blank."""
    return [line for line in (line.strip() for line in text.splitlines()) if line]


def own_headline(lines: list[str], title: str) -> str:
    """The title, if it stands above the text as a headline and is not its first sentence.

    A headline is said twice, or has a dateline below it, or does not end like a sentence.
    """
    wanted = fold(title)
    head = lines[:FIRST_LINES]
    places = [i for i, line in enumerate(head) if wanted and fold(line) == wanted]
    if not places:
        return ""
    below = head[places[-1] + 1 : places[-1] + 2]
    if (
        sum(wanted in fold(line) for line in head) > 1
        or (below and is_meta_line(below[0]))
        or not SENTENCE_END.search(head[places[0]])
    ):
        return title
    return ""
