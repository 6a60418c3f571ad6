"""`shopwire cluster status`: who is alive, the crawls that workers have, and the queues of the broker."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import click
from kombu.entity import Queue
from rich.table import Table

from shopwire.commands.cluster.broker import (
    BEATS,
    FAILED,
    KEEP,
    LOST,
    POISON,
    SIGNS,
    connect,
    get_refine_queue,
    open_channel,
    read_broker_url,
    read_message_body,
    read_sent,
)
from shopwire.commands.common.exit_codes import ALL_FAILED
from shopwire.commands.common.terminal import Terminal
from shopwire.storage.cluster.leases import load_lease_rows
from shopwire.storage.cluster.wire import Sign, WireError, decode_message
from shopwire.storage.database import open_to_read
from shopwire.storage.paths import get_store_path

# Whose messages wait in which queue, once they have been taken out.
HOLDERS: Final = {"keep": "daemon", "refine": "import"}


class QueueState(NamedTuple):
    """How many messages wait in a queue or are in hand, how many processes take them, and when the oldest was
    sent."""

    messages: int
    consumers: int
    oldest: str | None


def print_status(*, as_json: bool) -> None:
    """Print the status, and exit with 1 if messages were set aside. Raises `OSError` without a broker."""
    crawls: list[dict[str, Any]] = []
    path = get_store_path()
    if path.exists():
        with open_to_read(path) as store:
            crawls = load_lease_rows(store)
    signs, queues = read_broker(read_broker_url())
    now = datetime.now(UTC)
    said: dict[str, Any] = {
        "workers": [_build_worker(sign, now) for sign in signs if sign.role not in HOLDERS.values()],
        "crawls": crawls,
        "queues": {
            name: {
                "messages": one.messages,
                "consumers": one.consumers,
                "oldest_seconds": _count_seconds(one.oldest, now),
            }
            for name, one in queues.items()
        },
        "trouble": "; ".join(sign.trouble for sign in signs if sign.trouble),
    }
    if as_json:
        click.echo(json.dumps(said))
    else:
        _print_tables(said)
    sys.exit(ALL_FAILED if queues["poison"].messages else 0)


def read_broker(url: str) -> tuple[list[Sign], dict[str, QueueState]]:
    """Return the newest sign of each process, and each queue. Raises `OSError`."""
    queues = {"keep": KEEP, "beats": BEATS, "refine": get_refine_queue(), "failed": FAILED, "poison": POISON}
    try:
        with connect(url) as connection:
            # What is read and not acknowledged is in its place again once the channel is closed.
            channel = open_channel(connection)
            signs = _read_signs(channel)
            return signs, {name: _read_queue(channel, name, queue, signs) for name, queue in queues.items()}
    except LOST as error:
        raise OSError(f"the broker cannot be reached: {error}") from error


def _read_signs(channel: Any) -> list[Sign]:
    newest: dict[tuple[str, str], Sign] = {}
    queue = SIGNS(channel)
    for _ in range(queue.queue_declare().message_count):
        message = queue.get(no_ack=False)
        if message is None:
            break
        try:
            sign = decode_message(read_message_body(message))
        except WireError:
            # Of whoever may write there: it says nothing of a process.
            continue
        if isinstance(sign, Sign):
            newest[sign.role, sign.name] = sign
    return [newest[key] for key in sorted(newest)]


def _read_queue(channel: Any, name: str, queue: Queue, signs: list[Sign]) -> QueueState:
    """Return what is known of a queue: what waits in it, and what is in the hands of who takes it out."""
    found = queue(channel).queue_declare()
    holders = [sign for sign in signs if sign.role == HOLDERS.get(name)]
    times = [sign.oldest for sign in holders if sign.oldest]
    # The broker counts how often a file is given out, and a look at it would count too.
    if found.message_count and name != "refine":
        message = queue(channel).get(no_ack=False)
        times += [sent] if message and (sent := read_sent(message)) else []
    held = sum(sign.busy for sign in holders)
    # An import counts what waits in the queue too.
    messages = max(found.message_count, held) if name == "refine" else found.message_count + held
    return QueueState(messages, found.consumer_count, min(times, default=None))


def _build_worker(sign: Sign, now: datetime) -> dict[str, Any]:
    said = asdict(sign)
    shown = {name: said[name] for name in ("name", "role", "version", "busy", "slots")}
    return {**shown, "heard_seconds": _count_seconds(sign.at, now)}


def _count_seconds(since: str | None, now: datetime) -> int | None:
    """Return the age of what was sent; the clock of another machine may be ahead of ours."""
    return None if since is None else max(0, round((now - datetime.fromisoformat(since)).total_seconds()))


def _print_tables(said: dict[str, Any]) -> None:
    console = Terminal()
    workers = Table("worker", "takes", "busy", "version", "heard", title="Workers", title_justify="left")
    for one in said["workers"]:
        heard = f"{one['heard_seconds']} s ago"
        workers.add_row(one["name"], one["role"], f"{one['busy']} of {one['slots']}", one["version"], heard)
    console.print(workers if said["workers"] else "No worker has been heard for a minute.")
    crawls = Table("source", "worker", "sent", "heard", title="Crawls on workers", title_justify="left")
    for crawl in said["crawls"]:
        crawls.add_row(crawl["source"], crawl["worker"], crawl["sent"], crawl["beat"] or "not yet")
    console.print(crawls if said["crawls"] else "No crawl runs on a worker.")
    queues = said["queues"]
    for name, one in queues.items():
        age = "" if one["oldest_seconds"] is None else f", the oldest for {one['oldest_seconds']} s"
        console.print(f"  {name}: {one['messages']} waiting{age}, taken by {one['consumers']}")
    if said["trouble"]:
        console.print(f"The daemon cannot store what is fetched: {said['trouble']}.")
    if not queues["keep"]["consumers"]:
        console.print("No daemon takes in what is fetched: start `shopwire daemon --cluster`.")
    if queues["poison"]["messages"]:
        console.print("Messages that nobody could store are in the queue shopwire.poison.")
