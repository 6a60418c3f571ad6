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


@given(st.text(), st.text(max_size=20))
def test_the_pieces_are_a_part_of_the_text(text: str, words: str) -> None:
    pieces = mark_hits(text, words, width=max(1, len(text)))
    assert all(0 <= start < end <= len(text) for start, end in iterate_hits(text, words))
    shown = "".join(piece for piece, _ in pieces)
    assert shown.strip("…") in text.replace("\n", " ") or "…" in text
