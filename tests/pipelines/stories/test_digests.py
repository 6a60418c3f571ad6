"""Issues of a series are told from reports."""

import pytest

from shopwire.pipelines.stories.digests import is_digest

ITEMS = "\n".join(f"{number}. 第{number}件事情的一句话报道。" for number in range(1, 5))


SERIES = """
跨境电商一周要闻
零售早报 | 11月9日
物流周报（第8期）
跨境電商一週匯總
Weekly digest, issue 9
The week ahead in shops
Daily news briefing
This week's retail round-up
"""


@pytest.mark.parametrize("title", SERIES.strip().splitlines())
def test_a_list_under_the_title_of_a_series_is_a_digest(title: str) -> None:
    assert is_digest(title, ITEMS)


@pytest.mark.parametrize("title", ["平台公布新规", "A digestible week for shops", "周报告诉我们什么", ""])
def test_a_list_under_another_title_is_none(title: str) -> None:
    assert not is_digest(title, ITEMS)


def test_the_first_line_is_the_title_of_a_text_without_one() -> None:
    assert is_digest("", f"跨境电商一周要闻\n{ITEMS}")
    assert not is_digest("平台公布新规", f"跨境电商一周要闻\n{ITEMS}")


def test_a_text_without_items_is_none() -> None:
    assert not is_digest("为何人人都写周报", "周报是一种负担。\n有人建议取消它。")
