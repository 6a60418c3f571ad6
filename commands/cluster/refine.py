"""Lets workers extract pages, and waits for their parts."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import click
from kombu.messaging import Consumer
from rich.progress import Progress

from shopwire.commands.cluster.app import get_app, refine_file
from shopwire.commands.cluster.broker import (
    CONFIRM_SECONDS,
    FAILED,
    LOST,
    POISON,
    announcing,
    connect,
    get_refine_queue,
    get_worker_name,
    open_channel,
    read_broker_url,
    read_message_body,
)
from shopwire.commands.cluster.shared_folder import get_cluster_folder
from shopwire.commands.cluster.warc_source import choose_part_name, find_file
from shopwire.commands.common.terminal import Terminal
from shopwire.pipelines.batch.parts import FOLDER
from shopwire.storage.cluster.wire import Sign
from shopwire.storage.timestamps import format_now

# Seconds between two looks for parts, and before a lost broker is tried again.
PAUSE = 0.5

Report = Callable[[str], None]


class Work(NamedTuple):
    """What a worker does for a part: a task of Celery, and its arguments besides the name of the part."""

    task: Any
    values: Mapping[str, object]


def refine_on_workers(files: Iterable[str], reject: Report) -> list[Path]:
    """Return the parts of WARC files once workers have written them.

    `files` are absolute paths, or names as lists have them, see `find_file`. What is there already is not
    asked for. `reject` is called with a sentence for each file that no worker could read. Raises
    `click.UsageError` for a file that workers cannot reach.
    """
    folder = get_cluster_folder()
    names = [find_file(folder, name) for name in files]
    (folder / FOLDER).mkdir(exist_ok=True)
    parts = {folder / FOLDER / choose_part_name(folder, name): name for name in names}
    with Progress(console=Terminal(stderr=True), disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("files", total=len(parts))
        works = {path: Work(refine_file, {"file": name}) for path, name in parts.items()}
        failed = make_parts(folder, works, lambda done: progress.update(bar, completed=done))
    for path in failed:
        reject(f"{parts[path]}: no worker could read it; their logs say why")
    return [path for path in parts if path not in failed]


def make_parts(folder: Path, works: Mapping[Path, Work], follow: Callable[[int], None]) -> set[Path]:
    """Let workers make what is not there of some parts; return those that none could make.

    `follow` is called with the number of those that are made or cannot be.
    """
    waiting = {str(path.relative_to(folder)): path for path in works if not path.exists()}
    unsent = {name: works[path] for name, path in waiting.items()}
    failed: set[Path] = set()
    begun = format_now()

    def build_sign() -> Sign:
        oldest = begun if waiting else None
        name, now = get_worker_name(), format_now()
        return Sign(name, "import", version("shopwire"), now, len(works), len(waiting), oldest)

    with announcing(read_broker_url(), build_sign):
        while waiting:
            follow(len(works) - len(waiting))
            try:
                _send_and_wait(unsent, waiting, failed)
            except LOST as error:
                click.echo(f"the broker was lost: {error}; trying again", err=True)
                time.sleep(PAUSE)
    follow(len(works))
    return failed


def _send_and_wait(unsent: dict[str, Work], waiting: dict[str, Path], failed: set[Path]) -> None:
    """Send what is not sent, then wait until some part is there, or cannot be."""
    app = get_app()
    with connect(read_broker_url()) as connection:
        channel = open_channel(connection)
        for name, work in list(unsent.items()):
            work.task.apply_async(
                kwargs={**work.values, "part": name},
                producer=app.amqp.Producer(channel),
                queue=get_refine_queue(),
                compression="gzip",
                argsrepr="",
                kwargsrepr=name,
                retry=False,
                confirm_timeout=CONFIRM_SECONDS,
            )
            del unsent[name]
        producer = connection.Producer(channel)

        def set_aside(message: Any) -> None:
            name = read_part_name(read_message_body(message))
            if name not in waiting:
                # Of another import, which waits for it.
                message.requeue()
                return
            producer.publish(
                read_message_body(message),
                exchange=POISON.exchange.name,
                routing_key=POISON.name,
                delivery_mode=2,
            )
            failed.add(waiting.pop(name))
            message.ack()

        channel.basic_qos(0, 1, False)
        with Consumer(channel, [FAILED], on_message=set_aside, accept=["json"]):
            while waiting:
                try:
                    connection.drain_events(timeout=PAUSE)
                except TimeoutError:
                    connection.heartbeat_check()
                for name in [name for name, path in waiting.items() if path.exists()]:
                    del waiting[name]


def read_part_name(body: bytes) -> str:
    """Return the name of the part in a task that Celery has sent; empty if there is none."""
    try:
        _, values, _ = json.loads(body)
        return str(values["part"])
    except (ValueError, TypeError, KeyError):
        return ""
