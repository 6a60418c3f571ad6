"""A snippet marks the hits that search found, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwire.storage.search.snippets import build_snippet, iterate_hits, mark_hits


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("天猫双11开启预售", "双11", "天猫【双11】开启预售"),
        ("淘宝、抖音和淘宝", "淘宝 抖音", "【淘宝】、【抖音】和【淘宝】"),
        ("臺灣快遞與電商", "电商 快递", "臺灣【快遞】與【電商】"),
        ("ＴＥＭＵ goes live", "temu", "【ＴＥＭＵ】 goes live"),
        ("Live-streaming is streaming", '"live streaming"', "【Live-streaming】 is streaming"),
        ("Artemus is not Temu", "temu", "Artemus is not 【Temu】"),
        ("淘宝 but not Temu", "淘宝 -temu", "【淘宝】 but not Temu"),
        ("nothing of it", "淘宝", "nothing of it"),
        ("nothing of it", "?!", "nothing of it"),
        ("two\nlines", "lines", "two 【lines】"),
        ("Well… then Temu… and temu", "temu", "Well… then 【Temu】… and 【temu】"),
        ("a㍿b 株式会社", "a株 OR 社b", "【a㍿】b 株式会社"),
        ("Shop-a-lot, shops, shop", "shop", "【Shop】-a-lot, shops, 【shop】"),
        ("淘宝抖音", "抖音 淘宝", "【淘宝】【抖音】"),
        ("live streaming", 'live "LIVE streaming"', "【live streaming】"),
        ("live________streaming", '"live streaming"', "【live________streaming】"),
        ("live_________streaming", '"live streaming"', "live_________streaming"),
    ],
)
def test_the_hit_is_marked(text: str, words: str, expected: str) -> None:
    assert build_snippet(text, words) == expected


def test_a_hit_far_down_is_shown_with_its_context() -> None:
    text = "一" * 500 + "淘宝" + "二" * 500
    shown = build_snippet(text, "淘宝", width=30)
    assert shown == "…" + "一" * 10 + "【淘宝】" + "二" * 18 + "…"


def test_an_excerpt_has_whole_words() -> None:
    text = "Alphabetical " * 20 + "Taobao " + "beginnings " * 20
    shown = build_snippet(text, "taobao", width=90)
    assert shown == "…" + "Alphabetical " * 2 + "【Taobao】 " + "beginnings " * 3 + "beginnings…"
    assert build_snippet(text[:280], "taobao", width=300) == text[:280].replace("Taobao", "【Taobao】")


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        # An excerpt of 24 characters begins 8 before the hit, or at the first word of the next 3.
        ("a" * 18 + "  b ccccc hit", "hit", "…b ccccc 【hit】"),
        ("a" * 22 + " bbbb hit", "hit", "…bbbb 【hit】"),
        ("a" * 23 + " bbb hit", "hit", "…aaa bbb 【hit】"),
        # It ends at 24, or after the last word that ends in the 3 before.
        ("hit" + "a" * 19 + " b  c", "none", "hit" + "a" * 19 + " b…"),
        ("hit " + "a" * 17 + " bbbbbb", "hit", "【hit】 " + "a" * 17 + "…"),
        ("hit " + "a" * 16 + " bbbbbb", "hit", "【hit】 " + "a" * 16 + " bbb…"),
        # But not within the hit.
        ("a" * 7 + " " + "b" * 14 + " c d", '"' + "b" * 14 + ' c"', "a" * 7 + " 【" + "b" * 14 + " c】…"),
        ("a" * 20 + " hit", "hit", "a" * 20 + " 【hit】"),
        ("a" * 10 + " hit " + "b" * 9 + " cc", "hit", "…" + "a" * 7 + " 【hit】 " + "b" * 9 + " cc"),
        ("a" * 10 + " hit " + "b" * 12, "hit", "…" + "a" * 7 + " 【hit】 " + "b" * 12),
    ],
)
def test_an_excerpt_begins_and_ends_with_a_word_where_one_is_near(
    text: str, words: str, expected: str
) -> None:
    assert build_snippet(text, words, width=24) == expected


def test_an_excerpt_has_90_characters_where_nobody_says_how_many() -> None:
    assert build_snippet("一" * 91, "二") == "一" * 90 + "…"
    assert mark_hits("一" * 91, "二") == [("一" * 90, False), ("…", False)]
    assert build_snippet("一" * 90, "二") == "一" * 90


@given(st.text(), st.text(max_size=20))
def test_the_pieces_are_a_part_of_the_text(text: str, words: str) -> None:
    pieces = mark_hits(text, words, width=max(1, len(text)))
    assert all(0 <= start < end <= len(text) for start, end in iterate_hits(text, words))
    shown = "".join(piece for piece, _ in pieces)
    assert shown.strip("…") in text.replace("\n", " ") or "…" in text
