"""The lead of a report says what it is about."""

import pytest

from shopwire.pipelines.nlp.slots import mark_text
from shopwire.pipelines.stories.subjects import cut_lead, have_common_subject, mark_lead

COURIERS = "成交额同比增长两成,门店数超过三百家,平台补贴是主要原因,骑手人数也有增加。"
HEADLINE = "临川驿站新开门店"


def test_the_lead_is_headline_and_first_sentence_without_dateline() -> None:
    dateline = "某社南昌4月2日电(记者林若溪)"
    text = f"{HEADLINE}一百二十家,全部在县城\n{dateline}临川驿站今年新开门店一百二十家。{COURIERS}"
    assert cut_lead(text) == "临川驿站新开门店一百二十家,全部在县城\n临川驿站今年新开门店一百二十家。"


def test_the_lead_of_a_text_without_headline_is_two_sentences() -> None:
    text = "Brindle Post opened six rooms. They stand in Harrow and cost a million. Nobody came."
    assert cut_lead(text) == "Brindle Post opened six rooms.\nThey stand in Harrow and cost a million."


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Brindle Post opens rooms in Harrow", "Harrow gets six rooms from Brindle Post", True),
        ("Brindle Post opens rooms in Harrow", "Marlow Pantry opens depots in Norwich", False),
        ("Brindle Post opens rooms in Harrow", "Six rooms, and nobody came", False),
        ("Vetter met Ostrem while Quell saw Sarn and Delph in Harrow", "Harrow opens six rooms", False),
        ("Vetter met Ostrem while Quell saw Delph in Harrow", "Harrow opens six rooms", True),
        ("Rooms for parcels are opened", "Six rooms, and nobody came", True),
    ],
)
def test_reports_of_one_event_name_what_the_other_lead_names(one: str, other: str, expected: bool) -> None:
    texts = [
        f"{title}\nSo it was said on the day, and costs were named. {title} again." for title in (one, other)
    ]
    assert have_common_subject(*(mark_text("", text) for text in texts)) is expected


def test_a_headline_that_is_repeated_leaves_room_for_the_first_sentence() -> None:
    headline = "Brindle Post opens six rooms in Harrow"
    first = "The rooms cost a million, said the mayor."
    marked = mark_text("", f"Home: {headline}\n{headline}\n{first}\nNobody came.")
    assert mark_lead(marked).words == mark_text("", f"Home: {headline}\n{first}").words


@pytest.mark.parametrize("source", ["", ",新华社报道"])
def test_two_provinces_are_no_common_subject_and_an_agency_is_none(source: str) -> None:
    texts = [
        mark_text(
            "", f"{place}快递件数公布{source}\n{place}省三月件数今日公布。{COURIERS}{place}下月再公布。"
        )
        for place in ("江西", "甘肃")
    ]
    assert not have_common_subject(*texts)
