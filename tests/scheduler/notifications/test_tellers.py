"""Services are told of each match and of each change of health once, whatever fails."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shopwire.pipelines.forget import forget_url
from shopwire.pipelines.store_article import store_page
from shopwire.scheduler.notifications import services
from shopwire.scheduler.notifications.notifier import LONGEST_PAUSE, Notifier, build_tellers
from shopwire.scheduler.notifications.tellers import find_last_time
from shopwire.storage.configuration.options import Configuration, Notifications, Watch
from shopwire.storage.crawl_log.events import record_health
from shopwire.storage.database import Store
from shopwire.storage.errors import StoreError
from tests.scheduler.daemons import Clock
from tests.support.listener import Listener, listening
from tests.support.makers import a_page, an_article

WATCH = Watch(words="Taobao")
WORDS = [
    "parcels",
    "sellers",
    "fees",
    "offices",
    "buyers",
    "lockers",
    "ports",
    "films",
    "courts",
    "taxes",
    "loans",
    "games",
]


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as opened:
        yield opened


def add_articles(store: Store, *numbers: int) -> None:
    """Store articles of texts that share nothing but a name."""
    for number in numbers:
        url = f"https://blog.example/{number}"
        word = WORDS[number % len(WORDS)]
        text = f"Taobao {word} {number} " + " ".join(f"{word}{number}x{one}" for one in range(40))
        store_page(store, a_page(url), an_article(url=url, title=f"Article {number}", text=text), None)


def fall_ill(store: Store, *statuses: str) -> None:
    for status in statuses:
        with store.writing():
            record_health(store, "blog", Clock().now, status, 'the server said <no> & "never"')


class Desk:
    """A notifier of one watch and of health, with clocks that are set by hand."""

    def __init__(self, store: Store, url: str, watch: Watch = WATCH, zone: str = "UTC") -> None:
        self.store, self.clock, self.seconds = store, Clock(), 0.0
        told = Notifications((url,), zone)
        configuration = Configuration(notifications=told, watches={"name": watch})
        tellers = build_tellers(configuration, self.clock)
        self.notifier = Notifier(tellers, threading.Event(), lambda: self.seconds)
        self.notifier.begin(store)

    def run(self) -> None:
        self.seconds += LONGEST_PAUSE
        self.notifier.run(self.store)


def test_each_match_is_told_once_and_none_from_before(store: Store, listener: Listener) -> None:
    add_articles(store, 1)
    desk = Desk(store, listener.url)
    add_articles(store, 2, 3)
    desk.run()
    desk.run()
    add_articles(store, 4)
    again = Desk(store, listener.url)
    again.run()
    assert listener.list_titles() == ["Article 2", "Article 3", "Article 4"]
    assert [one["title"] for one in listener.heard] == [
        "shopwire: name: 2 new articles",
        "shopwire: name: 1 new article",
    ]
    assert "A blog · 2026-11-22 08:00 UTC\nhttps://blog.example/2" in listener.heard[0]["message"]


@pytest.mark.parametrize("status", [301, 302, 307, 404, 500])
def test_what_is_refused_is_told_again(
    store: Store, listener: Listener, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(store, listener.url)
    add_articles(store, 1)
    fall_ill(store, "blocked")
    listener.answer = lambda: status
    desk.run()
    desk.run()
    assert (len(listener.heard), len(listener.refused)) == (0, 4)
    assert store.row("SELECT trouble FROM watch_services")[0].endswith("has not accepted a message")
    listener.answer = lambda: 200
    desk.run()
    assert listener.list_titles() == [
        'blog, 2026-11-22 08:00 UTC: new → blocked: the server said <no> & "never"',
        "Article 1",
    ]
    assert store.row("SELECT trouble FROM watch_services")[0] == ""
    assert caplog.text.count("watch name to") == 1, "a failure is logged when it begins"
    assert "s3cr3t" not in caplog.text


def test_a_service_that_fails_is_left_alone_for_longer_and_longer(store: Store, listener: Listener) -> None:
    desk = Desk(store, listener.url)
    add_articles(store, 1)
    listener.answer = lambda: 500
    asked = []
    for second in range(0, 120, 15):
        desk.seconds = float(second)
        desk.notifier.run(store)
        asked.append(len(listener.refused))
    assert asked == [1, 2, 2, 3, 3, 3, 3, 4]


def test_a_long_list_comes_in_several_messages_and_goes_on_after_a_failure(
    store: Store, listener: Listener
) -> None:
    desk = Desk(store, listener.url)
    add_articles(store, *range(50))
    answers = iter([200, 500, 200, 200])
    listener.answer = lambda: next(answers)
    desk.run()
    desk.run()
    assert listener.list_titles() == [f"Article {number}" for number in range(50)]


def test_a_digest_comes_once_a_day_at_its_time(store: Store, listener: Listener) -> None:
    # 8 o'clock in UTC is 16 o'clock in Shanghai.
    desk = Desk(store, listener.url, replace(WATCH, digest_at="17:30"), "Asia/Shanghai")
    add_articles(store, 1, 2)
    for minutes, told in [(30, 0), (59, 0), (1, 1), (60, 1), (24 * 60, 1)]:
        desk.clock.now += timedelta(minutes=minutes)
        desk.run()
        assert len(listener.heard) == told
    add_articles(store, 3)
    desk.run()
    assert len(listener.heard) == 1
    desk.clock.now += timedelta(days=1)
    desk.run()
    assert listener.list_titles() == ["Article 1", "Article 2", "Article 3"]


@pytest.mark.parametrize(
    ("now", "last"),
    [("2026-11-22T00:29", "2026-11-21T00:30"), ("2026-11-22T00:30", "2026-11-22T00:30")],
)
def test_the_last_time_is_that_of_its_zone(now: str, last: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert find_last_time("08:30", ZoneInfo("Asia/Shanghai"), moment) == datetime.fromisoformat(last).replace(
        tzinfo=UTC
    )


@contextmanager
def locking(store: Store) -> Iterator[None]:
    """Hold the store by another connection, without its own waiting for that."""
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with store.without_waiting():
            yield
        other.execute("ROLLBACK")


def test_a_match_that_could_not_be_recorded_is_not_told_again(store: Store, listener: Listener) -> None:
    desk = Desk(store, listener.url)
    add_articles(store, 1)
    fall_ill(store, "blocked")
    with locking(store):
        desk.run()
        desk.run()
    desk.run()
    assert len(listener.heard) == 2
    assert store.row("SELECT count(*) FROM watch_deliveries")[0] == 1


def test_what_could_not_be_recorded_is_recorded_at_the_end(store: Store, listener: Listener) -> None:
    desk = Desk(store, listener.url)
    add_articles(store, 1)
    fall_ill(store, "blocked")
    with locking(store):
        desk.run()
    desk.notifier.stopping.set()
    desk.run()
    desk.notifier.finish(store)
    Desk(store, listener.url).run()
    assert len(listener.heard) == 2


def test_what_can_never_be_recorded_is_logged(
    store: Store, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(store, listener.url)
    add_articles(store, 1)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with store.without_waiting():
            desk.run()
            desk.notifier.finish(store)
        other.execute("ROLLBACK")
    assert "database is locked; the last message will be sent again" in caplog.text


def test_a_service_of_short_messages_gets_whole_ones(store: Store, listener: Listener) -> None:
    desk = Desk(store, listener.url)
    desk.notifier.tellers[1].service = replace(desk.notifier.tellers[1].service, longest_body=150)
    add_articles(store, *range(7))
    desk.run()
    assert listener.list_titles() == [f"Article {number}" for number in range(7)]
    assert [one["message"].count("Article") for one in listener.heard] == [2, 2, 2, 1]


@pytest.mark.parametrize(
    ("options", "seconds"), [("", 30.0), ("?rto=7", 7.0), ("?port=1&rto=7", 7.0), ("?xrto=7", 30.0)]
)
def test_a_service_has_time_to_answer(options: str, seconds: float) -> None:
    (service,) = services.open_services([f"json://localhost/{options}"])
    (opened,) = service.target
    assert opened.socket_read_timeout == seconds
    assert opened.overflow_mode == "split"


def test_a_copy_that_becomes_the_first_is_not_told_again(store: Store, listener: Listener) -> None:
    desk = Desk(store, listener.url)
    add_articles(store, 1, 2)
    desk.run()
    with store.writing():
        store.db.execute("UPDATE articles SET canonical_id = 2 WHERE id = 1")
        store.db.execute("DELETE FROM watch_deliveries WHERE article_id = 2")
    add_articles(store, 3)
    desk.run()
    assert listener.list_titles() == ["Article 1", "Article 2", "Article 3"]


def test_a_story_is_told_once_when_it_has_grown(store: Store, listener: Listener) -> None:
    desk = Desk(store, listener.url, Watch(words="Taobao", least_sources=2))
    add_articles(store, 1, 2, 3)
    desk.run()
    assert listener.heard == []
    with store.writing():
        store.db.execute("UPDATE articles SET story_id = 1 WHERE id IN (1, 3)")
        store.db.execute("UPDATE stories SET sources = 2 WHERE id = 1")
    add_articles(store, 4)
    with store.writing():
        store.db.execute("UPDATE articles SET story_id = 1 WHERE id = 4")
    for _ in range(2):
        desk.run()
    add_articles(store, 5)
    desk.run()
    assert listener.list_titles() == ["Article 1"]
    assert "2 sources" in listener.heard[0]["message"]


def test_a_watch_that_is_changed_begins_anew(store: Store, listener: Listener) -> None:
    Desk(store, listener.url)
    add_articles(store, 1)
    desk = Desk(store, listener.url, Watch(language="en"))
    add_articles(store, 2)
    desk.run()
    assert listener.list_titles() == ["Article 2"]


def test_a_notifier_that_is_stopped_sends_nothing_more(store: Store, listener: Listener) -> None:
    desk = Desk(store, listener.url)
    add_articles(store, 1)
    desk.notifier.stopping.set()
    desk.run()
    assert listener.heard == []


def test_no_address_is_stored_and_what_is_forgotten_leaves_the_ledger(
    store: Store, listener: Listener
) -> None:
    desk = Desk(store, listener.url)
    add_articles(store, 1)
    fall_ill(store, "blocked")
    desk.run()
    files = store.path.parent.glob(f"{store.path.name}*")
    assert all(b"s3cr3t" not in file.read_bytes() for file in files)
    forget_url(store, "https://blog.example/1")
    assert store.row("SELECT count(*) FROM watch_deliveries")[0] == 0


def test_hostile_titles_stay_in_their_line(store: Store, listener: Listener) -> None:
    desk = Desk(store, listener.url)
    url = "https://blog.example/1"
    article = an_article(url=url, title="A\u202e title\n\nArticle 2 <b>" + "x" * 500, text="Taobao " * 9)
    store_page(store, a_page(url), article, None)
    desk.run()
    (title, *_) = listener.list_titles()
    assert title.startswith("A title Article 2 <b>xxx")
    assert len(title) == 200


def test_without_apprise_a_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(services, "import_module", fail)
    assert services.open_services([]) == []
    with pytest.raises(StoreError, match=r"pip install '\.\[notify\]'"):
        services.open_services(["json://localhost"])
