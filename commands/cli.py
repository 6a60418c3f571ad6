"""The `shopwire` command, which imports only the subcommand that runs."""

import importlib
import sqlite3
import sys
from io import TextIOWrapper
from typing import NoReturn, cast

import click

from shopwire.commands.common.exit_codes import INTERRUPTED, USAGE
from shopwire.storage.configuration.load import load_configuration
from shopwire.storage.database import suggest_remedy
from shopwire.storage.errors import StoreError
from shopwire.storage.paths import get_store_path

# Name: (module and function in this package, line in `shopwire --help`).
COMMANDS = {
    "backup": ("maintenance.backup:back_up_store", "Copy the store to one file."),
    "check": ("maintenance.check:check_store", "Check that nothing is damaged."),
    "config": ("maintenance.config:show_configuration", "Show the configuration and where it comes from."),
    "brief": ("reports.brief:write_briefing", "Write what the last days brought."),
    "cluster": ("cluster.group:manage_cluster", "Work for a store on another machine."),
    "crawl": ("crawl:crawl_sources", "Crawl all sources, or the named ones."),
    "daemon": ("daemon:run_daemon", "Crawl each source when it is due, until stopped."),
    "export": ("export:export_articles", "Write articles as JSON lines, CSV, Parquet or Excel."),
    "extract": ("extract:extract_pages", "Extract the article from HTML files or URLs."),
    "forget": ("maintenance.forget:forget_names", "Take down articles or sources for good."),
    "import": ("imports.articles:import_files", "Import articles, or the pages of WARC files."),
    "prune": ("maintenance.prune:prune_old", "Delete what is older than the retention."),
    "reextract": ("reextract:reextract_pages", "Extract all archived pages again."),
    "search": ("search:search_store", "Search the store."),
    "serve": ("serve:serve_store", "Open the store in Datasette."),
    "source": ("sources.group:manage_sources", "List the sources, test them, and add your own."),
    "status": ("status:show_status", "Show the health of each source."),
    "story": ("story:manage_stories", "Show a story, merge two, or split one."),
    "watch": ("watch:manage_watches", "List the watches, and test them."),
}


class LazyGroup(click.Group):
    """A group that imports a subcommand when it is called: a crawl needs no Datasette."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, function = COMMANDS[name][0].partition(":")
        imported = importlib.import_module(f"shopwire.commands.{module}")
        return cast("click.Command", getattr(imported, function))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(COMMANDS.items())])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "show_default": True})
@click.version_option(package_name="shopwire")
def cli() -> None:
    """Collect e-commerce news in one SQLite store.

    The store is shopwire.db in the current folder; SHOPWIRE_HOME names another folder. shopwire.toml in that
    folder configures everything, see `shopwire config`.
    """
    load_configuration()


def main() -> None:
    """Run the command. Exit codes: 0 success, 1 all failed, 2 wrong usage or environment, 3 some failed, 130
    interrupted."""
    _prepare_streams()
    try:
        sys.exit(cli.main(prog_name="shopwire", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    except StoreError as error:
        fail(str(error))
    except sqlite3.Error as error:
        fail(f"the store {get_store_path()}: {error}; {suggest_remedy(error)}")
    except OSError as error:
        fail(f"{error}; check that file or address, and its permissions")


def _prepare_streams() -> None:
    """Let a terminal that lacks a character show a question mark. Exits if standard output is closed."""
    if sys.stdout is None:
        fail("standard output is closed; redirect it to a file or to /dev/null")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def fail(message: str) -> NoReturn:
    """Print the message in one line and exit with code 2."""
    click.echo(f"shopwire: {' '.join(message.split())}", err=True)
    sys.exit(USAGE)
