"""`shopwire daemon`: crawls each source when it is due, until it is stopped."""

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from threading import Event

import click

from shopwire.commands.common.exit_codes import USAGE
from shopwire.commands.common.extras import require_extra
from shopwire.commands.common.logs import configure_logging
from shopwire.commands.common.source_registry import find_crawlable_sources, find_sources, load_sources
from shopwire.pipelines.cluster.inbox import Inbox
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.scheduler.cluster.cluster_daemon import ClusterDaemon
from shopwire.scheduler.cluster.hearing import Hearing
from shopwire.scheduler.crawls.running_crawl import Limits
from shopwire.scheduler.daemon import Daemon, Options
from shopwire.scheduler.jobs import UPKEEP, SteadyTrigger, build_scheduler, catch_stop_signals
from shopwire.scheduler.metrics import serve_metrics
from shopwire.scheduler.notifications.notifier_process import RESTART_SECONDS, NotifierProcess
from shopwire.scheduler.process import AlreadyRunningError
from shopwire.storage.archive import prepare_archive
from shopwire.storage.configuration.load import load_configuration
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from shopwire.storage.maintenance.upkeep import UPKEEP_SECONDS, Upkeep
from shopwire.storage.paths import get_archive_folder, get_store_path
from shopwire.storage.text.site import is_on_hosts

logger = logging.getLogger(__name__)


@click.command("daemon")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--at-once", type=click.IntRange(1, 64), help="Maximum number of parallel crawls.")
@click.option("--time-limit", type=click.IntRange(10), help="Seconds after which a crawl is stopped.")
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65535),
    help="Serve Prometheus metrics at /metrics on this port of 127.0.0.1.",
)
@click.option("--cluster", "is_cluster", is_flag=True, help="Let workers crawl, see docs/cluster.md.")
@click.option("--json-logs", is_flag=True, help="Write log lines as JSON.")
def run_daemon(
    names: Sequence[str],
    *,
    at_once: int | None,
    time_limit: int | None,
    metrics_port: int | None,
    is_cluster: bool,
    json_logs: bool,
) -> None:
    """Crawl all sources, or the named ones, each when it is due.

    Runs until SIGTERM or Ctrl-C. The log of each source's last crawl is in logs/ next to the store.
    Options replace those of shopwire.toml, see `shopwire config`. The store is checked once a week, and what
    is older than the retention is deleted once a day. Changes of health and what the watches find are sent to
    the services of the section [notifications].
    With --cluster the crawls run on the machines of `shopwire cluster work`; this daemon stores what they
    fetch, and --at-once does not apply.
    Exit code 2 when another daemon works on the store, the URL of a service is wrong or the port is taken.
    """
    if is_cluster:
        require_extra("cluster", "celery", "a cluster")
    configure_logging(as_json=json_logs)
    wanted = declare_sources(names)
    prepare_archive(get_archive_folder())
    configuration = load_configuration()
    limits = configuration.limits
    crawl_seconds = float(time_limit or limits.time_limit)
    options = Options(at_once=at_once or limits.at_once, limits=Limits(crawl=crawl_seconds))
    path, scheduler, stopping = get_store_path(), build_scheduler(), catch_stop_signals()
    upkeep = Upkeep(path, get_archive_folder(), configuration.retention, stopping)
    scheduler.add_job(upkeep.run, SteadyTrigger(UPKEEP_SECONDS), executor=UPKEEP)
    with ExitStack() as stack:
        try:
            notifier = NotifierProcess(path, configuration, partial(configure_logging, json_logs))
            daemon = (
                stack.enter_context(open_cluster_daemon(path, wanted, options, stopping))
                if is_cluster
                else Daemon(path, wanted, options, stopping=stopping)
            )
            if notifier.begin():
                stack.callback(notifier.stop)
                scheduler.add_job(
                    notifier.keep_running, SteadyTrigger(RESTART_SECONDS), next_run_time=datetime.now(UTC)
                )
            if metrics_port is not None:
                stack.enter_context(serve_metrics(path, metrics_port))
        except (AlreadyRunningError, OSError) as error:
            click.echo(f"shopwire: {error}", err=True)
            sys.exit(USAGE)
        daemon.run(scheduler)


@contextmanager
def open_cluster_daemon(
    path: Path, sources: Sequence[str], options: Options, stopping: Event
) -> Iterator[Daemon]:
    """Yield a daemon whose crawls run on workers, with the threads that listen to these.

    Raises what `Daemon` does, and `click.UsageError` without a broker.
    """
    # They import Celery, which is an extra.
    from shopwire.commands.cluster.broker import read_broker_url  # noqa: PLC0415
    from shopwire.commands.cluster.receive import CrawlSender, receiving  # noqa: PLC0415

    url, silence = read_broker_url(), load_configuration().cluster.silence
    hearing, archive = Hearing(silence), get_archive_folder()
    sender = CrawlSender(path, archive, url, options.limits.crawl, silence)
    daemon = ClusterDaemon(
        path, sources, hearing, sender.send, version("shopwire"), options, stopping=stopping
    )
    hosts = {name: source.list_own_hosts() for name, source in load_sources().items()}

    def is_own(source: str, link: str) -> bool:
        return is_on_hosts(link, hosts.get(source, ()))

    with (
        WorkerPool(analyzes=True) as workers,
        Inbox(path, archive, is_own, workers) as inbox,
        receiving(hearing, inbox, url, stopping),
    ):
        yield daemon


def declare_sources(names: Sequence[str]) -> list[str]:
    """Store the named sources, or all that are on by default. Return their names."""
    find_sources(names)
    with Store(get_store_path()) as store, store.writing():
        if store.is_new:
            logger.info("new store at %s", store.path.absolute())
        wanted = find_crawlable_sources(store, names)
        for name, source in wanted.items():
            declare_source(store, name, source.title, source.home, source.language)
    return list(wanted)
