"""`shopwire cluster status`: the crawls that workers have, and the queues of the broker."""

import json
import sys
from typing import Any

import click
from rich.table import Table

from shopwire.commands.cluster.broker import (
    BEATS,
    FAILED,
    KEEP,
    LOST,
    POISON,
    connect,
    get_refine_queue,
    open_channel,
    read_broker_url,
)
from shopwire.commands.common.exit_codes import ALL_FAILED
from shopwire.commands.common.terminal import Terminal
from shopwire.storage.cluster.leases import load_lease_rows
from shopwire.storage.database import open_to_read
from shopwire.storage.paths import get_store_path


def print_status(*, as_json: bool) -> None:
    """Print the status, and exit with 1 if messages were set aside. Raises `OSError` without a broker."""
    crawls: list[dict[str, Any]] = []
    path = get_store_path()
    if path.exists():
        with open_to_read(path) as store:
            crawls = load_lease_rows(store)
    queues = count_messages(read_broker_url())
    if as_json:
        click.echo(json.dumps({"crawls": crawls, "queues": queues}))
    else:
        _print_tables(crawls, queues)
    sys.exit(ALL_FAILED if queues["poison"]["messages"] else 0)


def count_messages(url: str) -> dict[str, dict[str, int]]:
    """Return how many messages wait in each queue, and how many take them. Raises `OSError`."""
    queues = {"keep": KEEP, "beats": BEATS, "refine": get_refine_queue(), "failed": FAILED, "poison": POISON}
    counted = {}
    try:
        with connect(url) as connection:
            channel = open_channel(connection)
            for name, queue in queues.items():
                found = queue(channel).queue_declare()
                counted[name] = {"messages": found.message_count, "consumers": found.consumer_count}
    except LOST as error:
        raise OSError(f"the broker cannot be reached: {error}") from error
    return counted


def _print_tables(crawls: list[dict[str, Any]], queues: dict[str, dict[str, int]]) -> None:
    console = Terminal()
    table = Table("source", "worker", "sent", "heard", title="Crawls on workers", title_justify="left")
    for crawl in crawls:
        table.add_row(crawl["source"], crawl["worker"], crawl["sent"], crawl["beat"] or "not yet")
    console.print(table if crawls else "No crawl runs on a worker.")
    for name, counts in queues.items():
        console.print(f"  {name}: {counts['messages']} waiting, taken by {counts['consumers']}")
    if not queues["keep"]["consumers"]:
        console.print("No daemon takes in what is fetched: start `shopwire daemon --cluster`.")
    if queues["poison"]["messages"]:
        console.print("Messages that nobody could store are in the queue shopwire.poison.")
