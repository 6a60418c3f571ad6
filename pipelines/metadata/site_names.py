"""Names of the site and the section at the ends of a title."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from shopwire.pipelines.parsing.json_ld import list_texts
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.storage.text.characters import HAN_CHARACTER
from shopwire.storage.text.folding import fold

SITE_TAGS = ("og:site_name", "application-name", "apple-mobile-web-app-title")

TITLE_SEPARATOR = re.compile(
    r"\s+(?:[-–—|·»›•~⋆:/<>]|--|::|//)\s+|\s?(?:[|｜]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))[|｜_]{0,9}\s?"
    r"|\s?(?:--+|——)\s?|\s+[-–—»⋆•·]$"
)
TIGHT_SEPARATOR = re.compile(r"[-–—<>_]")
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
    r"|正文|详情|显示)页?|null|home|about(?: us)?|news|blog|articles?|menu"
    r"|search|logo|untitled|index|无标题文档|[\W_]*)",
    re.IGNORECASE,
)


def list_site_names(meta: Meta, url: str) -> frozenset[str]:
    """Return the folded names of a page's site, including the labels of its host."""
    host = _read_host(meta.canonical) or _read_host(url)
    titles = {fold(meta.title), fold(meta.find_tag("og:title"))}
    names = [
        *(name for tag in SITE_TAGS for name in meta.tags.get(tag, ()) if not _is_headline(name, titles)),
        *(name for value in meta.find_values("publisher") for name in list_texts(value)),
        *(name for name in meta.home if not NOT_A_HEADLINE.fullmatch(name)),
        host,
        host.removeprefix("www."),
        *(label for label in host.split(".")[:-1] if len(label) > 3),
    ]
    return frozenset(folded for name in names if (folded := fold(name)))


def _is_headline(name: str, titles: Iterable[str]) -> bool:
    """Return whether a declared name of the site begins a title and is too long for a name."""
    key = fold(name)
    return is_long_name(name) and any(title.startswith(key) for title in titles)


def is_long_name(name: str) -> bool:
    """Return whether a text is too long for the name of a site or a section."""
    return name.count(" ") >= 3 or len(HAN_CHARACTER.findall(name)) >= 10


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


def _is_site_part(part: str, with_separator: str, short: bool, sites: frozenset[str]) -> bool:
    """Return whether the last part of a title names the site or a section."""
    key = fold(part)
    named = len(key) > 2 or not key.isascii()
    if not key or any((named and key in site) or (site in key and len(key) < 25) for site in sites):
        return True
    if SHORT_SUFFIX.fullmatch(with_separator) and (short or with_separator.lstrip()[0] == "_"):
        return True
    return len(part) <= 20 and bool(SITE_WORDS.search(part.strip()))
