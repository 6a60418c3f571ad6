"""`shopwire prune`: deletes what is older than the retention."""

from datetime import UTC, datetime

import click

from shopwire.commands.common.terminal import Terminal
from shopwire.storage.configuration.load import load_configuration
from shopwire.storage.database import Store
from shopwire.storage.maintenance.erase import erase_pending
from shopwire.storage.maintenance.prune import prune_store
from shopwire.storage.paths import find_store, get_archive_folder
from shopwire.storage.text.nouns import count_things


@click.command("prune")
def prune_old() -> None:
    """Delete archived pages, earlier versions and rows of the crawl log that are older than the retention.

    The retention is in the section [retention] of shopwire.toml; without it nothing is deleted. Articles
    stay, and so does what later crawls need to know. The daemon does the same once a day.
    """
    retention = load_configuration().retention
    archive = get_archive_folder()
    with Store(find_store()) as store:
        pruned = prune_store(store, archive, retention, datetime.now(UTC))
        erase_pending(store, archive)
    for name, number in pruned.items():
        if number:
            Terminal().print(f"deleted {count_things(number, name)}")
    if not any(pruned.values()):
        Terminal().print("nothing is older than the retention")
