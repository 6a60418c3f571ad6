"""Kill the daemon with SIGKILL at random points while it tells what a watch has found, many times.

`python -m tests.faults.killed_notifier --kills 200` prints the result as JSON, and exits with 1 if a match
was not told, or was told again after the service had accepted it. The service refuses at random.
With `--sender` the process that sends is killed too, as when the machine loses its power: what was accepted
and not recorded then comes again, and only what was told again although it was recorded is an error.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from shopwire.pipelines.store_article import store_page
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from tests.support.crawling import environment
from tests.support.listener import Listener, listening
from tests.support.makers import a_page, an_article

SOURCE = "newsroom_crown"
NOTHING_LISTENS = 9
REFUSED = 0.3
MOST_SECONDS = 300.0
TOML = '[notifications]\napprise = ["{url}"]\n[watches.taobao]\nwords = "Taobao"\n'
WORKS = "SELECT 1 FROM heartbeat WHERE pid = ?"
# No daemon crawls: only its messages count here.
NOT_DUE = "UPDATE schedule SET next_due = strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '+20 hours')"
RECORDED = "SELECT article_id FROM watch_deliveries"


@dataclass
class Found:
    """The result. A match is `repeated` if the service has accepted it twice."""

    kills: int = 0
    with_sender: bool = False
    matches: int = 0
    refused: int = 0
    repeated: int = 0
    untold: int = 0
    told_after_recorded: int = 0

    @property
    def bad(self) -> int:
        """The number of errors."""
        return self.untold + self.told_after_recorded + (0 if self.with_sender else self.repeated)


def add_articles(store: Store, count: int) -> None:
    """Store so many articles that match, with texts that share nothing else."""
    first = store.row("SELECT coalesce(max(id), 0) FROM articles")[0] + 1
    for number in range(first, first + count):
        text = f"Taobao {number} " + " ".join(f"w{number}x{one}" for one in range(30))
        url = f"https://blog.example/{number}"
        store_page(store, a_page(url), an_article(url, text, title=f"Article {number}"), None)


def read_told(listener: Listener, start: int = 0) -> list[int]:
    """Return the numbers of the articles that were accepted, from a message on."""
    return [
        int(part.split("\n")[0].removeprefix("Article "))
        for one in listener.heard[start:]
        for part in one["message"].split("\n\n")
        # Changes of health are told too.
        if part.startswith("Article ")
    ]


def start_daemon(home: Path) -> subprocess.Popen[bytes]:
    """Return a daemon of a source that cannot be reached."""
    command = [sys.executable, "-m", "shopwire.commands", "daemon", SOURCE]
    with (home / "daemon.log").open("ab") as log:
        return subprocess.Popen(command, env=environment(home, NOTHING_LISTENS), stderr=log)


def wait_for_message(listener: Listener, seen: int) -> None:
    """Wait until the listener has got more messages than `seen`."""
    deadline = time.monotonic() + MOST_SECONDS
    while len(listener.heard) + len(listener.refused) <= seen:
        assert time.monotonic() < deadline, "the daemon sent nothing"
        time.sleep(0.001)


def kill(daemon: subprocess.Popen[bytes], with_sender: bool) -> None:
    """Kill a daemon, and before it the process that sends."""
    if with_sender:
        for child in Path(f"/proc/{daemon.pid}/task/{daemon.pid}/children").read_text().split():
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(int(child), signal.SIGKILL)
    daemon.send_signal(signal.SIGKILL)
    daemon.wait()


def kill_notifiers(home: Path, kills: int, with_sender: bool = False, seed: int = 1) -> Found:
    """Return what became of the matches of a daemon that was killed so often, and then was left to end."""
    dice = random.Random(seed)
    result = Found(kills, with_sender)
    with (
        listening(lambda: 500 if dice.random() < REFUSED else 200) as listener,
        Store(home / "shopwire.db") as store,
    ):
        prepare(home, store, listener.url)
        for _ in range(kills):
            add_articles(store, dice.randint(1, 45))
            recorded = {row[0] for row in store.rows(RECORDED)}
            heard = len(listener.heard)
            daemon = start_daemon(home)
            wait_for_message(listener, heard + len(listener.refused))
            time.sleep(dice.random() * 0.1)
            kill(daemon, with_sender)
            result.told_after_recorded += len(recorded & set(read_told(listener, heard)))
        result.refused = len(listener.refused)
        listener.answer = lambda: 200
        end(home, store)
        told = Counter(read_told(listener))
        result.matches = store.row("SELECT count(*) FROM articles")[0]
        result.untold = result.matches - len(told)
        result.repeated = sum(told.values()) - len(told)
    return result


def prepare(home: Path, store: Store, url: str) -> None:
    """Let a watch that tells this service begin in the empty store."""
    (home / "shopwire.toml").write_text(TOML.format(url=url))
    with store.writing():
        declare_source(store, "blog", "A blog", "https://blog.example/", "en")
    run_until(home, store, "SELECT 1 FROM watch_services")
    with store.writing():
        store.db.execute(NOT_DUE)


def end(home: Path, store: Store) -> None:
    """Let a daemon tell the rest."""
    run_until(home, store, "SELECT 1 FROM watch_services WHERE settled = (SELECT max(id) FROM articles)")


def run_until(home: Path, store: Store, sql: str) -> None:
    """Run a daemon until it works and a query has a row, and end it."""
    daemon = start_daemon(home)
    deadline = time.monotonic() + MOST_SECONDS
    while not (store.row(WORKS, daemon.pid) and store.row(sql)):
        assert time.monotonic() < deadline, (home / "daemon.log").read_text()
        time.sleep(0.05)
    daemon.terminate()
    assert daemon.wait(MOST_SECONDS) == 0


def main() -> None:
    """Print the result of so many kills."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--sender", action="store_true", help="kill the process that sends, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = kill_notifiers(Path(folder), options.kills, options.sender)
    print(json.dumps(asdict(found)))
    sys.exit(found.bad > 0)


if __name__ == "__main__":
    main()
