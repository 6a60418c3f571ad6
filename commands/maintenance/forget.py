"""`shopwire forget`: takes articles or sources down for good."""

from collections.abc import Sequence
from pathlib import Path

import click

from shopwire.commands.common.terminal import Terminal
from shopwire.pipelines.forget import Forgotten, forget_source, forget_url
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.storage.crawl_log.forgotten import delete_forgotten, is_forgotten
from shopwire.storage.database import Store
from shopwire.storage.maintenance.erase import erase_pending
from shopwire.storage.paths import find_store, get_archive_folder, get_home
from shopwire.storage.text.nouns import count_things


@click.command("forget")
@click.argument("names", nargs=-1, required=True, metavar="URL|SOURCE...")
@click.option("--undo", is_flag=True, help="Allow them again; what was deleted does not come back.")
def forget_names(names: Sequence[str], undo: bool) -> None:
    """Take down articles by URL, or all of a source by its name, for good.

    Deletes every row, the search text and the archived pages; duplicates on other sites stay. No crawl,
    import or reextract stores them again. Copies made before, such as backups and exports, are not changed.
    """
    with Store(find_store()) as store:
        for name in names:
            if undo:
                _allow(store, name)
            else:
                _forget(store, name)


def _forget(store: Store, name: str) -> None:
    """Delete what a name stands for, and print how much that was. Raises `click.UsageError`."""
    store.db.execute("PRAGMA secure_delete = ON")
    url = get_canonical_url(name)
    is_known = url or is_forgotten(store, source=name)
    if not is_known and store.row("SELECT 1 FROM sources WHERE name = ?", name) is None:
        raise click.UsageError(
            f"no URL, and no source in {store.path}: {name!r}; `shopwire status` lists them"
        )
    with store.writing():
        found = forget_url(store, url) if url else forget_source(store, name, get_archive_folder())
    # An imported source may have any name, also that of a path; only one that was crawled has a log.
    if not url and Path(name).name == name:
        (get_home() / "logs" / f"{name}.log").unlink(missing_ok=True)
    erased = erase_pending(store, get_archive_folder())
    # Otherwise the deleted rows stay readable in the log until it is overwritten.
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _print_forgotten(name, found, erased)


def _print_forgotten(name: str, found: Forgotten, erased: int) -> None:
    text = f"{count_things(found.articles, 'article')}, {count_things(found.fetches, 'row')} of the crawl log"
    archived = f"{count_things(erased, 'record')} of the archive"
    Terminal().print(f"{name}: deleted {text}, {archived}; it will not be stored again", soft_wrap=True)


def _allow(store: Store, name: str) -> None:
    url = get_canonical_url(name)
    with store.writing():
        if not delete_forgotten(store, "url" if url else "source", url or name):
            raise click.UsageError(f"{name!r} was not forgotten")
    Terminal().print(f"{name}: may be stored again", soft_wrap=True)
