"""The Celery application: the tasks that workers run."""

import logging
import time
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from celery import Celery, signals

from shopwire.commands.cluster.broker import find_ssl_options, read_broker_url
from shopwire.commands.cluster.shared_folder import get_cluster_folder, resolve_shared
from shopwire.commands.cluster.warc_source import open_file
from shopwire.pipelines.batch.archived import ArchivedName, extract_archived
from shopwire.pipelines.batch.parts import extract_file
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.storage.cluster.wire import WireError, check_name, check_text

if TYPE_CHECKING:
    # A process that only extracts pages needs neither, nor the store that they write.
    from shopwire.commands.cluster.worker_host import WorkerHost
    from shopwire.pipelines.batch.shards import Shard

logger = logging.getLogger(__name__)

app = Celery("shopwire")
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_create_missing_queues=False,
    # One message for each thread that is free; what waits is left to others.
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_enable_remote_control=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={"confirm_publish": True},
)

# The crawls of this process, once it is a worker.
HOSTS: "list[WorkerHost]" = []
# What extracts pages in this process, once it is a worker for WARC files.
POOLS: list[WorkerPool] = []
# When each crawl came in, by a steady clock.
RECEIVED: dict[str, float] = {}


@signals.task_received.connect  # type: ignore[untyped-decorator]
def _note_arrival(request: Any, **_: Any) -> None:
    if request.name == crawl_source.name:
        RECEIVED[request.id] = time.monotonic()


@app.task(name="shopwire.crawl", bind=True)  # type: ignore[untyped-decorator]
def crawl_source(self: Any, **values: Any) -> None:
    """Run a crawl; it was acknowledged when it began, and is held by its lease."""
    from shopwire.commands.cluster.worker_host import read_crawl_task  # noqa: PLC0415

    (host,) = HOSTS
    waited = time.monotonic() - RECEIVED.pop(self.request.id, 0.0)
    try:
        task = read_crawl_task(values)
        if waited > task.silence / 4:
            logger.warning("a crawl of %s came too late", task.source)
            return
        host.run(task)
    except WireError as error:
        logger.warning("a crawl that is none: %s", error)


# Acknowledged when its part is there; what fails is set aside by the broker.
LATE: Final = {"acks_late": True, "acks_on_failure_or_timeout": False}


@app.task(name="shopwire.refine", **LATE)  # type: ignore[untyped-decorator]
def refine_file(**values: Any) -> None:
    """Write the part of a WARC file, unless it is there."""
    (workers,) = POOLS
    folder = get_cluster_folder()
    path = resolve_shared(folder, values.get("part"))
    if not path.exists():
        name = check_text(values.get("file"))
        with open_file(folder, name) as opened:
            extract_file(opened, PurePosixPath(name).name, path, workers)


@app.task(name="shopwire.reextract", **LATE)  # type: ignore[untyped-decorator]
def reextract_archived(**values: Any) -> None:
    """Write the part of some archived pages, unless it is there."""
    (workers,) = POOLS
    folder = get_cluster_folder()
    path, archive = (resolve_shared(folder, values.get(name)) for name in ("part", "archive"))
    if not path.exists():
        names, lines = read_pages_task(values)
        extract_archived(names, archive, lines, path, workers)


@app.task(name="shopwire.place", **LATE)  # type: ignore[untyped-decorator]
def place_month(**values: Any) -> None:
    """Write the store of a month of an import, unless it is there."""
    from shopwire.pipelines.batch.shards import place_shard  # noqa: PLC0415

    (workers,) = POOLS
    folder = get_cluster_folder()
    path, seed = (resolve_shared(folder, values.get(name)) for name in ("part", "seed"))
    if not path.exists():
        month, names = read_month_task(values)
        place_shard([resolve_shared(folder, name) for name in names], month, seed, path, workers)


def read_month_task(values: dict[str, Any]) -> "tuple[Shard, list[str]]":
    """Return the month of a task, and the names of its parts. Raises `WireError`."""
    from shopwire.pipelines.batch.shards import build_shard  # noqa: PLC0415

    try:
        return build_shard(check_text(values["month"])), [check_text(name) for name in values["parts"]]
    except (KeyError, ValueError, TypeError) as error:
        raise WireError(f"month: {error!r}") from error


def read_pages_task(values: dict[str, Any]) -> tuple[list[ArchivedName], dict[str, frozenset[int]]]:
    """Return the pages of a task, and the boilerplate lines of their sources. Raises `WireError`."""
    try:
        names = [ArchivedName(*map(check_text, name)) for name in values["pages"]]
        lines = {check_name(source): frozenset(map(int, some)) for source, some in values["lines"].items()}
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise WireError(f"pages: {error!r}") from error
    return names, lines


def get_app() -> Celery:
    """Return the application, connected to the broker of the configuration."""
    url = read_broker_url()
    app.conf.update(broker_url=url, broker_use_ssl=find_ssl_options(url))
    return app
