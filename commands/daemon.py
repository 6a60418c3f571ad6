"""`shopwire daemon`: crawls every source when it is due, until told to stop."""

import json
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import click

from shopwire.commands.common.source_registry import find_sources
from shopwire.scheduler.crawl_process import Limits
from shopwire.scheduler.daemon import Daemon, Options
from shopwire.scheduler.lock import AlreadyRunning
from shopwire.scheduler.metrics import serve_metrics
from shopwire.scheduler.webhook import Webhook
from shopwire.storage.archive import make_folder
from shopwire.storage.crawl_log.ledger import declare_source
from shopwire.storage.database import Store
from shopwire.storage.paths import archive_folder, store_path

USAGE = 2


@click.command("daemon")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--at-once", type=click.IntRange(1), default=4, show_default=True, help="Crawls at once."
)
@click.option(
    "--time-limit",
    type=click.IntRange(10),
    default=1800,
    show_default=True,
    help="Seconds after which a crawl is ended.",
)
@click.option(
    "--webhook", metavar="URL", help="Post each change of a source's health there, as JSON."
)
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65535),
    help="Serve Prometheus metrics at /metrics on this port of 127.0.0.1.",
)
@click.option("--json-logs", is_flag=True, help="Write the log as lines of JSON.")
def command(
    names: Sequence[str],
    *,
    at_once: int,
    time_limit: int,
    webhook: str | None,
    metrics_port: int | None,
    json_logs: bool,
) -> None:
    """Crawl all sources, or the named ones, each when it is due.

    Runs until SIGTERM or Ctrl-C. The log of each source's last crawl lies in logs/ beside the store.
    Exit code 2 when another daemon works on the store, or nothing can be posted to the webhook.
    """
    log_to_standard_error(as_json=json_logs)
    wanted = declared(names)
    make_folder(archive_folder())
    options = Options(at_once=at_once, limits=Limits(crawl=float(time_limit)))
    with ExitStack() as beside:
        try:
            hook = Webhook(store_path(), webhook) if webhook is not None else None
            daemon = Daemon(store_path(), wanted, options)
            if hook:
                beside.enter_context(started(hook))
            if metrics_port is not None:
                beside.enter_context(serve_metrics(store_path(), metrics_port))
        except (AlreadyRunning, ValueError, OSError) as error:
            click.echo(f"shopwire: {error}", err=True)
            sys.exit(USAGE)
        daemon.run()


@contextmanager
def started(helper: Webhook) -> Iterator[None]:
    """Run something beside the daemon for as long as the block lasts."""
    helper.start()
    try:
        yield
    finally:
        helper.stop()


def declared(names: Sequence[str]) -> list[str]:
    """The named sources, or all that are on by default, each with its row in the store."""
    wanted = find_sources(names)
    with Store(store_path()) as store, store.writing():
        for name, source in wanted.items():
            declare_source(store, name, source.title, source.home, source.language)
    return list(wanted)


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger and message; the traceback where there is one."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def log_to_standard_error(as_json: bool) -> None:
    """Set logging up for the process."""
    handler = logging.StreamHandler()
    plain = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    handler.setFormatter(JsonLines() if as_json else plain)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # It warns each time a tick takes longer than the next one would wait, which is no trouble.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
