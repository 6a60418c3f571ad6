"""The command itself: finds its subcommands, one file each, and loads only the one that runs."""

import importlib
import sqlite3
import sys
from typing import NoReturn, cast

import click

from shopwire.storage.database import advice
from shopwire.storage.errors import StoreError
from shopwire.storage.paths import store_path

# Name of the subcommand: (module in this room, what `shopwire --help` says of it).
COMMANDS = {
    "crawl": ("crawl", "Crawl all sources, or the named ones."),
    "daemon": ("daemon", "Crawl each source when it is due, until stopped."),
    "export": ("export", "Write articles as JSON lines, CSV or Parquet."),
    "extract": ("extract", "Show what is left of pages, files or URLs."),
    "import": ("imports.articles", "Take articles that were extracted elsewhere."),
    "reextract": ("reextract", "Refine all archived pages again."),
    "search": ("search", "Search the store."),
    "serve": ("serve", "Open the store in Datasette."),
    "source": ("source", "List the sources, or test one."),
    "status": ("status", "Say how each source is doing."),
    "story": ("story", "Show a story, merge two, or split one."),
}


class Commands(click.Group):
    """A group whose subcommands are imported when they are asked for: a crawl needs no Datasette."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _ = COMMANDS[name]
        return cast("click.Command", importlib.import_module(f"shopwire.commands.{module}").command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(COMMANDS.items())])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="shopwire")
def cli() -> None:
    """Collects e-commerce news and keeps what is left of it in one SQLite store.

    The store is shopwire.db in the current folder; SHOPWIRE_HOME names another folder.
    """


def main() -> None:
    """Run the command. Exit codes: 0 ok, 1 all failed, 2 usage, 3 partly failed."""
    try:
        cli(prog_name="shopwire")
    except StoreError as error:
        fail(str(error))
    except sqlite3.Error as error:
        fail(f"the store {store_path()}: {error}; {advice(error)}")
    except OSError as error:
        fail(f"{error}; check that file or address, and its permissions")


def fail(message: str) -> NoReturn:
    """Say in one line what is wrong, where, and what to do."""
    click.echo(f"shopwire: {' '.join(message.split())}", err=True)
    sys.exit(2)
