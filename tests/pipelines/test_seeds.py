"""The five seeds as plain text: every sentence stays, all boilerplate is removed."""

from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from shopwire.pipelines.article import Article
from shopwire.pipelines.extract_article import extract_article
from shopwire.pipelines.extraction.main_content import Engine, extract_body
from shopwire.pipelines.parsing.document import parse_html
from shopwire.spiders.page import Page

SEEDS = Path(__file__).parents[1] / "seeds"
TITLES = {
    "000": "See you for a long time! 1.34 million views in 2 hours! "
    "Tmall’s official broadcast was actually live on Douyin!",
    "001": "天猫官方账号首次在抖音开启了直播,观看人数破百万",
    "002": "Why do we need tiktok to decouple from Taobao Jingdong? "
    "It is necessary to establish closed-loop ecology",
}
PUBLISHED = {"000": "2022-10-27", "001": "2022-10-27T09:08+08:00", "002": "", "003": "", "004": ""}
LANGUAGES = {"000": "en", "001": "zh", "002": "en", "003": "zh", "004": "en"}


@pytest.mark.parametrize("name", sorted(LANGUAGES))
def test_a_seed_comes_out_as_its_gold(name: str) -> None:
    page = Page(
        url=f"https://example.com/{name}.txt",
        source="test",
        body=(SEEDS / f"{name}.txt").read_bytes(),
        fetched=datetime(2026, 1, 1, tzinfo=UTC),
        content_type="text/plain",
    )
    article = extract_article(page)
    assert isinstance(article, Article)
    assert article.text.splitlines() == (SEEDS / f"{name}.gold.txt").read_text("utf-8").splitlines()
    assert article.title == TITLES.get(name, article.title)
    assert article.published == PUBLISHED[name]
    assert article.language == LANGUAGES[name]


@pytest.mark.parametrize("name", sorted(LANGUAGES))
def test_trafilatura_extracts_the_body_of_a_page_with_a_seed(name: str) -> None:
    lines = (SEEDS / f"{name}.gold.txt").read_text("utf-8").splitlines()
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    menu = "<nav><a href=/>Home</a> <a href=/news>News</a></nav>"
    page = f"<html><body>{menu}<div class=main><h1>{TITLES.get(name, 'News')}</h1>{text}</div></body></html>"
    body = extract_body(parse_html(page.encode(), "text/html; charset=utf-8"))
    assert body.engine is Engine.TRAFILATURA
    assert [" ".join(line.split()) for line in body.lines][-len(lines) :] == [
        " ".join(line.split()) for line in lines
    ]
