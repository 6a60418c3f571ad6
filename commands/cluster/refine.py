"""Lets workers extract WARC files, and waits for their parts."""

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from kombu.messaging import Consumer
from rich.progress import Progress

from shopwire.commands.cluster.app import get_app, refine_file
from shopwire.commands.cluster.broker import (
    CONFIRM_SECONDS,
    FAILED,
    LOST,
    POISON,
    connect,
    get_refine_queue,
    open_channel,
    read_broker_url,
)
from shopwire.commands.cluster.receive import read_message_body
from shopwire.commands.cluster.shared_folder import get_cluster_folder
from shopwire.commands.common.terminal import Terminal
from shopwire.pipelines.batch.parts import FOLDER, name_part

# Seconds between two looks for parts, and before a lost broker is tried again.
PAUSE = 0.5

Report = Callable[[str], None]


def refine_on_workers(files: Sequence[Path], reject: Report) -> list[Path]:
    """Return the parts of WARC files once workers have written them; what is there already is not asked for.

    `reject` is called with a sentence for each file that no worker could read. Raises `click.UsageError` for
    a file outside of the folder that all machines share.
    """
    folder = get_cluster_folder()
    url = read_broker_url()
    (folder / FOLDER).mkdir(exist_ok=True)
    parts = {folder / FOLDER / name_part(file): _name_in(folder, file) for file in files}
    waiting = {str(path.relative_to(folder)): path for path in parts if not path.exists()}
    missing = dict(waiting)
    failed: set[Path] = set()
    with Progress(console=Terminal(stderr=True), disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("files", total=len(parts), completed=len(parts) - len(waiting))
        while waiting:
            try:
                _send_and_wait(url, parts, missing, waiting, failed)
            except LOST as error:
                click.echo(f"the broker was lost: {error}; trying again", err=True)
                time.sleep(PAUSE)
            progress.update(bar, completed=len(parts) - len(waiting))
    for path in failed:
        reject(f"{parts[path]}: no worker could read it; their logs say why")
    return [path for path in parts if path not in failed]


def _name_in(folder: Path, file: Path) -> str:
    path = file.resolve()
    if not path.is_relative_to(folder):
        raise click.UsageError(f"{file} is not in {folder}, where the workers could read it")
    return str(path.relative_to(folder))


def _send_and_wait(
    url: str,
    parts: Mapping[Path, str],
    unsent: dict[str, Path],
    waiting: dict[str, Path],
    failed: set[Path],
) -> None:
    """Send what is not sent, then wait until all parts are there, or cannot be."""
    app = get_app()
    with connect(url) as connection:
        channel = open_channel(connection)
        for name, path in list(unsent.items()):
            refine_file.apply_async(
                kwargs={"file": parts[path], "part": name},
                producer=app.amqp.Producer(channel),
                queue=get_refine_queue(),
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
            producer.publish(read_message_body(message), routing_key=POISON.name, delivery_mode=2)
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
