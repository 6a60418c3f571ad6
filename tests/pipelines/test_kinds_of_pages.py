"""Invented pages of the kinds that public bug reports describe, each with what is right.

The files in `kinds/` hold the pages: `kind`, `lang`, `head`, `body`, and what the article has. `with` is in
its text, `without` is not, `once` is there once, the cells of each of the `rows` are on one line; `title`,
`author`, `published` ("" for none) and `language` are its fields. A page with `outcome` is refused.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.extract_article import extract_article
from shopwire.spiders.page import Page

KINDS = Path(__file__).with_name("kinds")
FETCHED = datetime(2026, 11, 30, 4, 48, tzinfo=UTC)
URL = "https://www.tidewire.example/a/118"
FIELDS = ("title", "author", "published", "language")


def read_toml(name: str) -> dict[str, Any]:
    """Return the content of a file in `kinds/`."""
    return tomllib.loads((KINDS / f"{name}.toml").read_text(encoding="utf-8"))


PROSE = read_toml("prose")
PLACEHOLDER = re.compile(rf"\{{(h1)?({'|'.join(PROSE)}|_de|_fr|_zh|)(?:\[(\d+)(?::(\d+))?\])?\}}")
PAGES = [
    pytest.param(page, id=page["kind"])
    for name in ("dates", "refusals", "text_left", "text_lost", "titles_and_authors")
    for page in read_toml(name)["page"]
]


def list_prose(match: re.Match[str]) -> list[str]:
    """Return the texts that a placeholder stands for."""
    if match[1]:
        return [f"<h1>{PROSE['title' + match[2]]}</h1>"]
    value = PROSE[match[2]]
    if isinstance(value, str):
        return [value]
    if match[3] and not match[4]:
        return [value[int(match[3])]]
    chosen = value[int(match[3] or 0) : int(match[4] or len(value))]
    return list(chosen)


def fill_page(text: str) -> str:
    """Return a part of a page with its prose, several paragraphs as elements."""
    return PLACEHOLDER.sub(
        lambda match: "".join(
            f"<p>{one}</p>" if match[4] or (not match[3] and isinstance(PROSE.get(match[2]), list)) else one
            for one in list_prose(match)
        ),
        text,
    )


def fill_texts(texts: list[str]) -> Iterator[str]:
    """Yield the texts with their prose, a placeholder for several as several."""
    for text in texts:
        whole = PLACEHOLDER.fullmatch(text)
        yield from list_prose(whole) if whole else [fill_page(text)]


def extract(page: dict[str, Any]) -> Article | Refusal:
    """Return what is extracted from a page between a menu and a footer."""
    menu = '<div class="bar"><a href="/">Home</a> <a href="/retail">Retail</a> <a href="/post">Post</a></div>'
    footer = '<div class="ft"><a href="/terms">Terms</a> <a href="/privacy">Privacy</a></div>'
    html = (
        f'<!DOCTYPE html><html lang="{page["lang"]}"><head><meta charset="utf-8">{fill_page(page["head"])}'
        f"</head><body>{menu}{fill_page(page['body'])}{footer}</body></html>"
    )
    return extract_article(Page(URL, "test", html.encode(), FETCHED))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_a_known_kind(page: dict[str, Any]) -> None:
    article = extract(page)
    if "outcome" in page:
        assert isinstance(article, Refusal)
        return
    assert isinstance(article, Article)
    text = " ".join(article.text.split())
    assert [part for part in fill_texts(page.get("with", [])) if part not in text] == []
    assert [part for part in fill_texts(page.get("without", [])) if part in text] == []
    assert [part for part in fill_texts(page.get("once", [])) if text.count(part) != 1] == []
    for cells in page.get("rows", []):
        assert any(all(cell in line for cell in fill_texts(cells)) for line in article.text.split("\n"))
    found = {field: getattr(article, field) for field in FIELDS if field in page}
    assert found == {field: fill_page(page[field]) for field in found}


def test_no_two_pages_have_one_name() -> None:
    names = [page.id for page in PAGES]
    assert len(set(names)) == len(names)
