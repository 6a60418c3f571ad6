"""Imports WARC files in two passes: extracts all pages, then stores them in the order of publication."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from shopwire.commands.imports.input_file import is_warc, open_input
from shopwire.pipelines.batch.parts import FOLDER, delete_part, extract_file, name_part
from shopwire.pipelines.batch.place import Parts, learn_frames, place_parts
from shopwire.pipelines.batch.read_pages import Report
from shopwire.pipelines.store_article import StoreResult
from shopwire.pipelines.worker_pool import WorkerPool
from shopwire.storage.addresses.aliases import is_known
from shopwire.storage.database import Store
from shopwire.storage.paths import get_home

Place = Callable[[Store, Sequence[Path], Parts], Iterator[StoreResult]]


def place_here(store: Store, _: Sequence[Path], parts: Parts) -> Iterator[StoreResult]:
    """Yield the result of each page of some parts once it is stored, in this store."""
    with WorkerPool() as workers:
        yield from place_parts(store, parts, workers)


def import_in_two_passes(
    store: Store, files: Sequence[Path], reject: Report, remark: Report
) -> Iterator[StoreResult]:
    """Yield the result of each page of WARC files once it is stored; see `import_pages`.

    What was extracted of a file is kept beside the store until all is stored, so an interrupted import goes
    on where it was. The duplicates and stories that are found do not depend on the order of the files.
    """
    folder = get_home() / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name_part(file) for file in files]
    with WorkerPool() as workers:
        for file, path in zip(files, paths, strict=True):
            if not path.exists():
                with open_input(file) as opened:
                    extract_file(opened, file.name, path, workers, lambda page: not is_known(store, page.url))
    yield from place_files(store, paths, reject, remark)


def refuse_other_files(files: Sequence[Path]) -> None:
    """Raise `click.UsageError` if one is no WARC file which can be read again."""
    for file in files:
        if not file.is_file():
            raise click.UsageError(f"{file}: two passes need a file that can be read again")
        with file.open("rb") as opened:
            if not is_warc(opened, file.name):
                raise click.UsageError(f"{file} is no WARC file, which two passes are for")


def place_files(
    store: Store, paths: Sequence[Path], reject: Report, remark: Report, place: Place = place_here
) -> Iterator[StoreResult]:
    """Yield the result of each page of some parts once it is stored; delete the parts at the end."""
    with Parts(paths) as parts:
        for sentence, is_rejected in parts.list_remarks():
            (reject if is_rejected else remark)(sentence)
        learn_frames(store, parts)
        yield from place(store, paths, parts)
    for path in paths:
        delete_part(path)
