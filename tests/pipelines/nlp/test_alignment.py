"""Runs of words that two texts have in the same order."""

from shopwire.pipelines.nlp.alignment import Block, Run, align_words, merge_runs


def test_runs_are_as_long_as_both_texts_agree() -> None:
    assert align_words("abcdxefgh", "yabcdzefghw", 2) == [Run(0, 1, 4), Run(5, 6, 4)]


def test_a_run_in_another_order_is_left_out() -> None:
    assert align_words("abcdef", "efabcd", 2) == [Run(0, 2, 4)]


def test_a_run_that_repeats_is_no_anchor() -> None:
    assert align_words("abxab", "abyab", 2) == []


def test_texts_shorter_than_a_run_have_none() -> None:
    assert align_words([], ["a"], 2) == []


def test_runs_close_to_each_other_are_one_block() -> None:
    runs = [Run(0, 1, 4), Run(5, 6, 4), Run(30, 12, 3)]
    assert merge_runs(runs, 8) == [Block(0, 9, 1, 10, 8), Block(30, 33, 12, 15, 3)]
