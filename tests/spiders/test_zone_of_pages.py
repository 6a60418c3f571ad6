"""The zone of a source reaches the clocks of its pages, in a crawl and from the archive."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse, Request

from shopwire.commands.imports.pages import read_pages
from shopwire.pipelines.article import Article
from shopwire.pipelines.extract_article import extract_article
from shopwire.spiders.page import Listed, Page, format_known, restore_known
from shopwire.spiders.user_sources.build_source import build_source
from shopwire.storage.archive import ArchivedPage, ArchiveWriter, read_archived_page
from tests.support.makers import a_page

GERMAN = (
    "Das Unternehmen teilte am Mittwoch mit, dass die Änderung ab dem ersten Januar für alle Standorte gilt, "
    "nachdem ein Versuch in zwei Städten sechs Wochen lang gelaufen war. Die Kosten trage die Zentrale."
)
CHINESE = (
    "该公司周三表示，经过在两座城市为期六周的试点，新办法将从明年一月一日起适用于全部门店，费用由总部承担。"
    * 3
)


def build_body(date: str, text: str) -> bytes:
    body = f"<h1>Eine lange Überschrift des Beispiels</h1><p>{date}</p><p>{text}</p><p>{text}!</p>"
    return f"<html><title>Eine lange Überschrift des Beispiels</title><body>{body}</body></html>".encode()


def crawl_page(body: bytes, **values: object) -> Page:
    """Return the page that a source of these attributes makes of a body."""
    source = build_source("mine", {"lists": ["https://news.example/l"], **values})()
    url = "https://news.example/a"
    headers = {"Content-Type": "text/html; charset=utf-8"}
    response = HtmlResponse(url, headers=headers, body=body, request=Request(url))
    (page,) = source.parse_page(response, url, Listed())
    assert isinstance(page, Page)
    return page


def read_published(page: Page) -> str:
    article = extract_article(page)
    assert isinstance(article, Article)
    return article.published


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "+00:00"),
        ({"zone": "Asia/Tokyo"}, "+09:00"),
        ({"home": "https://www.sample.de/", "hosts": ["news.example"]}, "+01:00"),
        ({"region": "GB"}, "+00:00"),
        ({"region": "IN"}, "+05:30"),
        ({"language": "de"}, "+01:00"),
        ({"language": "de", "region": "IN", "zone": "America/Sao_Paulo"}, "-03:00"),
    ],
)
@pytest.mark.parametrize("date", ["12. November 2026, 10:30 Uhr", "23/11/2026 às 10h30"])
def test_a_clock_without_a_zone_is_in_that_of_its_source(
    values: dict[str, object], expected: str, date: str
) -> None:
    page = crawl_page(build_body(date, GERMAN), **values)
    assert read_published(page).endswith(f"T10:30{expected}")


def test_the_zone_that_a_source_names_is_stronger_than_that_of_a_language() -> None:
    body = build_body("2026-11-12 10:30", CHINESE)
    assert read_published(crawl_page(body)).endswith("+08:00")
    assert read_published(crawl_page(body, region="DE")).endswith("+08:00")
    assert read_published(crawl_page(body, zone="America/New_York")).endswith("-05:00")


def test_the_zone_that_a_page_shows_is_stronger_than_that_of_its_source() -> None:
    page = crawl_page(build_body("2026-11-12 10:30 +02:00", GERMAN), zone="Asia/Tokyo")
    assert read_published(page) == "2026-11-12T10:30+02:00"


def test_the_archive_knows_the_zone_of_a_page(tmp_path: Path) -> None:
    page = crawl_page(build_body("12.11.2026 10:30", GERMAN), zone="Asia/Tokyo", region="IN")
    at = datetime(2026, 11, 22, tzinfo=UTC)
    with ArchiveWriter(tmp_path, "mine-1") as archive:
        known = format_known(page)
        place = archive.write(ArchivedPage(page.url, "mine", at, page.content_type, page.body, known))
    raw = read_archived_page(tmp_path, place)
    restored = restore_known(a_page(page.url, raw.body, content_type=raw.content_type), raw.listed)
    assert (restored.zone, restored.country_zone) == ("Asia/Tokyo", "Asia/Kolkata")
    with (tmp_path / place.partition("#")[0]).open("rb") as file:
        (imported,) = read_pages(file, pytest.fail, pytest.fail)
    assert read_published(restored) == read_published(imported) == "2026-11-12T10:30+09:00"


def test_an_unknown_name_of_a_zone_in_the_archive_is_no_zone() -> None:
    page = a_page(body=build_body("12.11.2026 10:30", GERMAN), zone="Mars/Olympus", country_zone="../x")
    assert read_published(page).endswith("+00:00")
