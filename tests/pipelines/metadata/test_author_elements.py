"""Authors in elements, microdata and declarations: roles, times, sections and accounts are no names."""

import pytest
from lxml import html

from shopwire.pipelines.metadata.byline import find_byline
from shopwire.pipelines.parsing.meta_tags import read_meta
from shopwire.pipelines.parsing.visible_text import read_visible_lines


def author_of(body: str, head: str = "", language: str = "en") -> str:
    tree = html.fromstring(f"<html><head>{head}</head><body>{body}<p>Body text.</p></body></html>")
    url = "https://www.millpost.example/a"
    return find_byline(read_meta(tree), read_visible_lines(tree), url=url, language=language).author


@pytest.mark.parametrize(
    ("element", "author"),
    [
        (
            '<div class="author"><a>Ida Brandt</a><div>Crafts Editor</div><div>Monday</div></div>',
            "Ida Brandt",
        ),
        ('<div class="author"><a>Ida Brandt</a><span>Senior Writer</span></div>', "Ida Brandt"),
        ('<div class="author">Ida Brandt Senior Writer</div>', "Ida Brandt"),
        (
            '<div class="byline">Friday March 6, 2026 10:05 am PST by <a rel="author">Ida Brandt</a></div>',
            "Ida Brandt",
        ),
        ('<div class="byline">Dec. 1, 2025 · Ida Brandt on behalf of the guild</div>', "Ida Brandt"),
        (
            '<div class="author-wrapper"><div>Ida Brandt @ Mill Lab</div><div>4m Read</div></div>',
            "Ida Brandt",
        ),
        ('<div class="byline">By <a>Ida Brandt</a> and <a>Tom Quist</a></div>', "Ida Brandt, Tom Quist"),
        ('<div class="byline">By Ida Brandt, Tom Quist and Eva Lo</div>', "Ida Brandt, Tom Quist, Eva Lo"),
        ('<div class="byline">By Ida Brandt &amp; Tom Quist</div>', "Ida Brandt, Tom Quist"),
        ('<div class="byline">Von Ida Brandt, Brenn</div>', "Ida Brandt"),
        (
            '<p><b class="author"><a>Ida Brandt</a></b><b class="author"><i>,</i><a>Tom Quist</a></b></p>',
            "Ida Brandt, Tom Quist",
        ),
        ('<a rel="external author">Ida Brandt</a>', "Ida Brandt"),
        (
            '<div itemprop="author"><meta itemprop="name" content="Ida Brandt"><b>Ida B.</b><i>x</i></div>',
            "Ida Brandt",
        ),
        ('<div class="post-author"><span>Share Article</span></div>', ""),
        ('<div class="author">5 min read</div>', ""),
        ('<div class="author-bio">Licensed miller, lives in Brenn</div>', ""),
        ('<a class="author" href="/category/mill-tips">Mill Tips</a>', ""),
        (
            '<a class="author" href="/category/mill-tips">Mill Tips</a><p>Written by <b>Eva Lo</b></p>',
            "Eva Lo",
        ),
    ],
)
def test_names_in_author_elements(element: str, author: str) -> None:
    assert author_of(f"<h1>A mill opens</h1>{element}") == author


def test_an_author_far_from_the_start_of_a_page_without_heading_counts() -> None:
    menu = "<ul>" + "<li><a><span>Item</span></a></li>" * 150 + "</ul>"
    assert (
        author_of(f'{menu}<h2>A mill opens</h2><div class="authorname">Ida Brandt-Lo</div>')
        == "Ida Brandt-Lo"
    )


def test_authors_of_teasers_above_the_headline_are_not_those_of_the_article() -> None:
    teasers = "".join(
        f'<li><h3>T{n}</h3><i></i><b></b><a rel="author">{name} Lo</a></li>' + "<br>" * 30
        for n, name in enumerate(("Eva", "Uma", "Pia"))
    )
    assert (
        author_of(f'<ul>{teasers}</ul><h1>A mill opens</h1>by <a rel="author">Ida Brandt</a>') == "Ida Brandt"
    )


def test_an_account_of_the_publishing_system_yields_to_the_byline() -> None:
    head = '<meta name="DC.creator" content="superuser"><meta name="author" content="Millpost Web Desk">'
    assert (
        author_of("<h1>A mill opens</h1><p>By Ida Brandt and Tom Quist</p>", head) == "Ida Brandt, Tom Quist"
    )


def test_the_name_that_is_declared_and_shown_wins() -> None:
    head = '<meta name="author" content="Otto Kern"><meta name="dc.creator" content="Ida Brandt">'
    assert author_of('<h1>A mill opens</h1><div class="byline">By Ida Brandt</div>', head) == "Ida Brandt"


@pytest.mark.parametrize(
    ("declared", "author"),
    [
        (r"Ida \"Duck\" Brandt", 'Ida "Duck" Brandt'),
        ("Mac & i", "Mac & i"),
        ("Ida Brandt & Tom Quist", "Ida Brandt, Tom Quist"),
    ],
)
def test_quotation_marks_and_ampersands_in_declared_names(declared: str, author: str) -> None:
    script = f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": "{declared}"}}</script>'
    assert author_of("<h1>A mill opens</h1>", script) == author
