"""Sites that list a page at several addresses: one article, and one download from the second crawl on."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from shopwire.storage.addresses.aliases import load_meaningless_parts
from shopwire.storage.database import Store
from tests.newsroom.variants import SITES, VariantSites, list_articles, variant_sites
from tests.support.crawling import shopwire

SOURCES = {"tracked": "eastgate", "printed": "crown", "phone": "xiaoxi", "numbered": "meigong"}
MAIN = {
    "tracked": "http://tracked.localhost:{port}/{slug}.html",
    "printed": "http://printed.localhost:{port}/n/{slug}.html",
    "phone": "http://www.phone.localhost:{port}/a/{slug}.html",
    "numbered": "http://numbered.localhost:{port}/show.php?id={slug}",
}


class Crawled:
    """The sites, crawled in edition 1 and then in edition 2, with the slugs that each crawl asked for."""

    def __init__(self, server: VariantSites, home: Path) -> None:
        self.server, self.home = server, home
        self.asked: list[Counter[tuple[str, str]]] = []
        for edition in (1, 2):
            server.edition = edition
            server.requests.clear()
            crawl = ("crawl", "--json", *SOURCES)
            shopwire(
                *crawl, home=home, port=server.port, SCRAPY_SETTINGS_MODULE="tests.newsroom.variant_settings"
            )
            self.asked.append(Counter(self._find_pages()))

    def _find_pages(self) -> Iterator[tuple[str, str]]:
        for request in self.server.requests:
            name = SITES[request.host][0]
            for article in list_articles(name, 2):
                if article.slug in request.path:
                    yield name, article.slug


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    with variant_sites() as server:
        yield Crawled(server, tmp_path_factory.mktemp("home"))


@pytest.fixture
def kept(crawled: Crawled) -> Iterator[Store]:
    with Store(crawled.home / "shopwire.db") as store:
        yield store


@pytest.mark.parametrize("source", SOURCES)
def test_there_are_as_many_articles_as_pages(crawled: Crawled, kept: Store, source: str) -> None:
    articles = list_articles(SOURCES[source], 2)
    urls = {MAIN[source].format(port=crawled.server.port, slug=article.slug) for article in articles}
    rows = kept.rows("SELECT url FROM articles WHERE source = ?", source)
    assert sorted(row["url"] for row in rows) == sorted(urls)
    assert len(articles) > 4


def test_no_page_is_downloaded_twice_from_the_second_crawl_on(crawled: Crawled) -> None:
    first, second = crawled.asked
    new = {(name, one.slug) for name in SOURCES.values() for one in list_articles(name, 2)} - first.keys()
    assert len(new) == 2 * len(SOURCES)
    assert max(first.values()) > 1
    assert second.keys() >= new
    assert set(second.values()) == {1}


def test_a_site_whose_number_is_the_article_has_no_aliases(crawled: Crawled, kept: Store) -> None:
    assert load_meaningless_parts(kept, "numbered.localhost") == {}
    assert kept.rows("SELECT url FROM aliases WHERE url LIKE '%numbered%'") == []


def test_what_was_learned_of_each_site(crawled: Crawled, kept: Store) -> None:
    learned = {site: set(load_meaningless_parts(kept, f"{site}.localhost")) for site in SOURCES}
    assert learned["tracked"] == {"?yy", "?zz"}
    assert learned["printed"] == {"?view", "/print"}
    assert learned["phone"] == {f"http://m.phone.localhost:{crawled.server.port}"}


def test_variants_are_no_copies(kept: Store) -> None:
    assert kept.rows("SELECT 1 FROM copies") == []
