"""Titles within links that wrap more than the title."""

from collections.abc import Callable

import lxml.html
import pytest

from shopwire.spiders.discovery.list_candidates import list_page_candidates
from shopwire.spiders.lists.list_dates import build_list_dates
from shopwire.spiders.lists.reading import ListedLink
from shopwire.spiders.readers import title_expression
from shopwire.spiders.readers.link_reader import LinkReader
from shopwire.spiders.readers.link_text import find_link_title, find_text_within
from shopwire.spiders.readers.list_body import ListBody
from shopwire.spiders.readers.title_expression import MOST_ELEMENTS, find_title_expression

SUBJECTS = ("lowers fees for small sellers", "opens a second warehouse", "ends free returns of clothes")
TITLES = [f"Invented marketplace {number} {subject}" for number in range(2) for subject in SUBJECTS]
DAYS = [f"{day} Nov 2026" for day in range(20, 26)]
SUMMARIES = [f"What {title} means for merchants, and what comes next in the market." for title in TITLES]


def make_links(card: str) -> str:
    """Return links that wrap a card with `{t}`, `{d}` and `{s}`: title, date and summary."""
    rows = zip(TITLES, DAYS, SUMMARIES, strict=True)
    return "".join(card.format(n=number, t=t, d=d, s=s) for number, (t, d, s) in enumerate(rows))


def find(card: str) -> tuple[str, list[str]]:
    """Return the expression of the titles, and the titles that readers get with it."""
    root = lxml.html.fromstring(f"<div>{make_links(card)}</div>")
    links = root.findall(".//a")
    titled = find_title_expression(links)
    return titled, [find_text_within(link, titled) or find_link_title(link) for link in links]


@pytest.mark.parametrize(
    ("card", "titled"),
    [
        ("<a href=/{n}><img src=x><h3>{t}</h3><time>{d}</time><p>{s}</p></a>", "h3"),
        ("<a href=/{n}><h2><span>0{n}</span>{t}</h2><p>{s}</p></a>", "./h2[1]/text()[normalize-space()]"),
        (
            "<a href=/{n}><h4 class=kind>Retail news of today</h4><h2><span>{t}</span></h2><p>{s}</p></a>",
            "h2",
        ),
        (
            "<a href=/{n}><div class='text-lg'>{t}</div><div class=grey>{d}</div><div>{s}</div></a>",
            ".text-lg",
        ),
        ("<a href=/{n}><div><p>{s}</p><span class=card-title>{t}</span></div></a>", ".card-title"),
        ("<a href=/{n}><div>{d}</div><div>{t}</div><div>{s}</div></a>", "./div[2]"),
        ("<a href=/{n}><div><span>{d}</span><div>{t}</div></div><div>{s}</div></a>", "./div[1]/div[1]"),
        ("<a href=/{n}>{t}<span>{d}</span></a>", "./text()[normalize-space()]"),
        ("<a href=/{n}><em>{d}</em> {t}</a>", "./text()[normalize-space()]"),
        ("<a href=/{n} title='{t}'><i>{d}</i><div><div>{t}</div>{s}</div></a>", "./@title"),
        ("<a href=/{n} title='{t}'>{t}<span>{d}</span></a>", ""),
        ("<a href=/{n}>{t}</a>", ""),
        ("<a href=/{n}><span>{t}</span></a>", ""),
    ],
)
def test_the_title_is_found_in_a_card(card: str, titled: str) -> None:
    assert find(card) == (titled, TITLES)


@pytest.mark.parametrize("cut", ["…", "..."])
def test_a_title_that_is_cut_short_is_read_from_the_attribute(cut: str) -> None:
    root = lxml.html.fromstring(
        "<div>"
        + "".join(
            f"<a href=/{n} title='{t}'><i>{d}</i><b>{t[:-4]}{cut}</b></a>"
            for n, (t, d) in enumerate(zip(TITLES, DAYS, strict=True))
        )
        + "</div>"
    )
    assert find_title_expression(root.findall("a")) == "./@title"


@pytest.mark.parametrize(
    "card",
    [
        "<a href=/{n}>Invented <em>marketplace</em> number {n} lowers its fees</a>",
        "<a href=/{n}><em>Invented</em> marketplace number {n} <b>lowers</b> its fees</a>",
    ],
)
def test_an_emphasized_word_is_a_part_of_the_title(card: str) -> None:
    titled, titles = find(card)
    assert titled == ""
    assert titles[1] == "Invented marketplace number 1 lowers its fees"


def test_what_all_links_say_is_no_title() -> None:
    assert find("<a href=/{n}><b>Read the whole article here</b><i>{d}</i></a>")[0] == ""


@pytest.mark.parametrize("wrap", ["<main>{}</main>".format, "<div class='grid gap-4'>{}</div>".format])
def test_a_list_of_cards_is_written_with_its_titles(wrap: Callable[[str], str]) -> None:
    cards = make_links("<a href=/news/{n}.html><p>{d}</p><strong>{t}</strong><p>{s}</p></a>")
    root = lxml.html.fromstring(f"<html><body>{wrap(cards)}</body></html>")
    url = "https://site.example/news/"
    (candidate,) = list_page_candidates(root, url, [url], "")
    assert candidate.attributes["titled"] == "strong"
    assert [link.listed.title for link in candidate.links] == TITLES


def test_a_source_that_declares_its_links_needs_no_expression_of_their_titles() -> None:
    page = make_links("<a class=card href=/{n}><h3>{t}</h3><time>{d}</time><p>{s}</p></a>")
    reader = LinkReader(build_list_dates("en", "https://a.example/"), "a.card")
    links = reader.read(ListBody("https://a.example/", f"<div>{page}</div>".encode(), "text/html"))
    assert [link.listed.title for link in links if isinstance(link, ListedLink)] == TITLES


def test_a_page_of_many_names_is_not_searched_for_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def find_none(_: object, expression: str) -> str:
        tried.append(expression)
        return ""

    monkeypatch.setattr(title_expression, "find_text_within", find_none)
    names = [f"c{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(90)]
    card = "".join(f"<p class={name}>A title that all of these cards have</p>" for name in names)
    page = lxml.html.fromstring(f"<div>{f'<a href=/1>{card}</a>' * 5}</div>")
    assert find_title_expression(page.findall("a")) == ""
    assert 0 < len(set(tried)) <= title_expression.MOST_EXPRESSIONS


@pytest.mark.fault("46u", "Links in links, and links around a whole page", "not searched for titles")
@pytest.mark.parametrize(
    ("more", "titled"),
    [
        ("<i></i>" * (MOST_ELEMENTS - 3), "h3"),
        ("<i></i>" * (MOST_ELEMENTS - 2), ""),
        # Only so does a parser leave one link in another.
        ("<font><a href=/other>other</a></font>", ""),
    ],
)
def test_only_cards_are_searched_for_titles(more: str, titled: str) -> None:
    """Each text of a link is looked for in every other one."""
    links = lxml.html.fromstring(
        f"<div>{make_links('<a href=/{n}><h3>{t}</h3><p>{s}</p></a>')}</div>"
    ).findall("a")
    for link in links:
        link.extend(lxml.html.fragments_fromstring(more))
    assert find_title_expression(links) == titled
