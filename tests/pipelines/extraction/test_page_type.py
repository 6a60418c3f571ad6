"""Which pages are refused: walls, collections; and which are not: rankings, articles that were found."""

from datetime import UTC, datetime

import pytest

from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.extract_article import extract_article
from shopwire.spiders.page import Page
from shopwire.storage.crawl_log.outcomes import Outcome

LEAD = (
    "We asked thirty owners of small shops which of their tools they would buy again, and five came up twice."
)
PARTS = [
    "It prints labels for four carriers and never asked for an update while the queue was long.",
    "It weighs a parcel while a hand is still on it, and it was right in ninety of a hundred tries.",
    "It folds flat under a bed and came back from the post with no more than a scratch on one side.",
    "It answers the question where a parcel is without being asked for the number twice a day.",
    "It counts the cash of a market day in the time it takes to drink a cup of tea beside it.",
]
WALL = (
    "<p>Read on with advertising: our partners measure what you read. You may take back your consent at the "
    "foot of each page, where our notes on privacy are.</p><p>Or take the subscription for two euros a week, "
    "which is free of advertising.</p>"
)


def extract(body: str, head: str = "") -> Article | Refusal:
    page = f"<html><head><title>The night post</title>{head}</head><body>{body}</body></html>"
    return extract_article(
        Page("https://a.example/p/1", "a", page.encode(), datetime(2026, 3, 1, tzinfo=UTC))
    )


def cards(*names: str) -> str:
    parts = zip(names, PARTS, strict=True)
    return "".join(
        f"<article><h2><a href='/x'>{name}</a></h2><p>{part}</p></article>" for name, part in parts
    )


@pytest.mark.parametrize("button", ["<button>Accept and continue</button>", "<a href=#>Subscribe now</a>"])
def test_a_wall_of_consent_or_payment_is_refused(button: str) -> None:
    found = extract(f"<main><h1>The night post with advertising</h1>{WALL}{button}</main>")
    assert isinstance(found, Refusal)
    assert found.outcome is Outcome.THIN


def test_an_article_about_consent_is_none() -> None:
    head = '<meta property="article:published_time" content="2026-02-01T08:00:00Z">'
    assert isinstance(extract(f"<main>{WALL}</main><button>Accept</button>", head), Article)
    assert isinstance(extract(f"<main>{WALL}</main>"), Article)


@pytest.mark.parametrize(("start", "end"), [("<h1>Weekend</h1><div>", "</div>"), ("<ul><li>", "</li></ul>")])
def test_a_collection_of_teasers_is_refused(start: str, end: str) -> None:
    teasers = cards("The label", "The scale", "The box", "The bell", "The till")
    found = extract(f"<main>{start}{teasers}{end}</main>")
    assert isinstance(found, Refusal)
    assert found.outcome is Outcome.LIST_PAGE


def test_a_ranking_of_cards_is_an_article() -> None:
    ranking = cards("1. Pakka", "2. Wieger", "3. Faltbox", "4. Klingel", "5. Kassette")
    assert isinstance(extract(f"<main><h1>Five tools</h1><p>{LEAD}</p>{ranking}</main>"), Article)


def test_a_notice_beside_the_article_is_no_wall() -> None:
    text = "".join(f"<p>{part}</p>" for part in PARTS)
    notice = "<div class=x><p>We use cookies to count our readers.</p></div>"
    assert isinstance(extract(f"<main>{notice}<h1>Tools</h1>{text}</main>"), Article)


def test_an_article_that_a_script_draws_beside_a_list_is_found() -> None:
    items = "".join(f"<li><a href='/{n}'>The tool of house {n} in short</a></li>" for n in range(12))
    story = "".join(f"<p>{part}</p>" for part in PARTS)
    found = extract(f"<ul>{items}</ul><script>window.page = {{'body': '{story}'}}</script>")
    assert isinstance(found, Article)
    assert found.text.splitlines() == PARTS
