"""Prune the store of a soak once a simulated day, and look at how much of the disk it takes."""

from datetime import datetime
from pathlib import Path
from statistics import median

from bench.soak.world import DAY
from shopwire.storage.configuration.options import Retention
from shopwire.storage.database import Store
from shopwire.storage.maintenance.check import find_problems
from shopwire.storage.maintenance.erase import erase_pending
from shopwire.storage.maintenance.prune import prune_store
from shopwire.storage.maintenance.sizes import measure_sizes

MEGABYTE = 1e6


class Disk:
    """What the retention leaves of a store and its archive, day by day; it keeps all for `days`."""

    def __init__(self, store: Path, begun: datetime, days: int) -> None:
        self.store, self.archive = store, store.parent / "archive"
        self.retention = Retention(archive_days=days, version_days=days, log_days=days)
        self.next = begun + DAY
        # Of each day the bytes of the archive and of the store, and the articles.
        self.days: list[tuple[int, int, int]] = []

    def prune_if_due(self, now: datetime) -> None:
        """Prune and measure if a day has passed."""
        if now < self.next:
            return
        self.next += DAY
        with Store(self.store) as store:
            if self.retention.archive_days:
                prune_store(store, self.archive, self.retention, now)
                erase_pending(store, self.archive)
            articles = store.row("SELECT count(*) FROM articles")
        sizes = measure_sizes(self.store, self.archive)
        self.days.append((sizes["archive"], sizes["store"], int(articles[0]) if articles else 0))

    def print(self) -> None:
        """Print the sizes of each day, and what `shopwire check` finds at the end."""
        print("day  archive MB  store MB  articles  store bytes an article")
        for number, (archive, size, articles) in enumerate(self.days, start=1):
            each = size / max(1, articles)
            print(f"{number:3}{archive / MEGABYTE:12.2f}{size / MEGABYTE:10.2f}{articles:10}{each:24.0f}")
        half = len(self.days) // 2
        if half:
            first, last = (median(day[0] for day in part) for part in (self.days[:half], self.days[half:]))
            print(f"archive, median MB: first half {first / MEGABYTE:.2f}, second {last / MEGABYTE:.2f}")
        with Store(self.store) as store:
            problems = list(find_problems(store, self.archive))
        print(f"check: {len(problems)} problems", *problems[:10], sep="\n  ")
