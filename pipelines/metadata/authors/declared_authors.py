"""Authors that a page declares: JSON-LD, meta tags, elements named for an author."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set

from shopwire.pipelines.metadata.authors.byline_patterns import ABOUT_AUTHOR
from shopwire.pipelines.metadata.authors.person_names import filter_names, read_pieces, split_western_names
from shopwire.pipelines.metadata.dates.datelines import HEADLINE_NEIGHBOURS, cut_text
from shopwire.pipelines.parsing.json_ld import list_texts
from shopwire.pipelines.parsing.meta_tags import Meta, SemanticElement
from shopwire.storage.text.folding import fold

CLOSE_ELEMENTS, SAME_LIST = 400, 5
"""Elements after a headline among which authors are searched, and from one author of a list to the next."""

NEAR_ELEMENTS, LIST_SPREAD = 16, 60
"""Elements between a headline and the link to its author; elements over which equally named elements are
spread if they are a list of comments or articles."""

LONGEST_AUTHOR, MOST_MARKED = 120, 8
"""Characters of an author element, a longer one is a biography; number of elements that are read."""

AUTHOR_TAGS = (
    "citation_author",
    "citation_authors",
    "parsely-author",
    "sailthru.author",
    "byl",
    "author",
    "article:author",
    "og:article:author",
    "dc.creator",
    "dcterms.creator",
    "cxenseparse:author",
    "article:author_name",
    "creator",
)

CATALOGUE_TAGS = frozenset(("citation_author", "dc.creator", "dcterms.creator"))
SURNAME_FIRST = re.compile(r"^([^\W\d]['’\w-]{1,30}), ([^\W\d][\w.'’-]{0,30}(?: \w\.?)?)$")
"""A name as catalogues of libraries write it."""


def find_declared_authors(meta: Meta, sites: Set[str]) -> Iterator[list[str]]:
    """Yield authors from JSON-LD, then meta tags."""
    for value in meta.find_values("author"):
        yield _split_all_names(list_texts(value), sites)
    for key in AUTHOR_TAGS:
        values = meta.tags.get(key, ())
        if key in CATALOGUE_TAGS:
            values = tuple(SURNAME_FIRST.sub(r"\2 \1", value) for value in values)
        yield _split_all_names(values, sites)


def _split_all_names(values: Sequence[str], sites: Set[str]) -> list[str]:
    return filter_names(
        name for text in values for name in ([text] if fold(text) in sites else split_western_names(text))
    )


def list_marked_authors(meta: Meta, lines: Sequence[str]) -> list[list[str]]:
    """Return the names in author elements, nearest to the headline first, neighbours of one name joined.

    Elements with equal names and different texts are a list of comments or other articles where they are far
    apart, or where none is in the `lines` above the text.
    """
    head = "\n".join(cut_text(lines[:HEADLINE_NEIGHBOURS]))
    groups: list[list[SemanticElement]] = []
    texts_of: dict[str, set[str]] = {}
    for element in meta.list_elements("author"):
        text = element.text
        if 2 <= len(text) <= LONGEST_AUTHOR and not ABOUT_AUTHOR.search(element.name):
            last = groups[-1][-1] if groups else None
            if last and last.name == element.name and element.place - last.place <= SAME_LIST:
                groups[-1].append(element)
            else:
                groups.append([element])
            texts_of.setdefault(element.name, set()).add(text)
    headings = [element.place for element in meta.list_elements("heading")]
    top = headings[0] if headings else 0
    own = [
        group
        for group in groups
        if (not headings or group[0].place - top < CLOSE_ELEMENTS)
        and not (len(texts_of[group[0].name]) > 2 and _is_in_list(group, groups, top, head))
    ]
    own.sort(key=lambda group: abs(group[0].place - top))
    first: dict[str, list[str]] = {}
    for group in own[:MOST_MARKED]:
        names = read_pieces("\n,\n".join(element.text for element in group).split("\n"))
        if names:
            first.setdefault(group[0].name, names)
    return [_cut_at_marked(names, first.values()) for names in first.values()]


def _cut_at_marked(names: list[str], marked: Iterable[list[str]]) -> list[str]:
    """Return names without the words behind a name that another element marks alone."""
    alone = [other[0] for other in marked if len(other) == 1]
    return [next((one for one in alone if name.startswith(f"{one} ")), name) for name in names]


def list_linked_accounts(meta: Meta) -> list[list[str]]:
    """Return the names of the accounts to whose pages links below the headline lead."""
    top = next((element.place for element in meta.list_elements("heading")), 0)
    near = (account for account in meta.list_elements("account") if 0 < account.place - top <= NEAR_ELEMENTS)
    return [filter_names([account.text]) for account in near]


def _is_in_list(
    group: Sequence[SemanticElement], groups: Sequence[Sequence[SemanticElement]], top: int, head: str
) -> bool:
    """Return whether a group is far from the headline and one of many that are spread over the page, or one
    of several of which none is in the `head` of the page."""
    same = [other for other in groups if other[0].name == group[0].name]
    if not any(other[0].text.partition("\n")[0] in head for other in same):
        return True
    spread = same[-1][-1].place - same[0][0].place
    return abs(group[0].place - top) > LIST_SPREAD and spread > LIST_SPREAD
