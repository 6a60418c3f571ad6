"""Every outcome is declared whole, produced somewhere, and the only kind of word in the crawl log."""

import ast
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from shopwire.storage.crawl_log.fetches import record_fetch
from shopwire.storage.crawl_log.outcomes import (
    Health,
    Kind,
    Outcome,
    format_sql_list,
    parse_outcome,
    select_by_health,
)
from shopwire.storage.database import Store

ROOT = Path(__file__).parents[3]
PRODUCERS = ("commands", "pipelines", "spiders")


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_has_every_trait(outcome: Outcome) -> None:
    assert outcome.kind in get_args(Kind)
    assert outcome.health in get_args(Health)
    assert outcome.meaning
    assert bool(outcome.tries) is (outcome.retry_after > timedelta(0))
    assert parse_outcome(outcome.value) is outcome
    assert outcome.name == outcome.upper()


def test_a_refused_page_is_a_sign_of_a_source_without_articles() -> None:
    refused = {"thin", "list_page", "bad_html", "too_big", "elsewhere"}
    assert {one for one in Outcome if one.kind == "refused"} == refused
    assert select_by_health("thin") == refused


def test_every_outcome_is_produced_somewhere() -> None:
    """A word that nothing produces hides that another one is missing, as it once did in health."""
    produced = {
        node.attr
        for folder in PRODUCERS
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        if isinstance(node.value, ast.Name) and node.value.id == "Outcome"
    }
    assert produced == set(Outcome.__members__)


def test_the_crawl_log_takes_no_other_word(store: Store) -> None:
    page = {"source": "blog", "kind": "page", "url": "https://blog.example/1", "at": "2026-11-22"}
    with pytest.raises(ValueError, match="not_html"), store.writing():
        record_fetch(store, {**page, "outcome": "not_html", "reason": ""})
    assert store.rows("SELECT * FROM fetches") == []


def test_outcomes_in_sql_are_in_the_order_of_the_index() -> None:
    assert format_sql_list({Outcome.COPY, Outcome.STORED}) == "('stored', 'copy')"
