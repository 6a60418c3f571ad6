"""Fill a sample store: the newsroom's articles, spread over the last weeks, one story in two languages."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import xxhash

from shopwire.pipelines.article import Article
from shopwire.pipelines.store_article import store_fetch_result, store_page
from shopwire.spiders.page import FetchResult, Page
from shopwire.storage.archive import ArchivedPage, ArchiveWriter
from shopwire.storage.crawl_log.events import record_health
from shopwire.storage.crawl_log.runs import begin_run, declare_source, finish_run
from shopwire.storage.database import Store
from tests.newsroom.content import load
from tests.newsroom.sites import SITES

HAN = re.compile("[\u4e00-\u9fff]")
# The newsroom's reports on one broadcast, dated within a day.
ONE_STORY = re.compile("天猫.*抖音.*直播|Tmall.*Douyin")
UNHEALTHY = "eastgate"


def fill(store: Store) -> None:
    """Store every readable article of the newsroom, with one source that fails."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    runs = {}
    for site in SITES:
        language = "zh" if HAN.search(site.title) else "en"
        with store.writing():
            declare_source(store, site.name, site.title, f"https://{site.name}.example/", language)
        runs[site.name] = begin_run(store, site.name)
    with ArchiveWriter(store.path.with_name("archive"), "sample") as archive:
        for page, article in build_articles(now, archive):
            store_page(store, page, article, runs[page.source])
    home = "https://eastgate.example/feed"
    for _ in range(3):
        failed = FetchResult(home, UNHEALTHY, "feed", now, "timeout", "no answer in 30 s")
        store_fetch_result(store, failed, runs[UNHEALTHY])
    for run in runs.values():
        finish_run(store, run, 0, "finished")
    with store.writing():
        record_health(
            store, UNHEALTHY, now, "blocked", "3 of 3 lists were not answered, 25 of 25 were before"
        )


def build_articles(now: datetime, archive: ArchiveWriter) -> Iterator[tuple[Page, Article]]:
    """Yield the newsroom's pages with their articles, dated one after the other."""
    number = 0
    for site in SITES:
        for written in load(site.name, 1):
            if not written.readable:
                continue
            number += 1
            url = f"https://{site.name}.example{written.path}"
            text = "\n".join(written.paragraphs)
            body = f"<h1>{written.title}</h1><p>{text}".encode()
            place = archive.write(ArchivedPage(url, site.name, now, "text/html; charset=utf-8", body))
            back = timedelta(hours=7 * number * number % (29 * 24), minutes=number)
            if ONE_STORY.search(written.title):
                back /= 29
            published = now - back
            page = Page(url=url, source=site.name, body=body, fetched=now, archived_in=place)
            yield (
                page,
                Article(
                    url=url,
                    source=site.name,
                    title=written.title,
                    text=text,
                    language="zh" if HAN.search(text) else "en",
                    fetched=now.isoformat(),
                    extractor="sample",
                    text_hash=xxhash.xxh64_intdigest(text.encode()) >> 1,
                    author=written.author,
                    origin=written.origin,
                    published=published.isoformat(timespec="minutes"),
                    published_from="sample",
                    tags=written.tags,
                    views=written.views or None,
                ),
            )


def main() -> None:
    """Write `shopwire.db` in the current folder."""
    with Store(Path("shopwire.db")) as store:
        fill(store)


if __name__ == "__main__":
    main()
