"""One entity, however a language, an outlet or a translation machine writes it."""

from collections import Counter

import pytest

from shopwire.pipelines.nlp.entities import find_entities, load_gazetteer
from shopwire.storage.text.gazetteer import GAZETTEER


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("薇娅直播", "Viya"),
        ("Weiya opened her live broadcast", "Viya"),
        ("Wei Ya’s team", "Viya"),
        ("Li Jiaqi returns", "Austin Li"),
        ("Jiaqi Li returns", "Austin Li"),
        ("taobao and Jingdong Mall", "JD.com"),
        ("on 11.11 this year", "Double 11"),
        ("Singles’ Day sales", "Double 11"),
        ("Double Eleven", "Double 11"),
        ("双11预售", "Double 11"),
        ("the tiktok live broadcast", "Douyin"),
        ("抖音开播", "Douyin"),
        ("Kwai Kwai sellers", "Kuaishou"),
        ("市场监管总局", "SAMR"),
        ("the State Administration for Market Regulation", "SAMR"),
        ("Little Red Book", "Xiaohongshu"),
    ],
)
def test_names_in_both_languages(text: str, entity: str) -> None:
    assert entity in {name.partition(":")[2] for name in find_entities(text)}


def test_the_longest_name_wins() -> None:
    assert find_entities("抖音电商") == {"platform:Douyin E-commerce"}
    assert find_entities("JD Logistics") == {"platform:JD Logistics"}


@pytest.mark.parametrize(
    "text",
    [
        "an apple a day",
        "he had to grab it",
        "a wish",
        "the noon sun",
        "5 sec",
        "soul music",
        "阿斯顿",
    ],
)
def test_common_words_are_no_names(text: str) -> None:
    assert find_entities(text) == frozenset()


def test_the_gazetteer_is_wide_and_whole() -> None:
    rows = [line.split("\t") for line in GAZETTEER.read_text("utf-8").splitlines()[1:]]
    assert len(rows) >= 400
    assert all(len(row) == 4 and row[1] and row[2] for row in rows)
    twice = [name for name, count in Counter(row[1] for row in rows).items() if count > 1]
    assert not twice
    shared = {key for key, aliases in load_gazetteer().latin.items() if len({a.entity for a in aliases}) > 1}
    assert shared == {"tiktok", "tiktok e commerce"}
    assert not [name for name, entities in load_gazetteer().chinese.items() if len(entities) > 1]
