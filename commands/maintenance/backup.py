"""`shopwire backup`: copies the store to one file while everything runs."""

from pathlib import Path

import click

from shopwire.commands.common.whole_files import replace_when_complete
from shopwire.storage.database import open_to_read
from shopwire.storage.maintenance.backup import write_backup
from shopwire.storage.paths import find_store
from shopwire.storage.text.nouns import count_things


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def back_up_store(file: Path) -> None:
    """Copy the store to FILE, which is complete as of one moment.

    Crawls and the daemon go on meanwhile. FILE is created or replaced only when it is complete and was
    checked. To restore it, stop everything, delete shopwire.db-wal and shopwire.db-shm, and put FILE in the
    place of shopwire.db. The folder archive/ is not in it: copy it afterwards, for example with rsync.
    """
    path = find_store()
    if str(file) == "-":
        raise click.UsageError("a backup cannot be written to the standard output; name a FILE")
    if file.exists() and not file.is_file():
        raise click.UsageError(f"{file} is no regular file; choose another FILE")
    with open_to_read(path) as store, replace_when_complete(file) as partial:
        articles = write_backup(store, partial)
        size = partial.stat().st_size
    click.echo(f"{file}: {count_things(articles, 'article')}, {size / 1e6:,.1f} MB", err=True)
