"""`shopwire daemon`: crawls every source when it is due, until told to stop."""

import logging
import sys
from collections.abc import Sequence

import click

from shopwire.commands.sources import all_sources
from shopwire.scheduler.crawls import Limits
from shopwire.scheduler.daemon import Daemon, Options
from shopwire.scheduler.lock import AlreadyRunning
from shopwire.storage.home import store_path
from shopwire.storage.ledger import declare_source
from shopwire.storage.store import Store

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
def command(names: Sequence[str], at_once: int, time_limit: int) -> None:
    """Crawl all sources, or the named ones, each when it is due.

    Runs until SIGTERM or Ctrl-C. Exit code 2 when another daemon works on the store.
    """
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    wanted = declared(names)
    options = Options(at_once=at_once, limits=Limits(crawl=float(time_limit)))
    try:
        daemon = Daemon(store_path(), wanted, options)
    except AlreadyRunning as error:
        click.echo(f"shopwire: {error}; there can be one for each store", err=True)
        sys.exit(USAGE)
    daemon.run()


def declared(names: Sequence[str]) -> list[str]:
    """The named sources, or all that are on by default, each with its row in the store."""
    sources = all_sources()
    unknown = [name for name in names if name not in sources]
    if unknown:
        raise click.UsageError(f"no source {unknown[0]!r}; `shopwire source list` shows them")
    wanted = list(names) or [name for name, source in sources.items() if source.on_by_default]
    with Store(store_path()) as store, store.writing():
        for name in wanted:
            source = sources[name]
            declare_source(store, name, source.title, source.home, source.language)
    return wanted
