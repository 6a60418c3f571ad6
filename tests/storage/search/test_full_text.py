"""Search finds what a LIKE scan finds, two-character Chinese words included."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from shopwire.pipelines.store_article import store_page
from shopwire.storage.database import Store
from shopwire.storage.search.full_text import (
    build_index_text,
    build_match_query,
    index_article,
    merge_index,
    unindex_article,
)
from tests.support.makers import a_page, an_article

TEXTS = [
    "淘宝直播带货",
    "天猫双11开启预售，抖音也来了",
    "Temu is live, and streaming elsewhere",
    "live streaming grew on Temu",
    "A股电商板块；618大促",
    "淘,宝 is not the platform",
    "拼多多海外版Temu进入日本",
    "臺灣快遞業者與電商平臺簽約",
    "两岸快递和物流",
]


@pytest.fixture
def index() -> Database:
    db = Database(memory=True)
    db.execute("CREATE VIRTUAL TABLE articles_fts USING fts5(title, text, content='')")
    for number, text in enumerate(TEXTS):
        index_article(db, number, "", text)
    return db


def found(db: Database, words: str) -> set[int]:
    sql = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
    return {row[0] for row in db.execute(sql, [build_match_query(words)])}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("淘宝", {0}),
        ("直播带货", {0}),
        ("双11", {1}),
        ("天猫双11", {1}),
        ("A股", {4}),
        ("618", {4}),
        ("股", {4}),
        ("temu", {2, 3, 6}),
        ('"live streaming"', {3}),
        ("live streaming", {2, 3}),
        ("live -grew", {2}),
        ("淘宝 OR 抖音", {0, 1}),
        ("海外版Temu", {6}),
        ("快递", {7, 8}),
        ("快遞", {7, 8}),
        ("電商 -A股", {7}),
        ("电商", {4, 7}),
        ("兩岸", {8}),
        ("宝直播", {0}),
    ],
)
def test_words(index: Database, words: str, expected: set[int]) -> None:
    assert found(index, words) == expected


@pytest.mark.parametrize("words", ["", "   ", '"', "-", "?!", "OR", "-淘宝"])
def test_a_query_without_words_is_empty(words: str) -> None:
    assert build_match_query(words) == ""


def test_an_article_can_be_removed(index: Database) -> None:
    unindex_article(index, 0, "", TEXTS[0])
    assert found(index, "淘宝") == set()


def test_a_merged_index_has_one_part_and_nothing_of_what_was_removed(index: Database) -> None:
    parts = "SELECT count(DISTINCT segid) FROM articles_fts_idx"
    unindex_article(index, 0, "", TEXTS[0])
    assert index.execute(parts).fetchone()[0] > 1
    merge_index(index)
    assert index.execute(parts).fetchone()[0] == 1
    assert (found(index, "淘宝"), found(index, "双11")) == (set(), {1})


def test_an_updated_article_is_found_by_its_new_words_only(store: Store) -> None:
    for text in ("淘宝开播", "抖音开播"):
        store_page(store, a_page(), an_article(text=text), None)
    assert found(store.db, "抖音") == {1}
    assert found(store.db, "淘宝") == set()


HAN = st.text(alphabet="淘宝直播带货双十一天猫", min_size=1, max_size=8)
WORD = st.sampled_from(["11", "temu", "gmv"])
PIECES = st.lists(st.one_of(HAN, WORD, st.sampled_from([" ", "，", "\n"])), max_size=12)


@settings(max_examples=200, deadline=None)
@given(pieces=PIECES, query=HAN)
def test_a_run_of_han_is_found_exactly_where_it_occurs(pieces: list[str], query: str) -> None:
    text = "".join(pieces)
    db = Database(memory=True)
    db.execute("CREATE VIRTUAL TABLE articles_fts USING fts5(title, text, content='')")
    index_article(db, 1, "", text)
    assert found(db, query) == ({1} if query in text else set())


HAN_PAIR = re.compile("(?=([\u4e00-\u9fff]{2}))")
ANY_TEXT = st.text(max_size=60) | st.text("淘宝直播ａ1 ，\u3000ﾀ゛\U00020000a\n", max_size=40)


@given(ANY_TEXT, ANY_TEXT)
def test_every_word_of_two_han_characters_is_found(title: str, text: str) -> None:
    db = Database(memory=True)
    db.execute("CREATE VIRTUAL TABLE articles_fts USING fts5(title, text, content='')")
    index_article(db, 1, title, text)
    for field in (title, text):
        for word in HAN_PAIR.findall(field):
            assert found(db, word) == {1}


@given(st.text(max_size=200) | st.text('"-OR ()*:^+{}NEAR淘宝a\0', max_size=40))
def test_no_input_makes_an_invalid_query(words: str) -> None:
    db = Database(memory=True)
    db.execute("CREATE VIRTUAL TABLE articles_fts USING fts5(title, text, content='')")
    if build_match_query(words):
        found(db, words)


def test_the_index_text_has_pairs_and_the_last_character() -> None:
    assert re.sub(r"\s+", " ", build_index_text("淘宝直播")).strip() == "淘宝 宝直 直播 播"
