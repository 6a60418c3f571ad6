"""`shopwire source import`: takes over the feeds of other readers."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from shopwire.commands.common.exit_codes import ALL_FAILED, get_exit_code
from shopwire.commands.common.source_registry import load_settings, load_sources
from shopwire.commands.common.terminal import Terminal
from shopwire.spiders.http.resolver import LOOPBACK_SETTING
from shopwire.spiders.user_sources.imported import (
    LARGEST_FILE,
    Entry,
    Imported,
    UnreadableFileError,
    import_entries,
)
from shopwire.spiders.user_sources.opml import read_opml
from shopwire.spiders.user_sources.source_file import get_source_file
from shopwire.spiders.user_sources.url_list import read_url_list
from shopwire.spiders.user_sources.write_table import append_tables, format_table

SHOWN = 20


@click.command("import")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help="Write sources.toml; otherwise only show what would be written.")
def import_sources(path: Path, write: bool) -> None:
    """Add the feeds of an OPML file, or of a text file with one address a line, to sources.toml.

    Nothing is requested. Exit code 0: all were added or are known, 1: none, 3: some were refused.
    """
    try:
        entries = read_entries(path)
    except UnreadableFileError as error:
        click.echo(f"shopwire: {path}: {error}", err=True)
        sys.exit(ALL_FAILED)
    allows_loopback = load_settings().getbool(LOOPBACK_SETTING)
    results = list(import_entries(entries, load_sources(), allows_loopback))
    new = [one for one in results if one.name]
    tables = "\n".join(map(format_imported, new))
    print_results(Terminal(), results, tables if not write else "")
    if write and new:
        append_tables(get_source_file(), tables)
        click.echo(f"Wrote {get_source_file()}. `shopwire source test NAME` tests a source.")
    elif new:
        click.echo("Nothing is written yet: repeat the command with --write.")
    refused = sum(bool(one.refused) for one in results)
    sys.exit(get_exit_code(len(results) - refused, refused))


def read_entries(path: Path) -> list[Entry]:
    """Return the entries of a file. Raise `UnreadableFileError`, and `OSError` if it cannot be read."""
    if path.stat().st_size > LARGEST_FILE:
        raise UnreadableFileError(f"it is larger than {LARGEST_FILE:,} bytes: split it")
    body = path.read_bytes()
    is_xml = body.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] == b"<"
    return read_opml(body) if is_xml else read_url_list(body)


def format_imported(result: Imported) -> str:
    """Return the table of a new source, with its tags as a comment."""
    tags = " ".join(", ".join(result.entry.tags).split())
    comment = f"# tags: {tags}\n" if tags else ""
    return comment + format_table(result.name, result.entry.values)


def print_results(console: Terminal, results: Sequence[Imported], tables: str) -> None:
    """Print the tables, then why the others are left out, and how many there are of each."""
    if tables:
        console.print(tables, soft_wrap=True)
    refused = [one for one in results if one.refused]
    for one in refused[:SHOWN]:
        console.print(f"refused: {one.entry.label}: {one.refused}", soft_wrap=True)
    if len(refused) > SHOWN:
        console.print(f"refused: {len(refused) - SHOWN} more")
    known = [one for one in results if one.known]
    for one in known[:SHOWN]:
        console.print(f"known: {one.entry.label} is source {one.known}", soft_wrap=True)
    if len(known) > SHOWN:
        console.print(f"known: {len(known) - SHOWN} more")
    new = len(results) - len(refused) - len(known)
    console.print(f"{new} new, {len(known)} known, {len(refused)} refused.")
