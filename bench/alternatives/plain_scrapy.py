"""Crawl with plain Scrapy: `scrapy runspider bench/alternatives/plain_scrapy.py -a lists=http://...`.

One spider, and one item pipeline that extracts with stock trafilatura, detects the language with
langdetect and inserts a row: no archive, no duplicates, no stories, no search. Imports nothing of ours.
"""

import os
import sqlite3
from collections.abc import Iterator
from typing import Any

import langdetect
import scrapy
import trafilatura
from scrapy.http import Response

COLUMNS = ("url", "title", "author", "date", "language", "text")


class Extract:
    """An item pipeline that does everything in the main thread."""

    def open_spider(self) -> None:
        """Create the database that the environment names."""
        self.store = sqlite3.connect(os.environ["PLAIN_SCRAPY_STORE"])
        self.store.execute(f"CREATE TABLE articles ({', '.join(COLUMNS)})")

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """Extract, and insert a row."""
        found = trafilatura.bare_extraction(item["body"], url=item["url"], with_metadata=True)
        if found is not None and found.text:
            try:
                language = langdetect.detect(found.text)
            except langdetect.LangDetectException:
                language = ""
            row = (item["url"], found.title, found.author, found.date, language, found.text)
            with self.store:
                self.store.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)", row)
        return {"url": item["url"]}

    def close_spider(self) -> None:
        """Close the database."""
        self.store.close()


class PlainScrapy(scrapy.Spider):
    name = "plain_scrapy"
    custom_settings = {
        "ITEM_PIPELINES": {Extract: 100},
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": 16,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "LOG_LEVEL": "WARNING",
    }

    def __init__(self, lists: str) -> None:
        super().__init__(start_urls=lists.split())

    def parse(self, response: Response) -> Iterator[Any]:
        """Follow every link."""
        yield from response.follow_all(css="a", callback=self.parse_page)

    def parse_page(self, response: Response) -> Iterator[dict[str, Any]]:
        """Yield the page as an item."""
        yield {"url": response.url, "body": response.body}
