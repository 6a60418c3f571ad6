"""Reports for people: how a run went, and the newest articles."""

from dataclasses import dataclass, field
from typing import Any

from shopwire.storage.crawl_log.outcomes import IN_STORE, LISTS_READ, Outcome, format_sql_list
from shopwire.storage.database import Store

# Lists that a report does not mention.
FULL_LISTS = LISTS_READ - {Outcome.EMPTY_LIST, Outcome.FOREIGN_LIST}

NEWEST = """
SELECT id, CASE WHEN published IS NULL THEN 'undated' ELSE latest.day END AS day, latest.language,
       latest.title, latest.source, latest.story, latest.url
FROM latest JOIN articles USING (id) ORDER BY latest.time DESC LIMIT ?
"""
PAGES = """
SELECT outcome, count(*), min(reason) FROM fetches WHERE run_id = ? AND kind = 'page'
GROUP BY outcome ORDER BY outcome
"""
LISTS = f"""
SELECT kind || ' ' || outcome, count(*), min(reason) FROM fetches
WHERE run_id = ? AND kind <> 'page' AND outcome NOT IN {format_sql_list(FULL_LISTS)} GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class RunReport:
    """How one run of one source went, in numbers of pages.

    `refused` and `reasons` are in the same order: pages by outcome, then lists by kind and outcome.
    """

    source: str
    outcome: str
    fetched: int
    stored: int
    updated: int
    copies: int
    known: int
    refused: dict[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()

    def list_refusals(self) -> list[str]:
        """Return a line for each outcome that added nothing to the store: how often it occurred, and why."""
        counts = self.refused.values()
        return [f"{count} {reason}" for count, reason in zip(counts, self.reasons, strict=True)]


def load_run_report(store: Store, run: int) -> RunReport:
    """Return the report of a run. Raises `LookupError` if there is none of that id."""
    row = store.row("SELECT source, outcome, known FROM runs WHERE id = ?", run)
    if row is None:
        raise LookupError(f"no run {run} in {store.path}")
    pages = store.rows(PAGES, run)
    counts = {outcome: count for outcome, count, _ in pages}
    refused = [tuple(page) for page in pages if page["outcome"] not in IN_STORE]
    refused += map(tuple, store.rows(LISTS, run))
    return RunReport(
        source=row["source"],
        outcome=row["outcome"] or "running",
        fetched=sum(counts.values()),
        stored=counts.get(Outcome.STORED, 0),
        updated=counts.get(Outcome.UPDATED, 0),
        copies=counts.get(Outcome.COPY, 0),
        known=row["known"] + counts.get(Outcome.KNOWN, 0),
        refused={outcome: count for outcome, count, _ in refused},
        reasons=tuple(f"{outcome}: {reason}" for outcome, _, reason in refused),
    )


def report_unrecorded_run(source: str) -> RunReport:
    """Return the report of a run that could not be written into the crawl log, as on a full disk."""
    reason = "trouble: the run could not be recorded; free some space, then crawl again (-v shows the log)"
    return RunReport(source, "interrupted", 0, 0, 0, 0, 0, {Outcome.TROUBLE: 1}, (reason,))


def load_newest_articles(store: Store, most: int) -> list[dict[str, Any]]:
    """Return up to `most` of the newest articles: id, day, language, title, source, story, url. The day
    of one without a date is `undated`; it is sorted by when it was first fetched."""
    return [dict(row) for row in store.rows(NEWEST, most)]
