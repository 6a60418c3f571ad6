"""The query of the largest amounts finds what a look at all of them finds."""

import random
from datetime import date, timedelta

from shopwire.storage.database import Store
from shopwire.storage.datasette.pages.rendering import DATABASE
from shopwire.storage.datasette.plugin import METADATA
from tests.support.makers import an_article, store_article

SQL = METADATA["databases"][DATABASE]["queries"]["biggest_figures"]["sql"]
NEWEST = date(2026, 11, 29)
Key = tuple[str, str, str]


def test_the_five_largest_of_each_week_and_kind_are_found(store: Store) -> None:
    chance = random.Random(3)
    largest: dict[Key, set[float]] = {}
    with store.writing():
        store_article(store, an_article(published=NEWEST.isoformat()))
        for _ in range(600):
            day = NEWEST - timedelta(days=chance.randrange(28))
            counts, unit = chance.choice([("money", "cny"), ("money", "usd"), ("people", "")])
            value = float(chance.choice([chance.randrange(-20, 20), chance.randrange(1000)]))
            store.db.execute(
                "INSERT INTO figures (article_id, day, kind, value, unit, counts, sentence) "
                "VALUES (1, ?, 'amount', ?, ?, ?, '')",
                [day.isoformat(), value, unit, counts],
            )
            monday = day - timedelta(days=day.weekday())
            largest.setdefault((monday.isoformat(), counts, unit), set()).add(value)
    found: dict[Key, list[float]] = {}
    for row in store.rows(SQL):
        found.setdefault((row["week"], row["counts"], row["unit"]), []).append(row["value"])
    assert found == {key: sorted(values, reverse=True)[:5] for key, values in largest.items()}
