"""The timeline of a story gives the delay of each article in hours where it is known."""

import pytest

from shopwire.storage.database import Store
from shopwire.storage.datasette.pages.queries import TIMELINE
from shopwire.storage.datasette.pages.site_pages import compute_delays
from tests.support.makers import an_article, store_article


@pytest.mark.parametrize(
    ("first", "second", "later"),
    [
        ("2022-10-27T09:00+08:00", "2022-10-27T12:00+08:00", 3.0),
        ("2022-10-27", "2022-10-27T09:00+08:00", None),
        ("2022-10-27T09:00+08:00", "2022-10-28", None),
        ("2022-10-27", "2022-10-31", 96.0),
    ],
)
def test_a_date_without_an_hour_gives_no_delay_below_two_days(
    store: Store, first: str, second: str, later: float | None
) -> None:
    with store.writing():
        for number, published in enumerate((first, second)):
            store_article(store, an_article(url=f"https://blog.example/{number}", published=published))
        store.db.execute("UPDATE articles SET story_id = 1")
    rows = [dict(row) for row in store.rows(TIMELINE.replace(":id", "1"))]
    assert [row["hours_later"] for row in compute_delays(rows)] == [0 if len(first) > 10 else None, later]
