"""Learned boilerplate: lines that repeat over unrelated articles of a site, by their hashes.

A line is counted once for each group of duplicates (see `folding.hash_line`), because one report
that a site carries many times must not make its own sentences boilerplate.
"""

import json
from collections.abc import Collection, Iterable
from itertools import compress

from shopwire.storage.database import Store
from shopwire.storage.text.folding import hash_line
from shopwire.storage.text.markdown import select_lines

# Unrelated articles of one site that must share a line before it is boilerplate of the site. The index
# `lines_frame` is made for this number.
MIN_GROUPS = 4
# The name of what is kept in memory: for each line how many groups of duplicates have it on one site at most.
# A line that was counted since may have fewer, but is no boilerplate.
MOST_GROUPS = "groups"
# The name of what is kept for reading: the boilerplate of each site.
BOILERPLATE = "boilerplate"


def load_site_boilerplate(store: Store, site: str) -> frozenset[int]:
    """Return all lines that are known boilerplate of `site`."""
    rows = store.rows(f"SELECT hash FROM lines WHERE site = ? AND clusters >= {MIN_GROUPS}", site)
    return frozenset(row["hash"] for row in rows)


def get_kept_boilerplate(store: Store, site: str) -> frozenset[int]:
    """Return the same through a connection that only reads, from memory until another one has written."""
    kept = store.kept.get_mapping_to_read(BOILERPLATE)
    if site not in kept:
        kept[site] = load_site_boilerplate(store, site)
    lines: frozenset[int] = kept[site]
    return lines


def remove_boilerplate(text: str, markdown: str, boilerplate: Collection[int]) -> tuple[str, str]:
    """Return a text and its Markdown without the lines whose hashes are in `boilerplate`.

    Both are returned unchanged where the text has no other line.
    """
    lines = text.split("\n") if boilerplate else []
    wanted = [hash_line(line) not in boilerplate for line in lines]
    if all(wanted) or not any(wanted):
        return text, markdown
    return "\n".join(compress(lines, wanted)), select_lines(markdown, wanted)


def select_boilerplate(store: Store, lines: Iterable[int]) -> set[int]:
    """Return those of `lines` that are known boilerplate of any site.

    Reposts carry the boilerplate of the sites they were taken from.
    """
    wanted = set(lines)
    kept = store.kept.get_mapping(MOST_GROUPS)
    unknown = [line for line in wanted if line not in kept]
    if unknown:
        rows = store.db.execute(
            "SELECT hash, max(clusters) FROM json_each(?) CROSS JOIN lines ON hash = value GROUP BY hash",
            [json.dumps(unknown)],
        )
        kept.update(dict.fromkeys(unknown, 0))
        kept.update(rows.fetchall())
    return {line for line in wanted if kept[line] >= MIN_GROUPS}


def count_lines(store: Store, site: str, lines: Collection[int]) -> None:
    """Record that one more group of duplicates has these lines on this site."""
    store.db.conn.executemany(
        "INSERT INTO lines (hash, site, clusters) VALUES (?, ?, 1) "
        "ON CONFLICT (hash, site) DO UPDATE SET clusters = clusters + 1",
        [(line, site) for line in lines],
    )
    kept = store.kept.get_mapping(MOST_GROUPS)
    for line in lines:
        groups = kept.get(line, MIN_GROUPS)
        if groups < MIN_GROUPS - 1:
            kept[line] = groups + 1
        elif groups < MIN_GROUPS:
            # Whether one site has so many is looked up again.
            del kept[line]


def uncount_lines(store: Store, site: str, lines: Iterable[int]) -> None:
    """Record that one group of duplicates less has these lines on this site. Known boilerplate stays
    known: the articles it was removed from have lost those lines for good."""
    store.db.conn.executemany(
        "UPDATE lines SET clusters = clusters - 1 WHERE hash = ? AND site = ? AND clusters < ?",
        [(line, site, MIN_GROUPS) for line in lines],
    )


def load_line_counts(store: Store, site: str) -> dict[int, int]:
    """Return how many groups of duplicates have each line on a site, by its hash."""
    return {
        row["hash"]: row["clusters"]
        for row in store.rows("SELECT hash, clusters FROM lines WHERE site = ?", site)
    }


def save_boilerplate(store: Store, site: str, lines: Collection[int]) -> None:
    """Store that lines are boilerplate of a site, which was found out without counting them one by one."""
    store.db.conn.executemany(
        f"INSERT INTO lines (hash, site, clusters) VALUES (?, ?, {MIN_GROUPS}) "
        "ON CONFLICT (hash, site) DO UPDATE SET clusters = max(clusters, excluded.clusters)",
        [(line, site) for line in lines],
    )
    store.kept.get_mapping(MOST_GROUPS).update(dict.fromkeys(lines, MIN_GROUPS))


def load_unswept_lines(store: Store, site: str) -> frozenset[int]:
    """Return the boilerplate of a site that is not yet removed from its stored articles."""
    sql = f"SELECT hash FROM lines WHERE site = ? AND clusters >= {MIN_GROUPS} AND NOT swept"
    return frozenset(row["hash"] for row in store.rows(sql, site))


def mark_swept(store: Store, site: str, lines: Iterable[int]) -> None:
    """Record that no stored article of the site has these lines any more."""
    store.db.conn.executemany(
        "UPDATE lines SET swept = 1 WHERE hash = ? AND site = ?", [(line, site) for line in lines]
    )
