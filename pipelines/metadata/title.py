"""The headline of a page, without the site's name or section, on one line."""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from urllib.parse import urlsplit

from shopwire.pipelines.nlp.number_words import DATE_START
from shopwire.pipelines.parsing.json_ld import texts
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.pipelines.parsing.visible_text import clean
from shopwire.storage.text.folding import fold

SHORTEST, LONGEST = 2, 300
"""Characters of a headline: a longer one is a paragraph in the wrong tag, and is cut."""

HEAD = 600
"""Visible lines among which a headline may stand: some sites open with as many menu entries."""

HEADING, SHARED, HEADLINE, TITLE, LISTED, OTHER = 4.0, 9.0, 2.0, 1.5, 1.5, 1.0
"""How much each place is believed; places that agree add up. An og:title that is not just the
<title> was written by an editor for readers, so it outweighs all others."""

SEPARATOR = re.compile(r"\s+(?:[-–—|·»›•~⋆:/<>]|--|::|//)\s+|\s?[|｜_]+\s?|\s?(?:--+|——)\s?|\s+[-–—»⋆•·]$")
TIGHT = re.compile(r"[-–—<>]")
"""Separators without blanks, which also stand within headlines: only a site's name goes there."""

BRAND = re.compile(r"\s?[|｜_]\s?[^|｜_]{1,25}")
"""After these separators anything short is the site or its section."""

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
DATELINE = re.compile(
    r"(?:发布|来源|时间|日期|作者|浏览|published|posted)[^:：]{0,4}[:：]"
    rf"|^[^\d]{{0,20}}{DATE_START}",
    re.IGNORECASE,
)


def find_title(meta: Meta, lines: Sequence[str], url: str, listed_title: str = "") -> str:
    """Give the headline of a page, "" where there is none.

    `lines` are the visible lines of the page or of a plain text, whose first line is the headline
    when nothing else speaks. Places that say the same (h1, og:title, JSON-LD, <title>, the
    listing) support each other; a line that the reader sees tells where a <title> ends and its
    suffix begins.
    """
    sites = site_names(meta, url)
    votes: dict[str, float] = {}
    spelled: dict[str, str] = {}
    for weight, text in _candidates(meta, lines, sites, trim_site(clean(listed_title), sites)):
        key = fold(text)
        if key and key not in sites and not NOT_A_HEADLINE.fullmatch(text):
            votes[key] = votes.get(key, 0.0) + weight
            spelled.setdefault(key, text)
    if votes:
        return _shorten(spelled[max(votes, key=lambda key: votes[key])])
    return _shorten(_line_above_dateline(lines) or _first_line(lines))


def site_names(meta: Meta, url: str) -> frozenset[str]:
    """The folded names under which a page's site is known, its host's labels among them."""
    host = _host(meta.canonical) or _host(url)
    names = [
        *meta.names.get("og:site_name", ()),
        *meta.names.get("application-name", ()),
        *meta.names.get("apple-mobile-web-app-title", ()),
        *(name for value in meta.stated("publisher") for name in texts(value)),
        host,
        host.removeprefix("www."),
        *(label for label in host.split(".")[:-1] if len(label) > 3),
    ]
    return frozenset(folded for name in names if (folded := fold(name)))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def trim_site(text: str, sites: frozenset[str]) -> str:
    """Cut the site's name and sections off both ends of a title."""
    seams = list(SEPARATOR.finditer(text))
    whole = len(text)
    while seams:
        start, end = seams[-1].span()
        part = text[end:].strip()
        section = len(text) < whole and " " not in part and 3 * len(part) < min(start, 30)
        if not section and not _is_site(part, text[start:], 2 * start > len(text), sites):
            break
        text = text[: seams.pop().start()].rstrip()
    while seams and fold(text[: seams[0].start()]) in sites:
        cut = seams.pop(0).end()
        return trim_site(text[cut:].lstrip(), sites)
    for seam in reversed(list(TIGHT.finditer(text))[-3:]):
        if seam.start() >= 6 and _is_site(text[seam.end() :], "", False, sites):
            return text[: seam.start()].rstrip(" -–—<>")
    return text.strip(" -–—|｜_·")


def _candidates(
    meta: Meta, lines: Sequence[str], sites: frozenset[str], listed: str
) -> Iterator[tuple[float, str]]:
    """Every headline a page offers, without the site's name, and what each is worth."""
    headings = list({trim_site(mark.text, sites): None for mark in meta.marked("heading")[:6]})
    title = _as_seen(trim_site(meta.title, sites), headings, lines)
    for heading in headings:
        yield (HEADING if _alike(heading, title) else OTHER), heading
    shared = _as_seen(trim_site(meta.first("og:title"), sites), headings, lines)
    cut_at_a_quote = any(_cut_at_a_quote(shared, whole) for whole in (*headings, title))
    if not cut_at_a_quote:
        yield (OTHER if fold(shared) == fold(title) else SHARED), shared
    for value in meta.stated("headline"):
        for text in texts(value)[:1]:
            yield HEADLINE, trim_site(text, sites)
        break
    yield TITLE, title
    yield LISTED, listed
    other = meta.first("citation_title", "dc.title", "articletitle", "twitter:title", "title")
    yield OTHER, trim_site(other, sites)


def _as_seen(title: str, headings: Sequence[str], lines: Sequence[str]) -> str:
    """The title as far as a heading has it, or a visible line that is most of it."""
    seams = list(SEPARATOR.finditer(title))
    tails = {fold(title[seam.end() :]) for seam in seams}
    parts = tails | {fold(title[: seam.start()]) for seam in seams}
    for heading in headings:
        if len(heading) >= 4 and fold(heading) in parts:
            return heading
    return _seen_line(title, tails, lines) or title


def _seen_line(title: str, tails: Set[str], lines: Sequence[str]) -> str:
    """The longest line that begins a title, or ends it behind a separator; "" where none is most of it."""
    whole = fold(title)
    least = max(0.6 * len(whole), 6)
    best = ""
    for line in lines[:HEAD]:
        if least <= len(line) <= len(title) + 20 and len(line) > len(best):
            key = fold(line)
            if len(key) >= least and (whole.startswith(key) or key in tails):
                best = line
    return best


def _cut_at_a_quote(shared: str, whole: str) -> bool:
    """Whether an attribute ended early because nobody escaped the quotation mark in it."""
    return bool(shared) and whole.startswith(shared) and whole[len(shared) :].lstrip()[:1] == '"'


def _alike(one: str, other: str) -> bool:
    """Whether two titles share enough letter pairs to be about the same thing."""
    first, second = ({*map("".join, pairwise(fold(text)))} for text in (one, other))
    return not second or len(first & second) >= 0.25 * min(len(first), len(second))


def _is_site(part: str, with_separator: str, short: bool, sites: frozenset[str]) -> bool:
    """Whether the last part of a title names the site or a section of it."""
    key = fold(part)
    if not key or any(key in site or (site in key and len(key) < 25) for site in sites):
        return True
    if BRAND.fullmatch(with_separator) and (short or with_separator.lstrip()[0] == "_"):
        return True
    return len(part) <= 20 and bool(SITE_WORDS.search(part.strip()))


def _line_above_dateline(lines: Sequence[str]) -> str:
    """The line over the first line that gives date, source or author."""
    for above, line in pairwise(lines[:HEAD]):
        if len(line) <= 120 and DATELINE.search(line):
            usable = 8 <= len(above) <= 120 and above[-1] not in "。.；;，,：:□"
            return clean(above) if usable and not BREADCRUMB.match(above) else ""
    return ""


def _first_line(lines: Sequence[str]) -> str:
    return next((text for line in lines if (text := clean(line)) and not BREADCRUMB.match(text)), "")


def _shorten(text: str) -> str:
    """One line that is no longer than a headline."""
    text = " ".join(text[: 2 * LONGEST].split())
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…"
