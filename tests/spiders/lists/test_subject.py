"""Entries of general lists are told by title and category."""

import re
from typing import Any

import pytest

from shopwire.spiders.feed import FeedSource
from shopwire.spiders.lists.read_list import read_list
from shopwire.spiders.lists.reading import ListedLink, Tally
from shopwire.spiders.lists.subject import build_subject_pattern, is_about
from shopwire.spiders.readers.list_body import ListBody
from shopwire.spiders.readers.read_part import Choice

ECOMMERCE = build_subject_pattern(True)


@pytest.mark.parametrize(
    "title",
    [
        "某平台下调商家佣金",
        "跨境包裹新规出台",
        "電商平台調整運費補助",
        "楽天市場の出店料を改定",
        "通販大手が新倉庫",
        "쿠팡 물류센터 확장",
        "Marketplace raises fees for sellers",
        "Retailers brace for tariffs",
        "Neue Regeln für Händler auf Marktplätzen",
        "Las ventas del comercio electrónico crecen",
        "Varejo prevê alta nas vendas",
        "Temu 在欧洲遇阻",
    ],
)
def test_titles_of_e_commerce_are_wanted_in_every_language(title: str) -> None:
    assert is_about(ECOMMERCE, title, ())


@pytest.mark.parametrize(
    "title",
    [
        "苹果发布新款手机",
        "新型火箭成功发射",
        "A study of ecology in the Alps",
        "OpenAI releases another model",
        "Neuer Roman gewinnt Preis",
        "新作アニメの放送日が決定",
    ],
)
def test_other_titles_are_not(title: str) -> None:
    assert not is_about(ECOMMERCE, title, ())


def test_a_category_counts_as_the_title_does() -> None:
    assert is_about(ECOMMERCE, "Quarterly results", ("Business", "E-Commerce"))
    assert not is_about(ECOMMERCE, "Quarterly results", ("Business",))


def test_words_and_patterns_of_one_s_own() -> None:
    words = build_subject_pattern(("tea", "奶茶"))
    assert is_about(words, "The tea market", ())
    assert not is_about(words, "A new team", ())
    assert is_about(words, "茶饮与奶茶之争", ())
    assert is_about(build_subject_pattern(r"\bcoffee|咖啡"), "Coffee prices", ())
    assert build_subject_pattern(False) is None
    assert build_subject_pattern(()) is None
    with pytest.raises(re.error):
        build_subject_pattern("(")


def test_without_a_title_nothing_is_left_out() -> None:
    assert is_about(ECOMMERCE, "", ())


def test_categories_of_rss_atom_and_json_are_read() -> None:
    rss = b"<rss><item><link>https://a.example/1</link><category>Retail</category></item></rss>"
    atom = b"<feed><entry><link href='https://a.example/1'/><category label='Retail'/></entry></feed>"
    feed = b'{"items":[{"url":"https://a.example/1","tags":["Retail"]}]}'
    assert [next(read_list(body)).categories for body in (rss, atom, feed)] == [("Retail",)] * 3


def test_a_crawl_leaves_out_what_is_off_subject_and_counts_it() -> None:
    class General(FeedSource):
        name = "general"
        home = "https://a.example/"
        feeds = ["https://a.example/feed"]
        about = True

    items = "".join(
        f"<item><title>{title}</title><link>https://a.example/{number}</link></item>"
        for number, title in enumerate(("Sellers pay more", "Rain tomorrow", "A marketplace opens"))
    )
    source: Any = General()
    tally = Tally()
    body = ListBody("https://a.example/feed", f"<rss><channel>{items}</channel></rss>".encode())
    chosen = Choice(None, source.subject).choose(source.build_entry_reader().read(body), tally)
    assert [one.url for one in chosen if isinstance(one, ListedLink)] == [
        "https://a.example/0",
        "https://a.example/2",
    ]
    assert tally.describe(None) == "3 links, 0 new, 1 off subject"
