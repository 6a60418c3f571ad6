"""Build complete articles and pages for tests; a test names only the values it needs."""

from datetime import UTC, datetime
from typing import Any

import xxhash

from shopwire.pipelines.article import Article
from shopwire.pipelines.locate_article import load_stored
from shopwire.pipelines.store_article import StoreResult, upsert_article
from shopwire.spiders.page import Page
from shopwire.storage.database import Store

FETCHED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def an_article(url: str = "https://blog.example/1", text: str = "One sentence.", **more: Any) -> Article:
    """Return an article of `blog` with the hash of its text."""
    values: dict[str, Any] = {
        "url": url,
        "source": "blog",
        "title": "A title",
        "text": text,
        "language": "en",
        "fetched": FETCHED.isoformat(),
        "extractor": "test",
        "text_hash": xxhash.xxh64_intdigest(text.encode()) >> 1,
    }
    return Article(**{**values, **more})


def a_page(url: str = "https://blog.example/1", body: bytes = b"<p>One sentence.", **more: Any) -> Page:
    """Return a page of `blog`."""
    return Page(**{"url": url, "source": "blog", "body": body, "fetched": FETCHED, **more})


def store_article(store: Store, article: Article) -> StoreResult:
    """Insert or update an article by its URL. Call inside `store.writing()`."""
    return upsert_article(store, load_stored(store, article.url), article, "")
