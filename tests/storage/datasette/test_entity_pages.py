"""The page of an entity and the comparison: any name, weeks without an article as zero."""

import re
from urllib.parse import quote

import pytest

from shopwire.storage.database import Store
from tests.storage.datasette.test_app import Get, build_getter, write


@pytest.fixture
def get(store: Store) -> Get:
    write(
        store,
        {"title": "淘宝上线新频道", "text": "淘宝卖出3.5亿元。", "language": "zh", "published": "2026-06-01"},
        {
            "title": "Court fines Taobao and Temu",
            "text": "Others paid 9,000,000.",
            "published": "2026-06-15",
        },
        {"title": "Nothing of it", "text": "at all", "published": "2026-06-16"},
    )
    return build_getter(store)


@pytest.mark.parametrize("name", ["淘宝", "淘寶", "TAOBAO", "手机淘宝"])
def test_any_name_leads_to_the_entity(get: Get, name: str) -> None:
    answer = get(f"/entity/{name}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/entity/Taobao")


def test_an_entity_has_names_weeks_articles_figures_and_a_feed(get: Get) -> None:
    page = get("/entity/Taobao").text
    assert "手机淘宝" in page
    weeks = re.findall(r"<title>week of (\S+): (\d+)</title>", page)
    assert len(weeks) == 26
    assert weeks[-3:] == [("2026-06-01", "1"), ("2026-06-08", "0"), ("2026-06-15", "1")]
    assert 'href="/article/1"' in page
    assert "淘宝卖出3.5亿元" in page
    assert "Others paid" not in page
    assert 'href="/entity/Temu"' in page
    assert "/shopwire/articles_naming.atom?name=Taobao" in page
    assert get("/shopwire/articles_naming.atom?name=Taobao").status_code == 200


@pytest.mark.parametrize("name", ["Procter & Gamble", "L'Oréal", "Yu'e Bao", "1+6+N", "J&T Express"])
def test_every_sign_of_a_name_stands_in_its_address(get: Get, name: str) -> None:
    answer = get(f"/entity/{quote(name, safe='')}", follow_redirects=False)
    assert answer.status_code == 200


def test_an_unknown_name_is_not_found(get: Get) -> None:
    assert get("/entity/nobody").status_code == 404


def test_names_are_compared_by_week(get: Get) -> None:
    page = get("/compare", params={"names": "淘宝, temu,Taobao"}).text
    rows = [
        tuple(re.sub("<.*?>", "", cell) for cell in re.findall("<t[dh]>(.*?)</t[dh]>", row))
        for row in re.findall("<tr>(.*?)</tr>", page)
    ]
    assert rows[0] == ("week of", "Taobao", "Temu")
    assert rows[1] == ("all weeks", "2", "1")
    assert rows[2:5] == [("2026-06-15", "1", "1"), ("2026-06-08", "0", "0"), ("2026-06-01", "1", "0")]
    assert page.count("<polyline") == 2


@pytest.mark.parametrize(
    ("names", "lines"), [("", 0), ("Taobao", 0), ("a,b,c,d,e,f", 5), ("Taobao，Temu", 2), ("x,<b>", 2)]
)
def test_two_to_five_names_are_compared(get: Get, names: str, lines: int) -> None:
    answer = get("/compare", params={"names": names})
    assert answer.status_code == 200
    assert answer.text.count("<polyline") == lines
    heading = answer.text.partition("<h1>")[2].partition("</h1>")[0]
    assert heading.count(",") == max(lines - 1, 0)
    assert "<b>" not in heading
