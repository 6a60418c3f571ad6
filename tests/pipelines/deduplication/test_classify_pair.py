"""Copies, round-ups, teasers, translations, and what only looks like them."""

from datetime import UTC, datetime, timedelta

import pytest

from shopwire.pipelines.deduplication import classify_candidates
from shopwire.pipelines.deduplication.classify_pair import Relation
from shopwire.pipelines.deduplication.compared_pair import ComparedText
from shopwire.pipelines.deduplication.text_features import read_text_features
from tests.pipelines.prose import (
    FIRST_REPORTER,
    ONE_HAND,
    OTHER_HAND,
    PARCELS,
    RATES,
    SAID,
    SALE,
    SECOND_REPORTER,
    WAREHOUSE,
)

MORNING = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def text(number: int, body: str, **more: object) -> ComparedText:
    values = {"group": number, "source": f"site{number}", "title": "", "moment": MORNING}
    return ComparedText(
        **{"id": number, "text": body, "shingles": read_text_features(body).shorten(), **values, **more}
    )  # type: ignore[arg-type]


def judge(article: ComparedText, candidates: list[ComparedText]) -> list[Relation]:
    return classify_candidates.classify_candidates(article, candidates).relations


def verdict(one: str, other: str, **more: object) -> Relation | None:
    found = judge(text(2, one, **more), [text(1, other)])
    return found[0] if found else None


def test_a_repost_with_small_edits_is_near() -> None:
    edited = SALE.replace("announced", "said").replace("customers", "shoppers")
    found = verdict(edited + "\nClick to follow us.", SALE)
    assert found
    assert (found.article_id, found.of_id, found.kind) == (2, 1, "near")
    assert found.why["says"] == "the same words"
    assert found.why["between"] == [2, 1]
    assert 0.5 < found.score < 1


BACKGROUND = (
    "The marketplace opened its halls near Hefei in 2019 and has quarrelled with the town ever since. "
    "Lorries queue before the gates from four in the morning, and the council has asked twice for a road."
)
NEWS = (
    "Drivers blocked the gates of the halls on Tuesday and went home at noon, after the police had counted a "
    "hundred and ten lorries. Their speaker said that they would be back within a week unless somebody built "
    "a place to rest."
)
LATER_NEWS = (
    "A road for the lorries is to be built by the spring, the council decided on Thursday with nine votes to "
    "six. Half of the money comes from the firm, whose manager called it a good day for everybody who sleeps "
    "lightly."
)


def test_a_later_report_with_the_same_background_is_no_copy() -> None:
    first, later = f"{NEWS}\n{BACKGROUND}", f"{LATER_NEWS}\n{BACKGROUND}"
    assert verdict(later, first) is None
    repost = (
        f"Lorries again!\n{NEWS}\nWe wonder how the people of the town see it, and shall keep our eyes open."
    )
    assert verdict(repost, first)


def test_a_repost_that_drops_the_opening_is_a_copy_if_most_is_taken_over() -> None:
    sentences = SALE.split(". ")
    repost = f"What a year this was for those who sell.\n{'. '.join(sentences[2:])}"
    assert verdict(repost, SALE)


def test_unrelated_articles_are_nothing_to_each_other() -> None:
    assert verdict(SALE, WAREHOUSE) is None


def test_the_form_filled_in_with_other_numbers_is_no_copy() -> None:
    tuesday = RATES.format(day=17, count=412, last=388, share=6.2, rate=7.11, pieces=91)
    wednesday = RATES.format(day=18, count=377, last=412, share=8.5, rate=7.13, pieces=84)
    assert verdict(wednesday, tuesday) is None
    found = verdict(tuesday.replace("parcels", "packages"), tuesday)
    assert found
    assert found.kind == "near"


def test_a_round_up_contains_its_items_and_is_no_copy_of_them() -> None:
    roundup = "\n".join(["The week in e-commerce", WAREHOUSE, PARCELS, SALE])
    found = verdict(roundup, SALE)
    assert found
    assert (found.article_id, found.of_id, found.kind) == (2, 1, "contains")
    turned = verdict(SALE, roundup)
    assert turned
    assert (turned.article_id, turned.of_id, turned.kind) == (1, 2, "contains")


def test_a_teaser_is_a_copy_of_what_it_begins() -> None:
    whole = "\n".join([SALE, WAREHOUSE])
    words = SALE.split(" ")
    found = verdict(" ".join(words[: len(words) * 3 // 4]) + " ...\nRead more", whole)
    assert found
    assert (found.kind, found.why["says"]) == ("near", "the beginning of the longer one")


def test_two_translations_of_one_article_are_near() -> None:
    found = verdict(ONE_HAND, OTHER_HAND)
    assert found
    assert found.kind == "near"
    assert "sentence by sentence" in found.why["says"]
    assert found.why["of_the_shorter"] < 0.26


def test_of_many_numbers_two_translations_have_nearly_all_in_common() -> None:
    shops = " The firm has {} halls, {} of them abroad, and {} shops."
    one = ONE_HAND + shops.format(85, 17, 640)
    assert verdict(one, OTHER_HAND + shops.format(85, 17, 640))
    assert (
        verdict(one, OTHER_HAND.replace("38", "41").replace("1,300", "2,150") + shops.format(85, 17, 710))
        is None
    )


def test_a_title_of_its_own_raises_the_bar() -> None:
    half = SALE[: len(SALE) // 2] + WAREHOUSE[: len(SALE) // 2]
    same = judge(text(2, half, title="A record sale again"), [text(1, SALE, title="A record sale again")])
    other = judge(text(2, half, title="New halls in Hefei"), [text(1, SALE, title="A record sale again")])
    assert [found.kind for found in same] == ["near"]
    assert [found.kind for found in other if found.kind == "near"] == []


def test_a_second_report_of_one_occasion_is_no_copy_under_its_own_title() -> None:
    first = text(1, f"{FIRST_REPORTER}\n{SAID}", title="商务部：网上零售额保持稳定增长")
    second = f"{SAID}\n{SECOND_REPORTER}"
    assert judge(text(2, second, title="七日无理由退货办法将修订"), [first]) == []
    assert [found.kind for found in judge(text(2, second, title=first.title), [first])] == ["near"]
    reworded = first.text.replace("他", "该负责人").replace("表示", "称").replace("今年", "本年")
    retitled = judge(text(2, reworded, title="七日无理由退货办法将修订"), [first])
    assert [found.kind for found in retitled] == ["near"]


def test_time_dims_a_resemblance_but_not_an_identity() -> None:
    half = SALE[: len(SALE) // 2] + WAREHOUSE[: len(SALE) // 2]
    later = {"moment": MORNING + timedelta(days=90)}
    assert verdict(half, SALE)
    assert verdict(half, SALE, **later) is None
    found = verdict(SALE + " Indeed.", SALE, **later)
    assert found
    assert found.score > 0.9


def test_pages_of_one_site_that_share_only_its_frame_are_no_copies() -> None:
    frame = "\n".join(f"{PARCELS} Part {number} of our terms of use." for number in range(2))
    one, other = f"{frame}\n{SALE}", f"{frame}\n{WAREHOUSE}"
    assert judge(text(2, one, source="blog"), [text(1, other, source="blog")]) == []
    assert judge(text(2, one), [text(1, other)]) != []


def test_what_many_unrelated_articles_share_weighs_little() -> None:
    opening = SALE[: len(SALE) // 2]
    articles = [
        text(number, f"{opening}\n{' '.join(f'tale{number}of{word}' for word in range(60))}")
        for number in range(1, 8)
    ]
    alone = judge(articles[0], articles[1:2])
    among = judge(articles[0], articles[1:])
    assert [found.of_id for found in alone] == [2]
    assert [found.of_id for found in among if found.of_id == 2] == []


def test_one_inserted_paragraph_makes_no_copy_of_its_source() -> None:
    mixed = f"{SALE}\n{WAREHOUSE[: len(SALE) // 2]}"
    found = judge(text(3, mixed), [text(1, SALE), text(2, WAREHOUSE)])
    assert [one.of_id for one in found if one.kind == "near"] == [1]


def test_what_its_own_kin_share_is_no_template() -> None:
    words = OTHER_HAND.split(" ")
    reworded = " ".join(f"{word}x" if place % 5 == 0 else word for place, word in enumerate(words))
    found = judge(text(2, reworded), [text(1, ONE_HAND), text(3, f"{reworded}\nRead on.")])
    assert {near.of_id for near in found if near.kind == "near"} == {1, 3}


@pytest.mark.parametrize("days", [-1, 1])
def test_a_round_up_contains_its_items_whichever_came_first(days: int) -> None:
    roundup = "\n".join([WAREHOUSE, PARCELS, SALE])
    found = verdict(roundup, SALE, moment=MORNING + timedelta(days=days))
    assert found
    assert (found.kind, found.article_id, found.of_id) == ("contains", 2, 1)


def test_a_second_translation_in_a_group_of_its_own_is_met_as_well() -> None:
    words = ONE_HAND.split(" ")
    beginning = " ".join(words[: len(words) * 4 // 10]) + "..."
    found = judge(text(3, ONE_HAND), [text(1, beginning), text(2, OTHER_HAND)])
    assert {one.of_id for one in found} == {1, 2}


@pytest.mark.parametrize("body", ["", "…", "one", "一"])
def test_texts_of_almost_nothing_are_judged_without_error(body: str) -> None:
    assert judge(text(2, body), [text(1, SALE), text(3, "")]) == []
    assert len(read_text_features(body).keys) <= 1


FLASH = (
    "{firm}首家{city}门店今日开业，营业面积{size}平方米，由{name}担任店长。门店提供三十分钟送达服务，"
    "商品{goods}种，价格与线上一致。公司表示，年内还将在当地再开{more}家门店。"
)
OPENED = {"firm": "青柚超市", "city": "绵阳", "size": 1200, "name": "白秋实", "goods": 5400, "more": 12}


def test_short_news_of_two_firms_on_one_form_are_no_copies() -> None:
    other = {"firm": "拾谷便利", "city": "襄阳", "size": 860, "name": "纪雨眠", "goods": 2100, "more": 7}
    assert verdict(FLASH.format(**other), FLASH.format(**OPENED)) is None


def test_a_repost_under_its_own_title_says_which_words_it_took() -> None:
    flash = FLASH.format(**OPENED)
    first = text(1, flash, title="青柚超市绵阳首店开业")
    repost = text(2, f"周末好去处来了。\n{flash}\n你会去逛吗？", title="排队的人从一楼站到了三楼")
    [found] = judge(repost, [first])
    assert found.kind == "near"
    assert found.why["runs"][0].startswith("青柚超市首家绵阳门店今日开业")
    assert found.why["numbers_different"] == found.why["names_different"] == 0


OWN_WORDS = 20


def test_quotations_in_another_order_make_no_copy() -> None:
    quoted = [f"{sentence.strip(' .')}." for sentence in f"{SALE} {WAREHOUSE}".split(". ")]
    turned = quoted[len(quoted) // 2 :] + quoted[: len(quoted) // 2]

    def report(sentences: list[str], own: str) -> str:
        words = " ".join(f"{own}{letter}" for letter in map(chr, range(0x3B1, 0x3B1 + OWN_WORDS)))
        return " ".join(f"{sentence} {words} {number * 'y'}." for number, sentence in enumerate(sentences, 1))

    found = verdict(report(quoted, "one"), report(quoted, "two"))
    assert found
    assert found.kind == "near"
    assert verdict(report(quoted, "one"), report(turned, "two")) is None
