"""Lets workers place the months of a very large import, each in a store of its own."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from shopwire.commands.cluster.app import place_month
from shopwire.commands.cluster.refine import Work, make_parts
from shopwire.commands.cluster.shared_folder import get_cluster_folder
from shopwire.commands.common.extras import require_extra
from shopwire.pipelines.batch.parts import FOLDER
from shopwire.pipelines.batch.place import Parts
from shopwire.pipelines.batch.shards import Shard, place_in_shards
from shopwire.pipelines.store_article import StoreResult
from shopwire.storage.database import Store


def place_by_month(store: Store, paths: Sequence[Path], parts: Parts) -> Iterator[StoreResult]:
    """Yield the result of each page of some parts once its month is merged; see `place_in_shards`.

    Raises `click.ClickException` if no worker could place a month; what others have placed is kept.
    """
    require_extra("parquet", "duckdb", "the join over several months")
    folder = get_cluster_folder()

    def make(missing: Mapping[Path, Shard], seed: Path) -> None:
        names = [str(path.relative_to(folder)) for path in paths]
        values = {"seed": str(seed.relative_to(folder)), "parts": names}
        works = {path: Work(place_month, {**values, "month": one.month}) for path, one in missing.items()}
        if failed := make_parts(folder, works, lambda _: None):
            months = ", ".join(sorted(missing[path].month for path in failed))
            raise click.ClickException(f"no worker could place {months}; their logs say why")

    return place_in_shards(store, paths, parts, folder / FOLDER, make)
