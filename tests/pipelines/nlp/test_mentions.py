"""Names and figures of articles, as analysts count them."""

import pytest

from shopwire.pipelines.analyze_article import analyze_text
from shopwire.pipelines.nlp.mentions import MOST_AMOUNTS, Entity, find_amounts
from shopwire.pipelines.store_article import store_page
from shopwire.storage.database import Store
from tests.support.makers import a_page, an_article


def test_the_same_figure_in_two_languages_is_one_number() -> None:
    chinese = find_amounts("", "天猫双11成交额5403亿元，增速放缓。")
    english = find_amounts("", "The total GMV was 540.3 billion yuan. Growth slowed.")
    assert (chinese[0].value, chinese[0].unit) == (english[0].value, english[0].unit) == (5.403e11, "cny")
    assert chinese[0].sentence == "天猫双11成交额5403亿元，增速放缓。"
    assert english[0].sentence == "The total GMV was 540.3 billion yuan."


def test_a_figure_is_given_once_and_a_year_is_none() -> None:
    found = find_amounts("Sales of 2.1亿元", "2025年销售额2.1亿元，增长8.5%。再说一遍，2.1亿元。")
    assert [(one.kind, one.value) for one in found] == [("amount", 2.1e8), ("percent", 8.5)]


def test_equal_values_of_a_sentence_have_one_order() -> None:
    found = find_amounts("", "It costs $1, €1, £1 or 1元.")
    assert [one.unit for one in found] == ["cny", "eur", "gbp", "usd"]


def test_a_table_of_prices_is_cut() -> None:
    text = "\n".join(f"{number}万元" for number in range(1, 500))
    assert len(find_amounts("", text)) == MOST_AMOUNTS


def test_names_are_the_same_in_two_languages() -> None:
    chinese = analyze_text("", "李佳琦在淘寶直播，售价9元", "zh", "2025-11-11").mentions.entities
    assert chinese == analyze_text("Austin Li on Taobao Live", "", "en", "2025-11-11").mentions.entities
    assert chinese == (Entity("person", "Austin Li"), Entity("platform", "Taobao Live"))


@pytest.mark.parametrize(
    ("title", "text", "platform"),
    [
        ("Temu and Amazon", "Taobao said so.", "Temu"),
        ("TikTok cuts fees", "", "TikTok"),
        ("拼多多与淘宝", "京东", "Pinduoduo"),
        ("淘宝与Amazon", "", "Taobao"),
        ("Amazon与淘宝", "", "Amazon"),
        ("A quiet day", "Nobody came.\nShein and AliExpress did.", "SHEIN"),
        ("A quiet day", "", None),
    ],
)
def test_an_article_is_filed_under_the_platform_it_names_first(
    title: str, text: str, platform: str | None
) -> None:
    assert analyze_text(title, text, "", "2025-11-11").mentions.platform == platform


def rows(store: Store, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in store.rows(sql)]


def test_mentions_are_counted_by_the_day_and_follow_what_changes(store: Store) -> None:
    for number, day in enumerate(("2026-11-10", "2026-11-11", "2026-11-11")):
        url = f"https://blog.example/{number}"
        text = f"Temu sold goods for {number + 2} million dollars."
        store_page(store, a_page(url), an_article(url=url, text=text, published=day), None)
    counts = "SELECT day, articles FROM mentions WHERE name = 'Temu' ORDER BY day"
    assert rows(store, counts) == [("2026-11-10", 1), ("2026-11-11", 2)]
    values = "SELECT value FROM figures WHERE kind = 'amount' ORDER BY value"
    assert rows(store, values) == [(2e6,), (3e6,), (4e6,)]
    changed = an_article(
        url="https://blog.example/2", text="Shein made 7 million dollars.", published="2026-11-12"
    )
    store_page(store, a_page(changed.url), changed, None)
    assert rows(store, counts) == [("2026-11-10", 1), ("2026-11-11", 1)]
    assert rows(store, values) == [(2e6,), (3e6,), (7e6,)]


@pytest.mark.parametrize("hostile", ["1" * 10**6, "亿" * 10**5, ". " * 10**5, "1," * 10**5])
def test_a_hostile_text_takes_no_more_than_its_length(hostile: str) -> None:
    assert len(find_amounts("", hostile)) <= MOST_AMOUNTS
