"""The `shopwire` command, which imports only the subcommand that runs."""

import importlib
import sqlite3
import sys
from typing import NoReturn, cast

import click

from shopwire.storage.database import suggest_remedy
from shopwire.storage.errors import StoreError
from shopwire.storage.paths import get_store_path

# Name: (module in this package, line in `shopwire --help`).
COMMANDS = {
    "crawl": ("crawl", "Crawl all sources, or the named ones."),
    "daemon": ("daemon", "Crawl each source when it is due, until stopped."),
    "export": ("export", "Write articles as JSON lines, CSV or Parquet."),
    "extract": ("extract", "Extract the article from HTML files or URLs."),
    "import": ("imports.articles", "Import articles, or the pages of WARC files."),
    "reextract": ("reextract", "Extract all archived pages again."),
    "search": ("search", "Search the store."),
    "serve": ("serve", "Open the store in Datasette."),
    "source": ("source", "List the sources, or test one."),
    "status": ("status", "Show the health of each source."),
    "story": ("story", "Show a story, merge two, or split one."),
}


class Commands(click.Group):
    """A group that imports a subcommand when it is called: a crawl needs no Datasette."""

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
    """Collect e-commerce news in one SQLite store.

    The store is shopwire.db in the current folder; SHOPWIRE_HOME names another folder.
    """


def main() -> None:
    """Run the command. Exit codes: 0 success, 1 all failed, 2 wrong usage or environment, 3 some failed."""
    try:
        cli(prog_name="shopwire")
    except StoreError as error:
        fail(str(error))
    except sqlite3.Error as error:
        fail(f"the store {get_store_path()}: {error}; {suggest_remedy(error)}")
    except OSError as error:
        fail(f"{error}; check that file or address, and its permissions")


def fail(message: str) -> NoReturn:
    """Print the message in one line and exit with code 2."""
    click.echo(f"shopwire: {' '.join(message.split())}", err=True)
    sys.exit(2)
