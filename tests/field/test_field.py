"""Stories and translations of the labelled set reach the required precision and recall."""

import json
from collections.abc import Callable, Iterator
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


def is_one_event(a: str, b: str) -> bool:
    return event_of(a) == event_of(b)


def is_repost(a: str, b: str) -> bool:
    return is_one_event(a, b) and {a[-1], b[-1]} <= set("orw")


def score_pairs(store: Store, group: str, is_pair: Callable[[str, str], bool]) -> tuple[float, float]:
    """Return precision and recall of a column of `articles` over all pairs of the set."""
    groups = dict(tuple(row) for row in store.rows(f"SELECT url, {group} FROM articles"))
    right = wrong = missed = 0
    for a, b in combinations(groups, 2):
        together, same = groups[a] == groups[b], is_pair(a, b)
        right += together and same
        wrong += together and not same
        missed += same and not together
    return right / (right + wrong), right / (right + missed)


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
    assert len(urls) == len(set(urls)) == 314
    assert len({event_of(url) for url in urls}) == 160
    assert {pair[side] for pair in lines("pairs.jsonl") for side in ("a", "b")} <= set(urls)
    for pair in lines("pairs.jsonl"):
        same = event_of(pair["a"]) == event_of(pair["b"])
        assert same == (pair["relation"] != "different")


def test_each_event_is_one_story(field: Store) -> None:
    precision, recall = score_pairs(field, "story_id", is_one_event)
    assert precision >= 0.97
    assert recall >= 0.85


def test_reposts_and_no_others_are_duplicates(field: Store) -> None:
    precision, recall = score_pairs(field, "canonical_id", is_repost)
    assert 2 * precision * recall / (precision + recall) >= 0.97


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


def test_digests_mention_the_stories_that_they_list_and_no_others(field: Store) -> None:
    urls = dict(tuple(row) for row in field.rows("SELECT id, url FROM articles"))
    rows = field.rows("SELECT digest, item, report FROM digest_mentions")
    assert {(event_of(urls[digest]), item, event_of(urls[report])) for digest, item, report in rows} == {
        ("weekend_0306", 1, "raise_parcelio"),
        ("rongzihui_0307", 1, "rongzi_xingmu"),
        ("rongzihui_0307", 2, "rongzi_haoku"),
        ("rongzihui_0307", 3, "rongzi_mianxian"),
    }


def test_later_reports_of_a_story_are_its_follow_ups(field: Store) -> None:
    parts = {
        tuple(row) for row in field.rows("SELECT url, part FROM story_parts JOIN articles ON id = article_id")
    }
    shown = {part for url, part in parts if url.endswith(("-f", "-f2")) and part != "first report"}
    assert shown == {"follow-up"}
    assert {part for url, part in parts if url.endswith("-w")} == {"copy"}
    firsts = field.row("SELECT count(*) FROM story_parts WHERE part = 'first report'")
    assert firsts is not None
    assert firsts[0] == len(field.rows("SELECT id FROM stories"))


def test_the_seeds_are_four_stories(store: Store) -> None:
    for name, day in SEED_DAYS.items():
        text = (SEEDS / f"{name}.txt").read_text("utf-8")
        seed = {"url": f"https://seeds.example/{name}", "text": text, "published": day}
        add(store, {**seed, "source": "seeds", "title": ""})
    found = [row["story_id"] for row in store.rows("SELECT story_id FROM articles ORDER BY id")]
    assert found[0] == found[1]
    assert len(set(found)) == 4
