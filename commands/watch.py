"""`shopwire watch`: lists the watches of the configuration, and shows what one would have told."""

from datetime import UTC, datetime

import click
from rich.table import Table

from shopwire.commands.common.terminal import Terminal
from shopwire.scheduler.notifications.messages import write_matches, write_watch_title
from shopwire.storage.configuration.load import load_configuration
from shopwire.storage.database import open_to_read
from shopwire.storage.paths import find_store
from shopwire.storage.text.nouns import count_things
from shopwire.storage.watches.ledger import list_troubles
from shopwire.storage.watches.matches import RECENT_DAYS, count_recent, describe_watch, list_recent


@click.group("watch")
def manage_watches() -> None:
    """List the watches of shopwire.toml, and test them.

    A watch is a section [watches.NAME]. The daemon sends what it finds to the services of [notifications].
    """


@manage_watches.command("list")
def list_watches() -> None:
    """List the watches: what each asks for, how much it found in seven days, and when it tells whom."""
    configuration = load_configuration()
    table = Table(expand=True)
    for column in ("watch", "asks for", f"{RECENT_DAYS} days", "tells"):
        table.add_column(column, overflow="fold")
    with open_to_read(find_store()) as store:
        troubles = list_troubles(store)
        for name, watch in configuration.watches.items():
            number, _ = count_recent(store.db.conn, watch, datetime.now(UTC), RECENT_DAYS)
            services = len(watch.apprise or configuration.notifications.apprise)
            when = (
                f"at {watch.digest_at} {configuration.notifications.time_zone}"
                if watch.digest_at
                else "at once"
            )
            tells = f"{count_things(services, 'service')}, {when}" if services else "nobody"
            told = "; ".join((tells, *troubles.get(name, ())))
            table.add_row(name, describe_watch(watch), str(number), told)
    if table.row_count:
        Terminal().print(table)
    else:
        click.echo("no watches: write a section [watches.NAME] in shopwire.toml", err=True)


@manage_watches.command("test")
@click.argument("name")
def test_watch(name: str) -> None:
    """Show what watch NAME would have told in the last seven days. Sends nothing.

    Exit code 1 if that is nothing.
    """
    watches = load_configuration().watches
    if name not in watches:
        known = f"; known are {', '.join(watches)}" if watches else ""
        raise click.UsageError(f"no watch {name!r} in shopwire.toml{known}")
    with open_to_read(find_store()) as store:
        found = list_recent(store.db.conn, watches[name], datetime.now(UTC), RECENT_DAYS)
    if not found:
        click.echo(f"nothing of the last {RECENT_DAYS} days matches", err=True)
        raise SystemExit(1)
    terminal = Terminal()
    terminal.print(write_watch_title(name, len(found)))
    terminal.print()
    terminal.print(write_matches(found[::-1]))
