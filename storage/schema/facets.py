"""What is kept so that nobody counts a million articles to tell them apart by source.

For all articles (`*`) and for those of each language, how many there are of each language, source,
platform and story; triggers keep it, and only canonical articles count. Counting takes about as long as
Datasette waits for a facet.
"""

COLUMNS = {
    "language": "language",
    "source": "source",
    "platform": "platform",
    "story": "story_id",
}
"""The facets of `latest`, and the columns of `articles` behind them."""

ALL = "*"

_KEPT = [(field, within) for field in COLUMNS for within in (f"'{ALL}'", "language")]

COUNT_FACETS = "INSERT INTO facet_counts\n" + "\nUNION ALL\n".join(
    f"""SELECT '{field}', {within}, {COLUMNS[field]}, count(*) FROM articles
    WHERE canonical_id = id AND {COLUMNS[field]} IS NOT NULL GROUP BY {within}, {COLUMNS[field]}"""
    for field, within in _KEPT
)
"""Fills the empty table from the articles that are there."""


def _keys(row: str, *fields: str) -> str:
    return "\n    UNION ALL ".join(
        f"SELECT '{field}' AS field, {within.replace('language', f'{row}.language')} AS within, "
        f"{row}.{COLUMNS[field]} AS value"
        for field, within in _KEPT
        if field in fields
    )


def _count(row: str, step: int, *fields: str) -> str:
    return f"""BEGIN
    INSERT INTO facet_counts SELECT field, within, value, {step}
    FROM ({_keys(row, *fields)}) WHERE value IS NOT NULL
    ON CONFLICT (field, within, value) DO UPDATE SET articles = articles + excluded.articles; END"""


# Each new article is given its story after the rest: that alone need not count it out and in by everything.
_MOVED = """(new.canonical_id, new.language, new.source, new.platform)
    IS NOT (old.canonical_id, old.language, old.source, old.platform)"""
_RETOLD = f"new.story_id IS NOT old.story_id AND NOT {_MOVED}"
_MOVING = "AFTER UPDATE OF canonical_id, language, source, platform ON articles"
_RETELLING = "AFTER UPDATE OF story_id ON articles"

COUNTED_BY_FACET = f"""
CREATE TABLE facet_counts (
    field TEXT NOT NULL,
    within TEXT NOT NULL, -- a language, * for all
    value NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (field, within, value)
) WITHOUT ROWID;
{COUNT_FACETS};
CREATE INDEX facet_counts_most ON facet_counts(field, within, articles DESC, value);
CREATE TRIGGER facets_new AFTER INSERT ON articles
    WHEN new.canonical_id = new.id {_count("new", 1, *COLUMNS)};
CREATE TRIGGER facets_gone AFTER DELETE ON articles
    WHEN old.canonical_id = old.id {_count("old", -1, *COLUMNS)};
CREATE TRIGGER facets_more {_MOVING}
    WHEN new.canonical_id = new.id AND {_MOVED} {_count("new", 1, *COLUMNS)};
CREATE TRIGGER facets_less {_MOVING}
    WHEN old.canonical_id = old.id AND {_MOVED} {_count("old", -1, *COLUMNS)};
CREATE TRIGGER facets_story_more {_RETELLING}
    WHEN new.canonical_id = new.id AND {_RETOLD} {_count("new", 1, "story")};
CREATE TRIGGER facets_story_less {_RETELLING}
    WHEN old.canonical_id = old.id AND {_RETOLD} {_count("old", -1, "story")};
CREATE TRIGGER facets_none AFTER UPDATE ON facet_counts WHEN new.articles = 0 BEGIN
    DELETE FROM facet_counts WHERE (field, within, value) = (new.field, new.within, new.value); END;
"""
