"""What a crawl on a worker has stored in its own small store, as messages for the whole one."""

from pathlib import Path
from sqlite3 import Row

from shopwire.storage.archive import ArchiveError, build_record, read_archived_page
from shopwire.storage.cluster.wire import LONGEST_TEXT, Ended, Fetched
from shopwire.storage.crawl_log.outcomes import Outcome
from shopwire.storage.crawl_log.runs import SHUTDOWN
from shopwire.storage.database import Store

# Rows read at once.
BATCH = 32


class Outbox:
    """The rows that a crawl adds to a store, whose other rows are what the worker was told.

    `run` is the id of the run in the whole store.
    """

    def __init__(self, store: Store, archive: Path, run: int, source: str) -> None:
        self.store, self.archive, self.run, self.source = store, archive, run, source
        self._fetch = _find_newest_id(store, "fetches")
        self._run = _find_newest_id(store, "runs")
        self._validators = self._load_validators()

    def read(self) -> list[tuple[int, Fetched]]:
        """Return what was fetched since the last call of `settle`, oldest first, each with its number."""
        rows = self.store.rows(
            "SELECT id, kind, url, at, outcome, reason, status, bytes, links, rest, modified, archived_in "
            "FROM fetches WHERE id > ? ORDER BY id LIMIT ?",
            self._fetch,
            BATCH,
        )
        return [(row["id"], self._build_fetched(row)) for row in rows]

    def settle(self, number: int) -> None:
        """Leave out everything up to this number from now on, as it has arrived."""
        self._fetch = number

    def build_end(self, reason: str) -> Ended:
        """Return the end of the crawl; `reason` is how its process ended, for a run that has no end."""
        row = self.store.row(
            "SELECT known, reason FROM runs WHERE id > ? AND coalesce(reason, ?) <> ?",
            self._run,
            SHUTDOWN,
            SHUTDOWN,
        )
        if row is None:
            return Ended(self.run, self.source, 0, reason[:LONGEST_TEXT], is_complete=False)
        read = {url: one for url, one in self._load_validators().items() if self._validators.get(url) != one}
        return Ended(
            self.run,
            self.source,
            row["known"],
            row["reason"][:LONGEST_TEXT],
            is_complete=True,
            validators=tuple((url, *one[:2]) for url, one in read.items() if not one[-1]),
            unreliable=tuple(url for url, one in read.items() if one[-1]),
        )

    def _build_fetched(self, row: Row) -> Fetched:
        record, outcome, reason = b"", row["outcome"], row["reason"]
        if row["archived_in"]:
            try:
                # With its body, which may be in a record that stays here.
                record = build_record(read_archived_page(self.archive, row["archived_in"]))
            except ArchiveError as error:
                outcome, reason = Outcome.TROUBLE, str(error)
        return Fetched(
            run=self.run,
            source=self.source,
            kind=row["kind"],
            url=row["url"],
            at=row["at"],
            outcome=outcome,
            reason=reason[:LONGEST_TEXT],
            status=row["status"],
            size=row["bytes"],
            links=row["links"],
            rest=row["rest"],
            modified=row["modified"],
            record=record,
        )

    def _load_validators(self) -> dict[str, tuple[str, str, str, int]]:
        rows = self.store.rows("SELECT url, etag, last_modified, at, wrong FROM validators")
        return {url: (etag, last_modified, at, wrong) for url, etag, last_modified, at, wrong in rows}


def _find_newest_id(store: Store, table: str) -> int:
    row = store.row(f"SELECT coalesce(max(id), 0) FROM {table}")
    return int(row[0]) if row else 0
