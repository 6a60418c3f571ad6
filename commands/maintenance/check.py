"""`shopwire check`: reads the whole store and its archive, and names what is damaged."""

import json
import sys
from datetime import UTC, datetime

import click

from shopwire.commands.common.exit_codes import ALL_FAILED
from shopwire.commands.common.terminal import Terminal
from shopwire.storage.database import open_to_read
from shopwire.storage.maintenance.check import list_problems
from shopwire.storage.paths import find_store, get_archive_folder


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of lines.")
def check_store(as_json: bool) -> None:
    """Check that the store and its archive are what was written; nothing is changed.

    Compares the structure of the file, references, checksums of all articles, the full-text index, stored
    counts, and the digests of archived pages. The daemon does the same once a week, and `shopwire status`
    shows the result. Exit code 0: no problems, 1: there are some.
    """
    started = datetime.now(UTC)
    with open_to_read(find_store()) as store:
        found, number = list_problems(store, get_archive_folder())
    if as_json:
        click.echo(json.dumps({"checked": started.isoformat(timespec="seconds"), "problems": found}))
    else:
        for problem in found:
            Terminal().print(problem, soft_wrap=True)
        click.echo(number, err=True)
    sys.exit(ALL_FAILED if found else 0)
