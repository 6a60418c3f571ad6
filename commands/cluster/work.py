"""`shopwire cluster work`: runs what the daemon of the store sends."""

import logging

import click
from celery import signals

from shopwire.commands.cluster.app import HOSTS, get_app
from shopwire.commands.cluster.broker import get_crawl_queue, get_worker_name, read_broker_url
from shopwire.commands.cluster.worker_host import WorkerHost
from shopwire.storage.configuration.load import load_configuration


def run_worker(name: str, crawls: int) -> None:
    """Crawl for the daemon until SIGTERM or Ctrl-C. Raises `click.UsageError` without a broker."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    app = get_app()
    worker = name or get_worker_name()
    host = WorkerHost(worker, crawls, load_configuration().cluster.silence, read_broker_url())
    HOSTS.append(host)

    @signals.worker_ready.connect(weak=False)  # type: ignore[untyped-decorator]
    def start(**_: object) -> None:
        host.start()

    @signals.worker_shutting_down.connect(weak=False)  # type: ignore[untyped-decorator]
    def stop(**_: object) -> None:
        host.stop()

    app.conf.task_queues = [get_crawl_queue(worker)]
    click.echo(f"{worker} takes {crawls} crawls at once", err=True)
    app.Worker(
        hostname=f"crawls@{worker}",
        pool="threads",
        concurrency=crawls,
        without_gossip=True,
        without_mingle=True,
        quiet=True,
        loglevel="INFO",
    ).start()
