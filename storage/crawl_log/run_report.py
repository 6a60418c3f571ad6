"""What the ledger has to tell a person: how runs went, what is new."""

from dataclasses import dataclass, field
from typing import Any

from shopwire.storage.crawl_log.outcomes import (
    FAILED,
    IN_STORE,
    LISTS_READ,
    Outcome,
    format_sql_list,
)
from shopwire.storage.database import Store

NEWEST = """
SELECT id, CASE WHEN published IS NULL THEN 'undated' ELSE latest.day END AS day, latest.language,
       latest.title, latest.source, latest.story, latest.url
FROM latest JOIN articles USING (id) ORDER BY latest.time DESC LIMIT ?
"""
# Lists that a report does not mention.
FULL_LISTS = LISTS_READ - {Outcome.EMPTY_LIST}


@dataclass(frozen=True, slots=True)
class RunReport:
    """How one run of one source went, in numbers of pages."""

    source: str
    outcome: str
    fetched: int
    stored: int
    updated: int
    copies: int
    known: int
    refused: dict[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()

    def refusals(self) -> list[str]:
        """A line for each kind of page or list that brought nothing, with how many and why."""
        counts = self.refused.values()
        return [f"{count} {reason}" for count, reason in zip(counts, self.reasons, strict=True)]

    @property
    def failed(self) -> int:
        """Pages and lists that were not answered."""
        return sum(count for outcome, count in self.refused.items() if outcome in FAILED)


def run_report(store: Store, run: int) -> RunReport:
    """How a run went. Raises `LookupError` when there is none of that id."""
    row = store.row("SELECT source, outcome, known FROM runs WHERE id = ?", run)
    if row is None:
        raise LookupError(f"no run {run} in {store.path}")
    counts = dict(
        map(
            tuple,
            store.rows(
                "SELECT outcome, count(*) FROM fetches WHERE run_id = ? AND kind = 'page' GROUP BY outcome",
                run,
            ),
        )
    )
    lists = store.rows(
        "SELECT kind || ' ' || outcome, count(*), min(reason) FROM fetches WHERE run_id = ? "
        f"AND kind <> 'page' AND outcome NOT IN {format_sql_list(FULL_LISTS)} GROUP BY 1",
        run,
    )
    pages = store.rows(
        "SELECT outcome, min(reason) FROM fetches WHERE run_id = ? AND kind = 'page' "
        f"AND outcome NOT IN {format_sql_list(IN_STORE)} GROUP BY outcome ORDER BY outcome",
        run,
    )
    refused = {outcome: counts[outcome] for outcome, _ in pages}
    refused |= {outcome: count for outcome, count, _ in lists}
    reasons = [f"{outcome}: {reason}" for outcome, reason in pages]
    reasons += [f"{outcome}: {reason}" for outcome, _, reason in lists]
    return RunReport(
        source=row["source"],
        outcome=row["outcome"] or "running",
        fetched=sum(counts.values()),
        stored=counts.get(Outcome.STORED, 0),
        updated=counts.get(Outcome.UPDATED, 0),
        copies=counts.get(Outcome.COPY, 0),
        known=row["known"] + counts.get(Outcome.KNOWN, 0),
        refused=refused,
        reasons=tuple(reasons),
    )


def newest_articles(store: Store, most: int) -> list[dict[str, Any]]:
    """The articles that came last: id, day, language, title, source, story, url. One without a date
    is `undated` and stands where it was first seen."""
    return [dict(row) for row in store.rows(NEWEST, most)]
