"""`shopwire source`: the sources, shipped ones and the user's own."""

import click

from shopwire.commands.sources.adding import add_source
from shopwire.commands.sources.exporting import export_sources
from shopwire.commands.sources.importing import import_sources
from shopwire.commands.sources.listing import list_sources
from shopwire.commands.sources.testing import test_sources


@click.group("source")
def manage_sources() -> None:
    """List the sources, test them, and add your own.

    Your own are tables in sources.toml beside the store; see docs/own_sources.md.
    """


for command in (add_source, export_sources, import_sources, list_sources, test_sources):
    manage_sources.add_command(command)
