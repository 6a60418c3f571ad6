"""Originals, teasers, quoters, reposts and forms are the same groups in every order of arrival."""

import json
from itertools import permutations
from pathlib import Path

import pytest

from shopwire.pipelines.article import Article
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from tests.pipelines.deduplication.test_classify_pair import FLASH, OPENED
from tests.pipelines.deduplication.test_deduplicate import add, groups, piece
from tests.pipelines.prose import SALE, WAREHOUSE

LOSS = (
    "The grocer lost 31 million pounds last year on sales of 180 million. Its chairman said that buyers "
    "wanted choice more than speed, and that baskets packed in a large shop are twice as full as those "
    "from a back street."
)
OPENING = (
    "Marlow Pantry said on Tuesday that it would shut nine of its twenty-six back-street depots and give "
    "their orders to the shops of its new owner, which ends a three-year attempt to deliver within a "
    "quarter of an hour."
)
REST = (
    "About 350 packers are affected, of whom half will be offered work in the shops.\n"
    "Riders will wait at shop doors, and the promised time grows to three quarters of an hour."
)
OTHER = {"firm": "拾谷便利", "city": "襄阳", "size": 860, "name": "纪雨眠", "goods": 2100, "more": 7}
TITLE = "Marlow Pantry shuts nine depots"

FAMILIES = {
    "teaser": [
        piece("original", f"{OPENING}\n{LOSS}\n{REST}", title=f"{TITLE} and hands orders to shops"),
        piece("teaser", f"{OPENING}\n{LOSS}\nContinue reading on Blog", "agency", title=TITLE),
        piece("quoter", f"{SALE}\n{LOSS}\n{WAREHOUSE}", "daily", title="Why haste never paid"),
    ],
    "forms": [
        piece("one", FLASH.format(**OPENED), title="青柚超市绵阳首店开业"),
        piece("two", FLASH.format(**OTHER), "agency", title="拾谷便利襄阳首店开业"),
        piece("repost", f"好去处来了。{FLASH.format(**OPENED)}你会去吗？", "daily", title="排队排到了三楼"),
    ],
}
EXPECTED = {"teaser": {"original", "teaser"}, "forms": {"one", "repost"}}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_order_gives_the_same_groups(family: str, tmp_path: Path) -> None:
    articles = FAMILIES[family]
    rest = {article.url.rsplit("/", 1)[1] for article in articles} - EXPECTED[family]
    expected = {frozenset(EXPECTED[family]), *(frozenset({name}) for name in rest)}
    for number, order in enumerate(permutations(articles)):
        with Store(tmp_path / f"{number}.db") as store:
            _declare(store, order)
            add(store, *order)
            assert groups(store) == expected, [article.url for article in order]


STANDING = (
    "Parcels are delivered on six days a week, the carrier says, and whoever is not at home finds them at a "
    "corner shop for ten days. Shops are paid for each parcel they keep, complaints go to an office in the "
    "north, and nothing that leaks, smells or breathes is carried at any price."
)


def _write_own_words(name: str, count: int) -> str:
    return " ".join(f"{name}{chr(0x3B1 + number % 24)}{'y' * (number // 24)}" for number in range(count))


def test_an_article_does_not_stay_for_a_copy_that_is_there_only_for_it(store: Store) -> None:
    one, other = (f"{STANDING} {_write_own_words(name, 60)}." for name in ("one", "other"))
    first = piece("one", one, published="2026-11-19T08:00+00:00")
    similar = piece("other", other, "daily")
    long = [
        piece(f"long-{number}", f"{_write_own_words('long' + 'z' * number, 300)}. {STANDING}", "portal")
        for number in range(4)
    ]
    copy = piece("copy", f"{other} {_write_own_words('more', 4)}.", "agency")
    _declare(store, (first, similar, copy, *long))
    add(store, first, similar)
    assert groups(store) == {frozenset({"one", "other"})}
    add(store, *long, copy)
    alone = {frozenset({f"long-{number}"}) for number in range(4)}
    assert groups(store) == {frozenset({"one"}), frozenset({"other", "copy"}), *alone}
    [link] = store.rows("SELECT article_id, of_id, why FROM copies WHERE kind <> 'contains'")
    assert set(json.loads(link["why"])["between"]) == {link["article_id"], link["of_id"]}


def _declare(store: Store, articles: tuple[Article, ...]) -> None:
    with store.writing():
        for article in articles:
            declare_source(store, article.source, "", "", "en")
