"""Self-made pages, each for one behaviour: `tests/pages/NAME.html` with the text that must come out
(`NAME.txt`), or with the outcome of the refusal (`NAME.refused`)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.extract_article import extract_article
from shopwire.spiders.page import Page

PAGES = Path(__file__).parents[1] / "pages"
URLS = {"wechat": "https://mp.weixin.qq.com/s/pVb1"}
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def refined(body: bytes, name: str = "", content_type: str = "text/html") -> Article | Refusal:
    url = URLS.get(name, f"https://news.example.com/{name}.html")
    return extract_article(Page(url, "test", body, NOW, content_type))


def test_every_page_says_what_is_expected_of_it() -> None:
    for page in PAGES.glob("*.html"):
        expected = [page.with_suffix(kind).exists() for kind in (".txt", ".refused")]
        assert sum(expected) == 1, page


@pytest.mark.parametrize("gold", sorted(PAGES.glob("*.txt")), ids=lambda path: path.stem)
def test_the_body_comes_out_and_nothing_else(gold: Path) -> None:
    article = refined(gold.with_suffix(".html").read_bytes(), gold.stem)
    assert isinstance(article, Article), article
    assert article.text.splitlines() == gold.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("gold", sorted(PAGES.glob("*.refused")), ids=lambda path: path.stem)
def test_what_is_no_article_is_refused_with_a_reason(gold: Path) -> None:
    refusal = refined(gold.with_suffix(".html").read_bytes(), gold.stem)
    assert isinstance(refusal, Refusal), refusal
    assert refusal.outcome == gold.read_text(encoding="utf-8").strip()
    assert refusal.reason


def test_lines_known_to_repeat_over_the_site_go() -> None:
    from shopwire.storage.text.folding import hash_line

    body = (PAGES / "english_news.html").read_bytes()
    whole = refined(body)
    assert isinstance(whole, Article)
    line = whole.text.splitlines()[2]
    page = Page("https://news.example.com/x.html", "test", body, NOW)
    rest = extract_article(page, frozenset({hash_line(line.upper() + " !")}))
    assert isinstance(rest, Article)
    assert rest.text.splitlines() == [one for one in whole.text.splitlines() if one != line]
