"""Choose among the sitemaps of a site, and write the pattern of its articles."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from shopwire.pipelines.nlp.number_words import MONTHS
from shopwire.spiders.lists.entries import ListEntry
from shopwire.spiders.lists.newest import read_numbers

MOST_CHILDREN = 3
# Words of a path, the most promising first. Only of the path: a host `newsmap.` says nothing of its sitemaps.
PROMISING = ("news", "post", "article", "blog", "content")
LEAST_PAGES = 5
LEAST_SHARE = 0.1
MOST_FORMS = 5
# Of the addresses of one shape, the share that its frequent forms must have.
LEAST_COVERED = 0.9
# An expression for each part of a path, and one for its end.
Form = tuple[str, ...]
ANY, WORD, HOST = "[^/]+", r"[^\W\d_]+", "//[^/]+"
NO_ARTICLES = "(?!/(?:tags?|category|categories|authors?|pages?)/)"
TOKEN = re.compile(r"\d+|[^\W\d_]+|[\W_]")
DATE = re.compile(r"\d{2,4}[-_]\w{1,9}[-_]\d{1,4}")


def choose_children(entries: Iterable[ListEntry]) -> list[str]:
    """Return the children of an index to read, the most promising first, then the newest: by their date,
    else by the numbers in their path."""
    children = [one for one in entries if one.is_list]
    children.sort(key=lambda one: (one.updated, read_numbers(one.urls[0])), reverse=True)
    return sort_sitemaps(one.urls[0] for one in children)[:MOST_CHILDREN]


def sort_sitemaps(urls: Iterable[str]) -> list[str]:
    """Return URLs by the words of their path."""
    return sorted(dict.fromkeys(urls), key=_rank_path)


def _rank_path(url: str) -> int:
    path = urlsplit(url).path.lower()
    return next((rank for rank, word in enumerate(PROMISING) if word in path), len(PROMISING))


def build_pattern(urls: Sequence[str]) -> str:
    """Return a regular expression of the URLs of articles: their frequent forms, with digits as `\\d+` and a
    title as `[^/]+`; empty if none is frequent.

    Of addresses that are alike but for a folder, such as that of the category, this folder is `[^/]+`.
    """
    found = Counter(form for url in urls if (form := _build_form(url)))
    least = max(LEAST_PAGES, LEAST_SHARE * found.total())
    shapes: dict[tuple[int, str], Counter[Form]] = defaultdict(Counter)
    for form, count in found.items():
        shapes[len(form), form[-1]][form] = count
    chosen = [form for shape in shapes.values() for form in _choose_forms(shape, least)]
    return "|".join(map(_write_pattern, sorted(chosen, key=lambda form: -found[form])))


def _choose_forms(shape: Counter[Form], least: float) -> list[Form]:
    """Return the frequent ones of forms of one shape; one for all if these leave out too many."""
    if shape.total() < least:
        return []
    frequent = [form for form, count in shape.most_common(MOST_FORMS) if count >= least]
    if sum(shape[form] for form in frequent) >= LEAST_COVERED * shape.total():
        return frequent
    common: list[str] = []
    rest = shape
    for place in range(len(next(iter(shape)))):
        parts: Counter[str] = Counter()
        for form, count in rest.items():
            parts[form[place]] += count
        (part, count), *_ = parts.most_common(1)
        is_common = count >= LEAST_COVERED * shape.total()
        common.append(part if is_common else ANY)
        if is_common:
            rest = Counter({form: number for form, number in rest.items() if form[place] == part})
    return [tuple(common)]


def _write_pattern(form: Form) -> str:
    *parts, tail = form
    path = "/" + "/".join(parts) + tail + "$"
    if parts[0] != ANY:
        return path
    # From the host on, which otherwise would be taken for a folder.
    return HOST + (NO_ARTICLES if len(parts) > 1 else "") + path


def _build_form(url: str) -> Form:
    """Return the form of an article's URL: an expression for each part of its path, and what may follow;
    empty if it is more likely a page of the menu."""
    path = urlsplit(url).path
    segments = [one for one in path.split("/") if one]
    if not segments:
        return ()
    *folders, last = segments
    stem, dot, extension = last.partition(".")
    if not _is_title(stem) and not re.search(r"\d", path):
        return ()
    tail = re.escape(dot + extension) if dot else "/?"
    return (*map(_generalize, folders), _generalize(stem), tail)


def _is_title(segment: str) -> bool:
    return (segment.count("-") + segment.count("_") > 1 and not DATE.fullmatch(segment)) or len(segment) > 25


def _generalize(segment: str) -> str:
    """Return an expression of a part of a path and of its likes: with other numbers and months."""
    return ANY if _is_title(segment) else TOKEN.sub(_generalize_token, segment)


def _generalize_token(match: re.Match[str]) -> str:
    token = match[0]
    if token.isdigit():
        return r"\d+"
    return WORD if token.lower() in MONTHS else re.escape(token).replace(r"\-", "-")
