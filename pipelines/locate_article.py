"""Finds the place of an article in the store: its URL there, and what is stored at it."""

from dataclasses import dataclass, replace

from shopwire.pipelines.article import Article, build_article
from shopwire.pipelines.choose_address import choose_address
from shopwire.storage.articles import find_article
from shopwire.storage.database import Store


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it is in the store."""

    id: int
    article: Article
    archived_in: str


@dataclass(frozen=True, slots=True)
class LocatedArticle:
    """An article with the URL at which it is stored, and what is stored there.

    `own` is the URL of its page, `declared` the one that the page declares. `is_other_address` says that an
    article is stored of which this page is another form; its text is not replaced by that of this one.
    """

    article: Article
    stored: StoredArticle | None
    own: str
    declared: str
    is_other_address: bool


def load_stored(store: Store, url: str) -> StoredArticle | None:
    """Return the stored article of a canonical URL, None where there is none."""
    row = find_article(store, url)
    return None if row is None else StoredArticle(row["id"], build_article(row), row["archived_in"])


def locate_article(
    store: Store, article: Article, own: str, requested: str = "", archived_in: str = ""
) -> LocatedArticle:
    """Return an article read at the URL `own` with the URL at which to store it (see `choose_address`).

    `requested` is the URL before redirects, `archived_in` the place of its page in the archive. Call inside
    `store.writing()`.
    """
    url = choose_address(store, article, own)
    stored = load_stored(store, url)
    is_text_of_stored = stored is not None and bool(archived_in) and stored.archived_in == archived_in
    is_other = stored is not None and url not in (own, requested) and not is_text_of_stored
    return LocatedArticle(replace(article, url=url), stored, own, article.url, is_other)
