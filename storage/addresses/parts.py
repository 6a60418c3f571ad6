"""The parts of an address that may mean nothing: parameters, hosts, words such as `amp` in the path."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from shopwire.storage.text.site import find_site

VIEW = re.compile(
    r"|index\.\w{3,5}|default\.aspx?|amp|mip|print|printer|print-?view|mobile|wap|m", re.IGNORECASE
)
"""Segments of a path, and names of parameters without a value, that name a view of a page or nothing."""

VIEW_IN_NAME = re.compile(
    r"^(?:amp|mip|print|wap|mobile)[_-](?=\w)|(?<=\w)[._-](?:amp|mip|print(?:er|able)?|wap|mobile)(?=(?:\.\w{2,5})?$)",
    re.IGNORECASE,
)
"""What makes the last segment of a path the name of a view: `1_print.html`, `print-1.html`, `1.amp`."""

DATED = re.compile(r"(?:19|20)\d\d|[01]?\d|[0-3]\d")
"""Segments of a path that are years, months or days, as lists have."""

SECTION = re.compile(r"[a-z]{1,15}(?:\.(?:html?|php|aspx?|jsp))?", re.IGNORECASE)
"""Segments of a path that are names of sections: articles have numbers, dates or several words."""

SERVICE = re.compile(r"(?:search|find|log-?in|sign-?in|passport|register|subscribe)\b", re.IGNORECASE)
"""Last segments of the paths of pages that serve readers and hold no article."""

VIEW_PARAMETER = re.compile(
    r"(?:print|printable|printer|amp|mip|view|output|outputtype|format|mode|layout|display|do|action|mobile|wap)="
    r"(?:1|true|yes|on||print(?:er|able|view)?|amp|mip|mobile|wap)",
    re.IGNORECASE,
)
VIEW_SEGMENTS = ("amp", "print", "mip", "m", "wap", "mobile")

NUMBER = re.compile(r"\d")
FLAG = re.compile(r"(?!p=|\w*id=)[\w-]+=(?:[01]|30[12]|40[34]|410)", re.IGNORECASE)
"""Parameters whose number is a status or an answer, no name of an article."""


@dataclass(frozen=True, slots=True)
class AddressParts:
    """A canonical URL in parts: `page` always means something; `origin` (scheme, host and port), the views
    in its path and its parameters may mean nothing. A parameter has its values in their order."""

    origin: str
    page: tuple[str, ...]
    views: frozenset[str]
    parameters: Mapping[str, tuple[str, ...]]


def split_address(url: str) -> AddressParts:
    """Return the parts of a canonical URL. Raises `ValueError` if it is malformed."""
    split = urlsplit(url)
    segments = split.path.split("/")[1:]
    views = {segment for segment in segments if VIEW.fullmatch(segment)}
    page = [segment for segment in segments if segment not in views]
    if page and (view := _find_view_in_name(page[-1])):
        views.add(view)
        page[-1] = VIEW_IN_NAME.sub("", page[-1], count=1)
    parameters: dict[str, tuple[str, ...]] = {}
    for pair in filter(None, split.query.split("&")):
        name, equals, value = pair.partition("=")
        if equals or VIEW.fullmatch(name):
            # A query may be in any charset; as Latin-1 all bytes stay distinct.
            name, value = (unquote_plus(one, "latin-1") for one in (name, value))
            parameters[name] = (*parameters.get(name, ()), value)
        else:
            page.append(f"?{pair}")
    return AddressParts(f"{split.scheme}://{split.netloc}", tuple(page), frozenset(views), parameters)


def _find_view_in_name(segment: str) -> str:
    """Return the view in the last segment of a path with `*` in place of the name; empty without one."""
    match = VIEW_IN_NAME.search(segment)
    return f"{match[0]}*" if match and not match.start() else f"*{match[0]}" if match else ""


def find_differences(url: str, main: str) -> dict[str, str | None] | None:
    """Return the parts in which `url` differs from `main`, each with what it becomes in `main`; None if the
    two name different pages.

    Parts are `?name` for a parameter, `/word` or `/*_word` for a view in the path, and an origin. A part
    becomes "" where `main` lacks it, None where it cannot be replaced in other addresses.
    """
    one, other = split_address(url), split_address(main)
    if one.page != other.page:
        return None
    found: dict[str, str | None] = {}
    if one.origin != other.origin:
        same_site = find_site(one.origin) == find_site(other.origin)
        found[one.origin] = other.origin if same_site else None
    found |= {f"/{view}": "" if view in one.views else None for view in one.views ^ other.views}
    for name in one.parameters.keys() | other.parameters.keys():
        values, expected = one.parameters.get(name), other.parameters.get(name)
        if values is None:
            found[f"?{name}"] = None
        elif expected is None:
            found[f"?{name}"] = ""
        elif values != expected:
            found[f"?{name}"] = _find_pair(main, name) if len(expected) == 1 else None
    return found


def _find_pair(url: str, name: str) -> str:
    """Return `name=value` as it is written in the query of a URL."""
    pairs = urlsplit(url).query.split("&")
    return next(pair for pair in pairs if unquote_plus(pair.partition("=")[0], "latin-1") == name)


def simplify_address(url: str, becomes: Mapping[str, str]) -> str:
    """Return a canonical URL with its parts replaced by what they become (see `find_differences`)."""
    split = urlsplit(url)
    origins = [f"{split.scheme}://{split.netloc}"]
    while (origin := becomes.get(origins[-1])) and origin not in origins:
        origins.append(origin)
    scheme, _, netloc = origins[-1].partition("://")
    path = "/" + "/".join(part for part in split.path.split("/")[1:] if f"/{part}" not in becomes)
    folder, slash, name = path.rpartition("/")
    if f"/{_find_view_in_name(name)}" in becomes:
        path = folder + slash + VIEW_IN_NAME.sub("", name, count=1)
    query: list[str] = []
    for pair in filter(None, split.query.split("&")):
        part = "?" + unquote_plus(pair.partition("=")[0], "latin-1")
        if part not in becomes:
            query.append(pair)
        elif becomes[part] and becomes[part] not in query:
            query.append(becomes[part])
    return urlunsplit((scheme, netloc, path, "&".join(query), ""))


def find_common_address(url: str, other: str) -> str:
    """Return `url` without the parameters in which another address of the same page differs, if its path
    names the article: where any value or none will do, none is needed."""
    names = (find_differences(url, other) or {}).keys()
    simple = simplify_address(url, {name: "" for name in names if name.startswith("?")})
    return simple if has_article_in_path(simple) else url


def rank_address(url: str, home: str) -> tuple[int, int, bool, bool, bool, int, str]:
    """Return a key that is smallest for the address that readers know: without views and parameters, on the
    main host of the site, encrypted, on the host of `home`."""
    parts = split_address(url)
    host = urlsplit(url).hostname or ""
    return (
        len(parts.views),
        len(parts.parameters),
        find_site(url) != host.removeprefix("www."),
        parts.origin.startswith("http:"),
        host != urlsplit(home).hostname,
        len(url),
        url,
    )


def is_same_site(one: str, other: str) -> bool:
    """Return whether two URLs are on one site: the same host but for labels such as `www.`, or one host is
    below the other."""
    sites = find_site(one), find_site(other)
    return sites[0] == sites[1] or any(a.endswith(f".{b}") for a, b in (sites, sites[::-1]) if b)


def is_list_above(url: str, page: str) -> bool:
    """Return whether a URL is that of a list which contains `page`, a URL on the same site: the front page,
    or a path above that of `page`.

    A path that ends with a number is not taken for a list, unless the number is a year, month or day; nor is
    a URL with a number in its query, unless this is a status or part of the path of `page`.
    """
    above, below = split_address(url), split_address(page)
    path = urlsplit(page).path.rstrip("/") or page
    pairs = ((name, value) for name, values in above.parameters.items() for value in values)
    naming = (pair for pair in pairs if path not in pair[1] and not FLAG.fullmatch("=".join(pair)))
    if any(NUMBER.search(value) for _, value in naming):
        return False
    if not above.page:
        return True
    is_article = bool(NUMBER.search(above.page[-1])) and not DATED.fullmatch(above.page[-1])
    is_above = len(above.page) < len(below.page) and above.page == below.page[: len(above.page)]
    return is_above and not is_article


def is_section(url: str, page: str) -> bool:
    """Return whether a URL is that of a section of the site, which has no article, or of a search or a form
    to sign in, seen from another `page` with a path."""
    segments, others = (split_address(one).page for one in (url, page))
    is_other = bool(segments and others) and segments[-1] != others[-1] and not others[0].startswith("?")
    is_service = is_other and SERVICE.match(segments[-1]) is not None
    return is_service or (is_other and not has_article_in_path(url) and not has_parameters(url))


def has_article_in_path(url: str) -> bool:
    """Return whether the path of a canonical URL can name an article: it has more than names of sections and
    scripts."""
    return not all(map(SECTION.fullmatch, split_address(url).page))


def has_parameters(url: str) -> bool:
    """Return whether a canonical URL has parameters."""
    return bool(split_address(url).parameters)


def is_view(differences: Mapping[str, str | None], urls: Iterable[str]) -> bool:
    """Return whether parts in which two URLs differ all name a view of a page, such as that for printers."""
    pairs = chain.from_iterable(urlsplit(url).query.split("&") for url in urls)
    views = {f"?{pair.partition('=')[0]}" for pair in pairs if VIEW_PARAMETER.fullmatch(pair)}
    return bool(differences) and all(part.startswith("/") or part in views for part in differences)


def list_view_urls(url: str) -> list[str]:
    """Return URLs at which other views of the page at a canonical URL may be, and its plain view."""
    split = urlsplit(url)
    plain = "/".join(part for part in split.path.split("/") if not VIEW.fullmatch(part) or not part)
    query = "&".join(pair for pair in split.query.split("&") if not VIEW_PARAMETER.fullmatch(pair))
    path = plain.rstrip("/")
    folder, slash, name = path.rpartition("/")
    named = folder + slash + VIEW_IN_NAME.sub("", name, count=1)
    paths = [
        plain,
        path,
        named,
        *(form for one in VIEW_SEGMENTS for form in (f"/{one}{path}", f"{path}/{one}")),
    ]
    found = [urlunsplit((split.scheme, split.netloc, one, query, "")) for one in paths]
    return [one for one in dict.fromkeys(found) if one != url]
