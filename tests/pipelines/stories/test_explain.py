"""Why two articles are one story is explained in words of the text."""

import pytest

from shopwire.pipelines.stories.explain import list_common_features

ENGLISH = "Retailers said on Oct. 24 that commercial warehouses supply Taobao."
CHINESE = "義烏的倉庫為商家供貨。"


def test_numbers_and_names_are_said_as_people_write_them() -> None:
    marks = ["date:1024", "about:6e+08", "amount:6e+08", "percent:12.5", "person:Luo Yonghao"]
    assert list_common_features(marks, [], "") == ["10-24", "600,000,000", "12.5%", "Luo Yonghao"]


def test_a_stem_is_shown_as_the_word_of_the_text() -> None:
    stems = ["commerc", "commerci", "warehous", "retail", "suppli"]
    words = ["commercial", "warehouses", "retailers", "supply"]
    assert list_common_features([], stems, ENGLISH) == words


def test_a_stem_is_shown_as_the_chinese_word_that_means_it() -> None:
    assert list_common_features([], ["warehous"], CHINESE) == ["仓库"]


@pytest.mark.parametrize("marks", [["platform:Taobao"], ["name:taobao", "platform:Taobao"]])
def test_nothing_is_said_twice(marks: list[str]) -> None:
    assert len(list_common_features(marks, ["taobao"], ENGLISH)) == 1
