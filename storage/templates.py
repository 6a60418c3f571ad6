"""Where the articles of each site stand on its pages, and how far that is trusted."""

import sqlite3

from shopwire.storage.database import Store

# A template is good for as many pages as it is trusted; what it was once right on counts no longer.
MOST_TRUST = 8
# A site that names its elements by chance teaches another one with each page.
MOST_KEPT = 16
# So much trust a page costs on which it was wrong.
DISTRUST = 3


def templates_of(store: Store, site: str) -> list[sqlite3.Row]:
    """`path`, `above`, `fields` (a JSON list), `beside` and `trust` of the site's templates, the most
    trusted first. An empty path stands for the pages that taught none."""
    return store.rows(
        "SELECT path, above, fields, beside, trust FROM templates WHERE site = ? "
        "ORDER BY trust DESC, path LIMIT ?",
        site,
        MOST_KEPT,
    )


def trust(store: Store, site: str, path: str, above: int, fields: str, beside: int) -> None:
    """Note that one more page of a site is made like that: `above` becomes what is enough for all of
    them, `fields` what all of them have, `beside` the most of any. The least trusted of many are
    forgotten. Call inside `store.writing()`."""
    store.db.execute(
        "INSERT INTO templates (site, path, above, fields, beside, trust) VALUES (?, ?, ?, ?, ?, 1) "
        "ON CONFLICT (site, path) DO UPDATE SET trust = min(trust + 1, ?), "
        "above = max(above, excluded.above), beside = max(beside, excluded.beside), "
        "fields = (SELECT json_group_array(value) FROM json_each(templates.fields) "
        "WHERE value IN (SELECT value FROM json_each(excluded.fields)))",
        [site, path, above, fields, beside, MOST_TRUST],
    )
    store.db.execute(
        "DELETE FROM templates WHERE site = ?1 AND path <> ?2 AND path NOT IN "
        "(SELECT path FROM templates WHERE site = ?1 ORDER BY trust DESC, path LIMIT ?3)",
        [site, path, MOST_KEPT],
    )


def distrust(store: Store, site: str, path: str) -> None:
    """Note that a template was wrong on a page. Call inside `store.writing()`."""
    store.db.execute(
        "UPDATE templates SET trust = max(trust - ?, 0) WHERE site = ? AND path = ?",
        [DISTRUST, site, path],
    )


def forget_templates(store: Store, site: str | None) -> None:
    """Begin anew on one site, or on all. Call inside `store.writing()`."""
    store.db.execute("DELETE FROM templates WHERE ? IS NULL OR site = ?", [site, site])
