"""Stories and translations of the labelled set reach the required precision and recall."""

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from tests.support.makers import an_article, store_article

FOLDER = Path(__file__).parent
SEEDS = FOLDER.parent / "newsroom" / "gold"
SEED_DAYS = {
    "000": "2022-10-27",
    "001": "2022-10-27",
    "002": "2020-08-28",
    "003": "2024-10-15",
    "004": "2021-06-03",
}


def lines(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (FOLDER / name).read_text("utf-8").splitlines()]


def event_of(url: str) -> str:
    return url.rsplit("/", 1)[1].rsplit("-", 1)[0]


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("field") / "shopwire.db") as store:
        for row in lines("articles.jsonl"):
            add(store, row)
        yield store


def add(store: Store, row: dict[str, str]) -> None:
    signs = sum("\u4e00" <= sign <= "\u9fff" for sign in row["text"])
    language = "zh" if signs > len(row["text"]) / 4 else "en"
    with store.writing():
        declare_source(store, row["source"], "", "", language)
        store_article(store, an_article(**row, language=language))


def test_the_set_is_what_its_readme_says() -> None:
    urls = [row["url"] for row in lines("articles.jsonl")]
    assert len(urls) == len(set(urls)) == 131
    assert len({event_of(url) for url in urls}) == 51
    assert {pair[side] for pair in lines("pairs.jsonl") for side in ("a", "b")} <= set(urls)
    for pair in lines("pairs.jsonl"):
        same = event_of(pair["a"]) == event_of(pair["b"])
        assert same == (pair["relation"] != "different")


def test_each_event_is_one_story(field: Store) -> None:
    story = dict(tuple(row) for row in field.rows("SELECT url, story_id FROM articles"))
    right = wrong = missed = 0
    for a, b in combinations(story, 2):
        together, same = story[a] == story[b], event_of(a) == event_of(b)
        right += together and same
        wrong += together and not same
        missed += same and not together
    assert right / (right + wrong) >= 0.98
    assert right / (right + missed) >= 0.92


def test_every_translation_is_in_the_story_of_its_original_and_marked(field: Store) -> None:
    story = dict(tuple(row) for row in field.rows("SELECT url, story_id FROM articles"))
    marked = {
        tuple(row)
        for row in field.rows(
            "SELECT t.url, o.url FROM translations JOIN articles t ON t.id = article_id "
            "JOIN articles o ON o.id = of_id"
        )
    }
    gold = [pair for pair in lines("pairs.jsonl") if pair["relation"] == "translation"]
    assert all(story[pair["a"]] == story[pair["b"]] for pair in gold)
    translations = {url for url in story if url.endswith("-t")}
    found = {(t, o) for t, o in marked if t in translations and event_of(t) == event_of(o)}
    assert len(found) / len(translations) >= 0.97
    assert len(found) / len(marked) >= 0.85


def test_the_seeds_are_four_stories(store: Store) -> None:
    for name, day in SEED_DAYS.items():
        text = (SEEDS / f"{name}.txt").read_text("utf-8")
        seed = {"url": f"https://seeds.example/{name}", "text": text, "published": day}
        add(store, {**seed, "source": "seeds", "title": ""})
    found = [row["story_id"] for row in store.rows("SELECT story_id FROM articles ORDER BY id")]
    assert found[0] == found[1]
    assert len(set(found)) == 4
