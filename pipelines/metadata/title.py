"""Headline of a page, without the names of site and section."""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from urllib.parse import urlsplit

from shopwire.pipelines.nlp.number_words import DATE_START
from shopwire.pipelines.parsing.json_ld import list_texts
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.pipelines.parsing.visible_text import clean_line
from shopwire.storage.text.folding import fold

LONGEST_TITLE = 300
"""Characters of a headline; a longer one is cut."""

HEADLINE_LINES = 600
"""Number of visible lines among which a headline is searched; some sites begin with long menus."""

HEADING, SHARE_TITLE, HEADLINE, TITLE, LISTED, OTHER_TITLE = 4.0, 9.0, 2.0, 1.5, 1.5, 1.0
"""Weight of each place; the weights of places that agree are added. An og:title that differs from <title>
was written by an editor, so it outweighs all others."""

TITLE_SEPARATOR = re.compile(
    r"\s+(?:[-–—|·»›•~⋆:/<>]|--|::|//)\s+|\s?[|｜_]+\s?|\s?(?:--+|——)\s?|\s+[-–—»⋆•·]$"
)
TIGHT_SEPARATOR = re.compile(r"[-–—<>]")
"""Separators without spaces, which also occur in headlines: only names of sites are cut there."""

SHORT_SUFFIX = re.compile(r"\s?[|｜_]\s?[^|｜_]{1,25}")
"""Any short text after these separators is the site or its section."""

SITE_WORDS = re.compile(
    r"(?:网|网站|官网|资讯|频道|日报|晚报|晨报|时报|商报|早报|周刊|杂志|博客|论坛|社区|门户"
    r"|在线|财经|汽车|房产|网易|新浪|搜狐|腾讯|手机版|首页|\bblog|\bnews|\bonline|\btimes|\bdaily"
    r"|\.(?:com|cn|net|org|de|ch|at|uk|fr|it|tv|io|eu))$",
    re.IGNORECASE,
)
NOT_A_HEADLINE = re.compile(
    r"(?:(?:首页|主页|新闻|资讯|行业|公司|企业|通知|信息|产品|文章)?(?:首页|中心|新闻|资讯|动态|公告|导航|列表"
    r"|正文|详情|显示)页?|null|home|news|blog|articles?|menu|search|logo|untitled|index|无标题文档|[\W_]*)",
    re.IGNORECASE,
)
BREADCRUMB = re.compile(
    r"(?:当前|您|你)?(?:所在|现在|的)*位置|首页\s?[>›»]|(?:current|your) location|you are here"
    r"|(?:[^>]{1,40}\s?[>›»]\s?){2}",
    re.IGNORECASE,
)
DATELINE_START = re.compile(
    r"(?:发布|来源|时间|日期|作者|浏览|published|posted)[^:：]{0,4}[:：]"
    rf"|^[^\d]{{0,20}}{DATE_START}",
    re.IGNORECASE,
)


def find_title(meta: Meta, lines: Sequence[str], url: str, listed_title: str = "") -> str:
    """Return the headline of a page, "" without one.

    `lines` are the visible lines of the page or plain text; without other evidence the first is the headline.
    Equal titles in h1, og:title, JSON-LD, <title> and the listing support each other. A visible line shows
    where the suffix of a <title> begins.
    """
    sites = list_site_names(meta, url)
    votes: dict[str, float] = {}
    spelled: dict[str, str] = {}
    for weight, text in _list_candidates(meta, lines, sites, trim_site(clean_line(listed_title), sites)):
        key = fold(text)
        if key and key not in sites and not NOT_A_HEADLINE.fullmatch(text):
            votes[key] = votes.get(key, 0.0) + weight
            spelled.setdefault(key, text)
    if votes:
        return _shorten(spelled[max(votes, key=lambda key: votes[key])])
    return _shorten(_find_line_above_dateline(lines) or _find_first_line(lines))


def list_site_names(meta: Meta, url: str) -> frozenset[str]:
    """Return the folded names of a page's site, including the labels of its host."""
    host = _read_host(meta.canonical) or _read_host(url)
    names = [
        *meta.tags.get("og:site_name", ()),
        *meta.tags.get("application-name", ()),
        *meta.tags.get("apple-mobile-web-app-title", ()),
        *(name for value in meta.find_values("publisher") for name in list_texts(value)),
        host,
        host.removeprefix("www."),
        *(label for label in host.split(".")[:-1] if len(label) > 3),
    ]
    return frozenset(folded for name in names if (folded := fold(name)))


def _read_host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def trim_site(text: str, sites: frozenset[str]) -> str:
    """Return a title without names of site and section at its ends."""
    separators = list(TITLE_SEPARATOR.finditer(text))
    whole = len(text)
    while separators:
        start, end = separators[-1].span()
        part = text[end:].strip()
        section = len(text) < whole and " " not in part and 3 * len(part) < min(start, 30)
        if not section and not _is_site_part(part, text[start:], 2 * start > len(text), sites):
            break
        text = text[: separators.pop().start()].rstrip()
    while separators and fold(text[: separators[0].start()]) in sites:
        cut = separators.pop(0).end()
        return trim_site(text[cut:].lstrip(), sites)
    for separator in reversed(list(TIGHT_SEPARATOR.finditer(text))[-3:]):
        if separator.start() >= 6 and _is_site_part(text[separator.end() :], "", False, sites):
            return text[: separator.start()].rstrip(" -–—<>")
    return text.strip(" -–—|｜_·")


def _list_candidates(
    meta: Meta, lines: Sequence[str], sites: frozenset[str], listed: str
) -> Iterator[tuple[float, str]]:
    """Yield the weight and text of each title of a page, without the name of the site."""
    headings = list({trim_site(element.text, sites): None for element in meta.list_elements("heading")[:6]})
    title = _cut_to_visible(trim_site(meta.title, sites), headings, lines)
    for heading in headings:
        yield (HEADING if _is_similar(heading, title) else OTHER_TITLE), heading
    shared = _cut_to_visible(trim_site(meta.find_tag("og:title"), sites), headings, lines)
    cut_at_a_quote = any(_is_cut_at_quote(shared, whole) for whole in (*headings, title))
    if not cut_at_a_quote:
        yield (OTHER_TITLE if fold(shared) == fold(title) else SHARE_TITLE), shared
    for value in meta.find_values("headline"):
        for text in list_texts(value)[:1]:
            yield HEADLINE, trim_site(text, sites)
        break
    yield TITLE, title
    yield LISTED, listed
    other = meta.find_tag("citation_title", "dc.title", "articletitle", "twitter:title", "title")
    yield OTHER_TITLE, trim_site(other, sites)


def _cut_to_visible(title: str, headings: Sequence[str], lines: Sequence[str]) -> str:
    """Return the part of a title that a heading shows, or a visible line that is most of it."""
    separators = list(TITLE_SEPARATOR.finditer(title))
    tails = {fold(title[separator.end() :]) for separator in separators}
    parts = tails | {fold(title[: separator.start()]) for separator in separators}
    for heading in headings:
        if len(heading) >= 4 and fold(heading) in parts:
            return heading
    return _find_visible_line(title, tails, lines) or title


def _find_visible_line(title: str, tails: Set[str], lines: Sequence[str]) -> str:
    """Return the longest line that begins a title or ends it after a separator, "" without one."""
    whole = fold(title)
    least = max(0.6 * len(whole), 6)
    best = ""
    for line in lines[:HEADLINE_LINES]:
        if least <= len(line) <= len(title) + 20 and len(line) > len(best):
            key = fold(line)
            if len(key) >= least and (whole.startswith(key) or key in tails):
                best = line
    return best


def _is_cut_at_quote(shared: str, whole: str) -> bool:
    """Return whether an attribute ended early at an unescaped quotation mark."""
    return bool(shared) and whole.startswith(shared) and whole[len(shared) :].lstrip()[:1] == '"'


def _is_similar(one: str, other: str) -> bool:
    """Return whether two titles share enough pairs of letters to have the same subject."""
    first, second = ({*map("".join, pairwise(fold(text)))} for text in (one, other))
    return not second or len(first & second) >= 0.25 * min(len(first), len(second))


def _is_site_part(part: str, with_separator: str, short: bool, sites: frozenset[str]) -> bool:
    """Return whether the last part of a title names the site or a section."""
    key = fold(part)
    if not key or any(key in site or (site in key and len(key) < 25) for site in sites):
        return True
    if SHORT_SUFFIX.fullmatch(with_separator) and (short or with_separator.lstrip()[0] == "_"):
        return True
    return len(part) <= 20 and bool(SITE_WORDS.search(part.strip()))


def _find_line_above_dateline(lines: Sequence[str]) -> str:
    """Return the line above the first line with date, source or author."""
    for above, line in pairwise(lines[:HEADLINE_LINES]):
        if len(line) <= 120 and DATELINE_START.search(line):
            usable = 8 <= len(above) <= 120 and above[-1] not in "。.；;，,：:□"
            return clean_line(above) if usable and not BREADCRUMB.match(above) else ""
    return ""


def _find_first_line(lines: Sequence[str]) -> str:
    return next((text for line in lines if (text := clean_line(line)) and not BREADCRUMB.match(text)), "")


def _shorten(text: str) -> str:
    """Return one line, cut to the length of a headline."""
    text = " ".join(text[: 2 * LONGEST_TITLE].split())
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE].rstrip() + "…"
