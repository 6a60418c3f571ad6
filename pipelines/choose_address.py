"""Chooses the URL at which an article is stored: one page is one article, whatever its addresses.

Two addresses are one page if a page declares the other one as `rel=canonical`, or if both have the same text
and differ only in parts that can mean nothing (see `storage/addresses/parts.py`). Neither is believed against
evidence: another text at the address, or at an address that differs in the same parts.
"""

import sqlite3
from collections.abc import Collection, Iterator
from itertools import chain

from shopwire.pipelines.article import Article
from shopwire.pipelines.deduplication.text_features import read_text_features
from shopwire.storage.addresses.aliases import (
    CLAIM,
    count_different,
    count_same,
    find_main_url,
    find_simple_url,
    is_claim_trusted,
    list_aliases,
    load_evidence,
    remove_alias,
    set_main_url,
)
from shopwire.storage.addresses.parts import (
    find_common_address,
    find_differences,
    is_same_site,
    is_view,
    list_view_urls,
    rank_address,
)
from shopwire.storage.articles import find_article
from shopwire.storage.database import Store
from shopwire.storage.text.site import find_site

SAME_TEXT = "the same text"
# Two versions of one report share at least this part of the shingles of the shorter one, two views of one
# page (AMP, print) nearly all.
SAME_REPORT, SAME_VIEW = 0.5, 0.8
# So many articles with the same text, and so many at addresses with the same path, are looked at.
MOST_SAME, MOST_NEIGHBOURS = 20, 50


def choose_address(store: Store, article: Article, own: str) -> str:
    """Return the URL at which to store an article that was read at the canonical URL `own`; `article.url` is
    what its page declares.

    An article that is stored at another address of the same page may get this URL. Call inside
    `store.writing()`.
    """
    simple = find_simple_url(store, own)
    if simple != own and not _may_be_page(store, article, simple):
        _count_different_parts(store, own, simple)
        simple = own
    if article.url != own and (main := _follow_claim(store, article, simple)):
        return main
    if main := find_main_url(store, simple):
        if _may_be_page(store, article, main):
            return main
        _count_different_parts(store, simple, main)
        remove_alias(store, simple)
    elif find_article(store, simple) is None and (same := _find_same_page(store, article, simple)):
        row = store.row("SELECT home FROM sources WHERE name = ?", same["source"])
        home = str(row["home"]) if row else ""
        best = min(str(same["url"]), simple, key=lambda url: rank_address(url, home))
        common = find_common_address(best, simple if best == same["url"] else same["url"])
        if find_article(store, common) is None:
            best = common
        if best != same["url"]:
            set_main_url(store, same["id"], best, SAME_TEXT)
        return best
    return simple


def find_contradicted(store: Store, article: int) -> list[tuple[str, int]]:
    """Return the aliases that a new article contradicts, each with its article: they differ from the URL of
    that article in the same parts as the URL of this one, which has another text.

    These parts mean something from now on. Call inside `store.writing()`.
    """
    row = store.row("SELECT url, text_hash, canonical_id FROM articles WHERE id = ?", article)
    if row is None or not (evidence := load_evidence(store, find_site(row["url"]))):
        return []
    contradicted: dict[str, int] = {}
    for other in _list_neighbours(store, row["url"]):
        parts = find_differences(other["url"], row["url"])
        if other["canonical_id"] == row["canonical_id"] or not parts or not parts.keys() <= evidence.keys():
            continue
        _count_different_parts(store, other["url"], row["url"])
        for alias in list_aliases(store, other["id"]):
            if parts.keys() & (find_differences(alias, other["url"]) or {}).keys():
                contradicted[alias] = other["id"]
    return list(contradicted.items())


def is_contradicted(store: Store, url: str, article: int) -> bool:
    """Return whether other articles contradict that the parts, in which a URL differs from that of an
    article, mean nothing."""
    row = store.row("SELECT url, canonical_id FROM articles WHERE id = ?", article)
    parts = find_differences(url, row["url"]) if row else None
    return row is not None and bool(parts) and _has_meaning(store, (parts or {}).keys(), url, row)


def _follow_claim(store: Store, article: Article, own: str) -> str | None:
    """Return the URL of the article that a page declares to be, None if that is not believed."""
    site = find_site(own)
    if not is_claim_trusted(store, site):
        return None
    known = find_main_url(store, own)
    main = find_main_url(store, article.url) or article.url
    stored = find_article(store, main)
    if stored is None:
        return None if known or find_article(store, own) else main
    if _is_same_report(stored, article):
        if known is None:
            count_same(store, site, CLAIM)
        return main
    count_different(store, site, CLAIM)
    _take_back_claim(store, stored)
    return None


def _take_back_claim(store: Store, stored: sqlite3.Row) -> None:
    """Give an article the URL of its page again if only its page says that it has another one."""
    if store.row("SELECT 1 FROM fetches WHERE url = ? AND article_id = ?", stored["url"], stored["id"]):
        return
    sql = "SELECT url FROM aliases WHERE article_id = ? AND why = ? ORDER BY since, url"
    if alias := store.row(sql, stored["id"], CLAIM):
        _count_different_parts(store, alias["url"], stored["url"])
        remove_alias(store, alias["url"])
        store.update_article(stored["id"], {"url": alias["url"]})


def _may_be_page(store: Store, article: Article, url: str) -> bool:
    """Return whether an article can be the one stored at a URL, or none is."""
    stored = find_article(store, url)
    return stored is None or _is_same_report(stored, article)


def _is_same_report(stored: sqlite3.Row, article: Article) -> bool:
    if stored["text_hash"] == article.text_hash:
        return True
    return _measure_overlap(stored["text"], article.text) >= SAME_REPORT


def _measure_overlap(text: str, other: str) -> float:
    """Return the part of the shingles of the shorter text that the other one has too."""
    keys = [set(read_text_features(one).keys.tolist()) for one in (text, other)]
    return len(keys[0] & keys[1]) / max(1, min(map(len, keys)))


def _find_same_page(store: Store, article: Article, url: str) -> sqlite3.Row | None:
    """Return the stored article that has the same text, or nearly so in another view, at another address of
    the same page."""
    rows = store.rows(
        "SELECT id, url, source, text_hash, canonical_id FROM articles WHERE text_hash = ? LIMIT ?",
        article.text_hash,
        MOST_SAME,
    )
    rows += _list_views(store, article, url)
    for row in rows:
        if row["source"] == article.source or is_same_site(row["url"], url):
            parts = find_differences(url, row["url"])
            if parts is not None and not _has_meaning(store, parts.keys(), url, row):
                return row
    return None


def _list_views(store: Store, article: Article, url: str) -> list[sqlite3.Row]:
    """Return articles at URLs of other views of a page, if they have nearly the same text: a page for
    printers or AMP may lack some lines."""
    urls = [*list_view_urls(url), *(row["url"] for row in _list_neighbours(store, url))]
    views = (one for one in urls if is_view(find_differences(url, one) or {}, (url, one)))
    found = (row for one in views if (row := find_article(store, one)) is not None)
    return [row for row in found if _measure_overlap(row["text"], article.text) >= SAME_VIEW]


def _has_meaning(store: Store, parts: Collection[str], url: str, same: sqlite3.Row) -> bool:
    """Return whether parts in which `url` differs from that of an article with the same text have named
    another page, or do so in the address of another article."""
    evidence = load_evidence(store, find_site(url))
    if any(evidence[part][1] for part in parts if part in evidence):
        return True
    for address in (url, same["url"]):
        for other in _list_neighbours(store, address):
            differences = find_differences(other["url"], address)
            if (
                other["canonical_id"] != same["canonical_id"]
                and differences
                and differences.keys() <= set(parts)
            ):
                return True
    return False


def _list_neighbours(store: Store, url: str) -> Iterator[sqlite3.Row]:
    """Return articles whose URLs have the same path, with any query."""
    base = url.partition("?")[0]
    columns = "SELECT id, url, text_hash, canonical_id FROM articles WHERE"
    return chain(
        store.rows(f"{columns} url = ?", base),
        # "@" follows "?" in ASCII.
        store.rows(f"{columns} url > ? AND url < ? LIMIT ?", f"{base}?", f"{base}@", MOST_NEIGHBOURS),
    )


def _count_different_parts(store: Store, url: str, other: str) -> None:
    for part in find_differences(url, other) or ():
        count_different(store, find_site(url), part)
