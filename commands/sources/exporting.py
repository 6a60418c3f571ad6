"""`shopwire source export`: the sources as OPML, for other readers and other machines."""

from collections.abc import Sequence
from typing import BinaryIO

import click

from shopwire.commands.common.source_registry import find_sources, get_loader, load_sources
from shopwire.spiders.user_sources.opml import write_opml


@click.command("export")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--opml", is_flag=True, required=True, help="Write OPML.")
@click.option(
    "-o", "--output", type=click.File("wb"), default="-", help="File to write; default: standard output."
)
def export_sources(names: Sequence[str], opml: bool, output: BinaryIO) -> None:  # noqa: ARG001
    """Write all sources, or the named ones, as OPML.

    Every reader takes the feeds; FreshRSS also takes pages of links and JSON. `shopwire source import`
    restores the same sources. Cookies and proxies are left out.
    """
    loader = get_loader()
    sources = find_sources(names) if names else load_sources(loader)
    output.write(write_opml(sources.values(), loader.shipped))
