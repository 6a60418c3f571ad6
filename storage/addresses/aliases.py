"""Aliases, the other addresses of articles, and the evidence of what a part of an address means on a site."""

from collections.abc import Mapping

from shopwire.storage.addresses.parts import (
    find_differences,
    has_article_in_path,
    has_parameters,
    simplify_address,
)
from shopwire.storage.articles import has_article
from shopwire.storage.database import Store
from shopwire.storage.text.site import find_site
from shopwire.storage.timestamps import format_now

# On so many articles a part must have meant nothing before it is removed from other addresses. On a site
# whose `?id=` is the article, two articles with several ids each contradict each other.
MIN_EVIDENCE = 2
# The part of a site whose `rel=canonical` is judged like the parts of its addresses.
CLAIM = "rel=canonical"
# A site whose templates are right may have a wrong claim here and there.
CLAIMS_PER_WRONG_CLAIM = 10


def find_main_url(store: Store, url: str) -> str | None:
    """Return the URL of the article that has the alias `url`, None if no article has."""
    row = store.row(
        "SELECT articles.url FROM aliases JOIN articles ON articles.id = article_id WHERE aliases.url = ?",
        url,
    )
    return None if row is None else str(row["url"])


def is_known(store: Store, url: str) -> bool:
    """Return whether a canonical URL is an address of a stored article."""
    return has_article(store, url) or find_main_url(store, url) is not None


def list_aliases(store: Store, article: int) -> list[str]:
    """Return the other addresses of an article."""
    return [row["url"] for row in store.rows("SELECT url FROM aliases WHERE article_id = ?", article)]


def add_alias(store: Store, article: int, url: str, why: str, *, is_evidence: bool = True) -> None:
    """Store another address of an article, and what it says about the parts of addresses on their site if it
    `is_evidence`.

    Of one article, each part is counted once. An address that another article has is left out. Call inside
    `store.writing()`. Raises `LookupError` for an unknown article.
    """
    row = store.row("SELECT url FROM articles WHERE id = ?", article)
    if row is None:
        raise LookupError(f"no article {article} in {store.path}")
    main, known = row["url"], list_aliases(store, article)
    if url in known or has_article(store, url):
        return
    counted = {
        part
        for alias in known
        for part, becomes in (find_differences(alias, main) or {}).items()
        if becomes is not None
    }
    store.db.execute(
        "INSERT OR REPLACE INTO aliases (url, article_id, why, since) VALUES (?, ?, ?, ?)",
        [url, article, why, format_now()],
    )
    differences = find_differences(url, main) if is_evidence else None
    for part, becomes in (differences or {}).items():
        if becomes is not None:
            # A further variant may show that the page is there without the part.
            count_same(store, find_site(url), part, becomes, articles=int(part not in counted))


def remove_alias(store: Store, url: str) -> None:
    """Remove an alias: its page is not that article any more. Call inside `store.writing()`."""
    store.db.execute("DELETE FROM aliases WHERE url = ?", [url])


def set_main_url(store: Store, article: int, url: str, why: str) -> None:
    """Replace the URL of an article by one of its other addresses, and the other way round. Call inside
    `store.writing()`."""
    row = store.row("SELECT url FROM articles WHERE id = ?", article)
    remove_alias(store, url)
    store.update_article(article, {"url": url})
    if row is not None:
        add_alias(store, article, row["url"], why)


def count_same(store: Store, site: str, part: str, becomes: str = "", articles: int = 1) -> None:
    """Count articles whose address is the same page with and without a part, and store what the part becomes:
    nothing, or a value that is as good as any other. Call inside `store.writing()`."""
    store.db.execute(
        "INSERT INTO address_parts (site, part, becomes, same) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (site, part) DO UPDATE SET same = same + excluded.same, "
        # The address without the part has been seen to work; another value is the second best.
        "becomes = iif(excluded.becomes = '', '', becomes)",
        [site, part, becomes, articles],
    )


def count_different(store: Store, site: str, part: str) -> None:
    """Count an address that is another page without a part. Call inside `store.writing()`."""
    store.db.execute(
        "INSERT INTO address_parts (site, part, different) VALUES (?, ?, 1) "
        "ON CONFLICT (site, part) DO UPDATE SET different = different + 1",
        [site, part],
    )


def load_evidence(store: Store, site: str) -> dict[str, tuple[int, int]]:
    """Return for each part of the addresses of a site on how many articles it meant nothing, and how often it
    named another page."""
    rows = store.rows("SELECT part, same, different FROM address_parts WHERE site = ?", site)
    return {row["part"]: (row["same"], row["different"]) for row in rows}


def is_claim_trusted(store: Store, site: str) -> bool:
    """Return whether what the pages of a site declare as `rel=canonical` is believed."""
    same, different = load_evidence(store, site).get(CLAIM, (0, 0))
    return different * CLAIMS_PER_WRONG_CLAIM <= same


def load_meaningless_parts(store: Store, site: str) -> Mapping[str, str]:
    """Return the parts that mean nothing in the addresses of a site, each with what it becomes."""
    rows = store.rows(
        "SELECT part, becomes FROM address_parts WHERE site = ? AND same >= ? AND different = 0 "
        "AND part <> ?",
        site,
        MIN_EVIDENCE,
        CLAIM,
    )
    return {row["part"]: row["becomes"] for row in rows}


def find_simple_url(store: Store, url: str) -> str:
    """Return a canonical URL without the parts that mean nothing on its site."""
    parts = load_meaningless_parts(store, find_site(url))
    simple = simplify_address(url, parts) if parts else url
    if has_article_in_path(simple) or not has_parameters(url) or has_parameters(simple):
        return simple
    # What means nothing at `/news/1.html` may be the article at `/show.php`.
    return simplify_address(url, {part: value for part, value in parts.items() if not part.startswith("?")})
