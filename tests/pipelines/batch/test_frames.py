"""What repeats over unrelated texts of a site is found, and nothing of what one report repeats."""

import random

from hypothesis import given
from hypothesis import strategies as st

from shopwire.pipelines.batch.frames import find_frames, find_frames_by_site, select_learned
from shopwire.storage.text.folding import hash_line
from tests.support.site_server import write_sentences

FRAME = "Read our weekly letter on trade and travel."


def write_text(seed: object, *frames: str) -> str:
    return "\n".join([*write_sentences(seed), *frames])


def test_a_line_of_four_unrelated_texts_is_a_frame() -> None:
    texts = [write_text(number, FRAME) for number in range(4)]
    assert find_frames(texts) == {hash_line(FRAME): 4}
    assert find_frames(texts[:3]) == {hash_line(FRAME): 3}
    assert find_frames(texts[:1]) == {}


def test_versions_of_one_report_count_once() -> None:
    report = write_sentences("report")
    versions = ["\n".join([*report[:5], f"Corrected at {hour}."]) for hour in range(9)]
    assert find_frames(versions) == {}
    texts = [
        *("\n".join([version, FRAME]) for version in versions),
        *(write_text(n, FRAME) for n in range(2)),
    ]
    assert find_frames(texts) == {hash_line(FRAME): 3}


def test_the_same_text_counts_once() -> None:
    assert find_frames([write_text(1, FRAME)] * 9) == {}


@given(st.permutations(range(7)))
def test_the_order_of_unrelated_texts_changes_nothing(order: list[int]) -> None:
    others = [FRAME, "Subscribe here.", "All of our shops."]
    texts = [write_text(number, *random.Random(number).sample(others, 2)) for number in range(7)]
    assert find_frames(texts[number] for number in order) == find_frames(texts)


def test_each_site_has_its_own() -> None:
    texts = [("a", write_text(n, FRAME)) for n in range(5)] + [
        ("b", write_text(f"b{n}", FRAME)) for n in range(2)
    ]
    found = dict(find_frames_by_site(texts))
    assert found == {"a": {hash_line(FRAME): 4}, "b": {hash_line(FRAME): 2}}


def test_what_was_counted_before_counts() -> None:
    assert list(select_learned({1: 2, 2: 3, 3: 4}, {1: 1, 2: 1})) == [2, 3]
