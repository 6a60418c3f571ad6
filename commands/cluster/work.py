"""`shopwire cluster work`: runs what the daemon of the store, or an import, sends."""

import logging
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import click
from celery import Celery, signals
from celery.worker.consumer import Consumer
from celery.worker.state import active_requests, maybe_shutdown
from kombu.entity import Queue

from shopwire.commands.cluster.app import HOSTS, POOLS, get_app
from shopwire.commands.cluster.broker import (
    announcing,
    get_crawl_queue,
    get_refine_queue,
    get_worker_name,
    read_broker_url,
)
from shopwire.commands.cluster.shared_folder import get_cluster_folder
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.storage.cluster.wire import Sign
from shopwire.storage.configuration.load import load_configuration
from shopwire.storage.timestamps import format_now

logger = logging.getLogger(__name__)


class LeanConsumer(Consumer):  # type: ignore[misc]
    """Celery's consumer without the exchanges for delayed tasks: there are none, and a worker has no right to
    declare any. It tries every two seconds to connect again, as the daemon gives crawls to whom it hears."""

    class Blueprint(Consumer.Blueprint):  # type: ignore[misc]
        """The steps of a consumer."""

        default_steps = [step for step in Consumer.Blueprint.default_steps if "delayed" not in step]

    def ensure_connected(self, conn: Any) -> Any:
        """Return a connection once the broker can be reached."""

        def tell(error: Exception, seconds: float) -> None:
            logger.warning("the broker cannot be reached: %s; trying again in %d s", error, seconds)

        connected = conn.ensure_connection(tell, interval_step=0, callback=maybe_shutdown)
        self.first_connection_attempt = False
        return connected


def run_worker(name: str, crawls: int, refines: int) -> None:
    """Work until SIGTERM or Ctrl-C: so many crawls at once, so many WARC files.

    A queue has a number of messages at once, and a process of Celery has one number: with both there are two
    processes, of which the second ends with this one. Raises `click.UsageError` without a broker or folder.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    app, worker = get_app(), name or get_worker_name()
    if refines:
        get_cluster_folder()
    if not crawls:
        with WorkerPool(processes=refines) as workers:
            workers.start()
            POOLS.append(workers)
            _work(app, "refines", worker, get_refine_queue(), refines)
        return
    with _run_second(worker, refines) if refines else _nothing():
        _crawl(app, worker, crawls)


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _run_second(worker: str, refines: int) -> Iterator[None]:
    """Run the worker of WARC files until the block ends."""
    from shopwire.scheduler.cluster.tied import build_tied_command  # noqa: PLC0415 - as in `_crawl`

    words = ("cluster", "work", "--crawls", "0", "--refines", str(refines), "--name", worker)
    command = build_tied_command("shopwire.commands", *words)
    # A group of its own, which it kills when its input ends.
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as process:
        yield
        process.terminate()


def _crawl(app: Celery, worker: str, crawls: int) -> None:
    # A process that only extracts pages does not need it.
    from shopwire.commands.cluster.worker_host import WorkerHost  # noqa: PLC0415

    host = WorkerHost(worker, crawls, load_configuration().cluster.silence, read_broker_url())
    HOSTS.append(host)

    @signals.worker_ready.connect(weak=False)  # type: ignore[untyped-decorator]
    def start(**_: object) -> None:
        host.start()

    @signals.worker_shutting_down.connect(weak=False)  # type: ignore[untyped-decorator]
    def stop(**_: object) -> None:
        host.stop()

    _work(app, "crawls", worker, get_crawl_queue(worker), crawls)


def _work(app: Celery, role: str, worker: str, queue: Queue, at_once: int) -> None:
    click.echo(f"{worker} takes {at_once} {role} at once", err=True)
    app.conf.task_queues = [queue]

    def build_sign() -> Sign:
        return Sign(worker, role, version("shopwire"), format_now(), at_once, len(active_requests))

    with announcing(read_broker_url(), build_sign):
        app.Worker(
            hostname=f"{role}@{worker}",
            pool="threads",
            concurrency=at_once,
            without_gossip=True,
            without_mingle=True,
            consumer_cls=LeanConsumer,
            without_heartbeat=True,
            quiet=True,
            loglevel="INFO",
        ).start()
