"""Authors that a page declares: JSON-LD, meta tags, elements named for an author."""

from collections.abc import Iterator, Sequence, Set

from shopwire.pipelines.metadata.byline_patterns import ABOUT_AUTHOR
from shopwire.pipelines.metadata.person_names import filter_names, read_pieces, split_western_names
from shopwire.pipelines.parsing.json_ld import list_texts
from shopwire.pipelines.parsing.meta_tags import Meta, SemanticElement
from shopwire.storage.text.folding import fold

CLOSE_ELEMENTS, SAME_LIST = 400, 5
"""Elements after a headline among which authors are searched, and from one author of a list to the next."""

LIST_SPREAD = 60
"""Elements over which equally named elements are spread if they are a list of comments or articles."""

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


def find_declared_authors(meta: Meta, sites: Set[str]) -> Iterator[list[str]]:
    """Yield authors from JSON-LD, then meta tags."""
    for value in meta.find_values("author"):
        yield _split_all_names(list_texts(value), sites)
    for key in AUTHOR_TAGS:
        yield _split_all_names(meta.tags.get(key, ()), sites)


def _split_all_names(values: Sequence[str], sites: Set[str]) -> list[str]:
    return filter_names(
        name for text in values for name in ([text] if fold(text) in sites else split_western_names(text))
    )


def list_marked_authors(meta: Meta) -> list[list[str]]:
    """Return the names in author elements, nearest to the headline first, neighbours of one name joined.

    Elements with equal names and different texts far apart are a list of comments or other articles.
    """
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
        and not (len(texts_of[group[0].name]) > 2 and _is_far(group, groups, top))
    ]
    own.sort(key=lambda group: abs(group[0].place - top))
    first: dict[str, list[str]] = {}
    for group in own[:MOST_MARKED]:
        names = read_pieces("\n,\n".join(element.text for element in group).split("\n"))
        if names:
            first.setdefault(group[0].name, names)
    return list(first.values())


def _is_far(group: Sequence[SemanticElement], groups: Sequence[Sequence[SemanticElement]], top: int) -> bool:
    """Return whether a group is far from the headline and one of many that are spread over the page."""
    places = [element.place for other in groups for element in other if element.name == group[0].name]
    return abs(group[0].place - top) > LIST_SPREAD and places[-1] - places[0] > LIST_SPREAD
