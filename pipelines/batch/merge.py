"""Merges the store of a month into the one store: rows under other ids, then groups that reach beyond it."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Row
from typing import Final

from shopwire.pipelines.deduplication.duplicate_groups import DuplicateLink, merge_groups
from shopwire.pipelines.store_article import StoreResult
from shopwire.pipelines.stories.assign_story import assign_story
from shopwire.pipelines.stories.story_store import refresh_story
from shopwire.storage.crawl_log.outcomes import parse_outcome
from shopwire.storage.crawl_log.reextraction import delete_position, load_position, save_position
from shopwire.storage.database import Store
from shopwire.storage.search.full_text import index_article

# `ids` has the article of the store for those of the shard; `is_new` are those of its month. Their `head` is
# the first one of their group that is new, in the ids of the shard.
PREPARE: Final = """
CREATE TEMP TABLE ids (old INTEGER PRIMARY KEY, new INTEGER NOT NULL, is_new INTEGER NOT NULL);
INSERT INTO ids SELECT one.id, other.id, 0 FROM shard.articles AS one JOIN main.articles AS other USING (url);
INSERT OR IGNORE INTO ids
    SELECT one.id, article_id, 0 FROM shard.articles AS one JOIN main.aliases USING (url);
INSERT INTO ids
    SELECT id, row_number() OVER (ORDER BY id) + (SELECT coalesce(max(id), 0) FROM main.articles), 1
    FROM shard.articles
    WHERE id > (SELECT article FROM shard.before_month) AND id NOT IN (SELECT old FROM ids);
CREATE TEMP TABLE heads AS
    SELECT ids.old, ids.new,
        iif(front.is_new, one.canonical_id, min(one.id) OVER (PARTITION BY one.canonical_id)) AS head
    FROM ids JOIN shard.articles AS one ON one.id = ids.old
    LEFT JOIN ids AS front ON front.old = one.canonical_id WHERE ids.is_new;
CREATE UNIQUE INDEX temp.heads_old ON heads (old);
CREATE TEMP TABLE tales (old INTEGER PRIMARY KEY, new INTEGER NOT NULL, is_new INTEGER NOT NULL);
INSERT INTO tales
    SELECT one.story_id, min(other.story_id), 0 FROM ids JOIN shard.articles AS one ON one.id = ids.old
    JOIN main.articles AS other ON other.id = ids.new
    WHERE NOT is_new AND other.story_id IS NOT NULL
        AND one.story_id IN (SELECT story_id FROM heads JOIN shard.articles ON id = old) GROUP BY 1;
INSERT OR IGNORE INTO tales
    SELECT story_id, story_id + (SELECT coalesce(max(id), 0) FROM main.stories), 1
    FROM heads JOIN shard.articles ON id = old WHERE story_id IS NOT NULL GROUP BY 1;
CREATE TEMP TABLE strands (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
INSERT INTO strands
    SELECT one.strand, min(other.strand) FROM ids JOIN shard.profiles AS one ON one.article_id = ids.old
    JOIN main.profiles AS other ON other.article_id = ids.new WHERE NOT is_new GROUP BY 1;
INSERT OR IGNORE INTO strands
    SELECT strand, strand + (SELECT coalesce(max(strand), 0) FROM main.profiles)
    FROM heads JOIN shard.profiles ON article_id = old GROUP BY 1;
"""
# What is counted, with the column that counts; only what was counted in the month is added.
COUNTED: Final = """
INSERT OR IGNORE INTO main.sources SELECT * FROM shard.sources;
INSERT OR IGNORE INTO main.address_parts SELECT * FROM shard.address_parts;
INSERT INTO main.terms
    SELECT term, now.articles - coalesce(was.articles, 0) AS more FROM shard.terms AS now
    LEFT JOIN shard.before_terms AS was USING (term) WHERE more > 0
    ON CONFLICT (term) DO UPDATE SET articles = articles + excluded.articles;
INSERT INTO main.lines (hash, site, clusters)
    SELECT hash, site, now.clusters - coalesce(was.clusters, 0) AS more FROM shard.lines AS now
    LEFT JOIN shard.before_lines AS was USING (hash, site) WHERE more > 0
    ON CONFLICT (hash, site) DO UPDATE SET clusters = clusters + excluded.clusters;
"""
# How the columns of a copied row are made where they are not the same: `now` is the row of the shard.
ARTICLE: Final = {"article_id": "(SELECT new FROM heads WHERE old = now.article_id)"}
OTHER: Final = "(SELECT new FROM ids WHERE old = now.{})"
COPIED: Final[Mapping[str, Mapping[str, str]]] = {
    "stories": {"id": "(SELECT new FROM tales WHERE old = now.id AND is_new)"},
    "articles": {
        "id": "(SELECT new FROM heads WHERE old = now.id)",
        "canonical_id": "(SELECT other.new FROM heads JOIN heads AS other ON other.old = heads.head "
        "WHERE heads.old = now.id)",
        "story_id": "(SELECT new FROM tales WHERE old = now.story_id)",
    },
    "fingerprints": {"article": "(SELECT new FROM heads WHERE old = now.article)"},
    "profiles": ARTICLE | {"strand": "(SELECT new FROM strands WHERE old = now.strand)"},
    "facts": ARTICLE,
    "story_links": ARTICLE | {"like_id": OTHER.format("like_id")},
    "translations": ARTICLE | {"of_id": OTHER.format("of_id")},
    "digest_items": ARTICLE | {"of_id": OTHER.format("of_id")},
    "digest_keys": ARTICLE,
    "named": ARTICLE,
    "figures": ARTICLE | {"id": "NULL"},
    "versions": ARTICLE,
    "counts": ARTICLE,
    "aliases": {"article_id": OTHER.format("article_id")},
    "fetches": {"id": "NULL", "article_id": OTHER.format("article_id")},
}
# Which rows are copied; of the other tables those whose first changed column has a value.
WHERE: Final = {"fetches": "now.id > (SELECT fetch FROM shard.before_month)"}
LINKS: Final = """
SELECT now.*, one.head AS head, other.head AS of_head, ids.new AS new, of_ids.new AS of_new
FROM shard.copies AS now LEFT JOIN heads AS one ON one.old = article_id
LEFT JOIN heads AS other ON other.old = of_id LEFT JOIN ids ON ids.old = article_id
LEFT JOIN ids AS of_ids ON of_ids.old = of_id WHERE one.old IS NOT NULL OR other.old IS NOT NULL
ORDER BY article_id, of_id
"""
TEXTS: Final = "SELECT new, title, text FROM heads JOIN main.articles ON id = new"
RESULTS: Final = "SELECT url, outcome, reason FROM fetches WHERE id > (SELECT fetch FROM before_month)"
# A copy may have another front here than in its shard.
INSERT_LINK: Final = """
INSERT OR IGNORE INTO main.copies
    SELECT :one, :of, iif(:kind = 'contains', :kind, iif(count(DISTINCT text_hash) = 1, 'exact', 'near')),
        :score, :why
    FROM main.articles WHERE id IN (:one, :of)
"""
MADE: Final = ("ids", "heads", "tales", "strands")


def merge_shard(store: Store, path: Path) -> Iterator[StoreResult]:
    """Bring the articles of the month of a shard into the store; yield the result of each of its pages once
    that is done.

    A shard that is merged already changes nothing and has no results.
    """
    task = _name_task(path)
    with _attach(store, path), store.writing():
        if load_position(store, task):
            return
        _execute_all(store, PREPARE + COUNTED)
        store.kept.drop()
        for table, changed in COPIED.items():
            _copy_rows(store, table, changed)
        for article, title, text in store.db.conn.execute(TEXTS):
            index_article(store.db, article, title, text)
        linked = _link_groups(store)
        for row in store.rows("SELECT DISTINCT new FROM tales"):
            refresh_story(store, row["new"])
        for article in linked:
            assign_story(store, article)
        last = store.row("SELECT max(id) FROM main.fetches")
        if last and last[0]:
            save_position(store, task, last[0])
        for table in MADE:
            store.db.execute(f"DROP TABLE temp.{table}")
    yield from _read_results(path)


def forget_merged(store: Store, path: Path) -> None:
    """Forget that a shard is merged. Call inside `store.writing()`, when all are."""
    delete_position(store, _name_task(path))


def _name_task(path: Path) -> str:
    return f"merge {path.name}"


@contextmanager
def _attach(store: Store, path: Path) -> Iterator[None]:
    store.db.conn.execute("ATTACH ? AS shard", [str(path)])
    try:
        yield
    finally:
        store.db.conn.execute("DETACH shard")


def _execute_all(store: Store, statements: str) -> None:
    for statement in filter(str.strip, statements.split(";\n")):
        store.db.conn.execute(statement)


def _copy_rows(store: Store, table: str, changed: Mapping[str, str]) -> None:
    names = [row["name"] for row in store.rows(f"PRAGMA main.table_info({table})")]
    values = ", ".join(changed.get(name, f"now.{name}") for name in names)
    wanted = WHERE.get(table)
    if wanted is None:
        column = next(name for name in changed if changed[name] != "NULL")
        wanted = " AND ".join(f"{made} IS NOT NULL" for made in changed.values() if made != "NULL")
        wanted = wanted if table != "articles" else f"{changed[column]} IS NOT NULL"
    store.db.conn.execute(
        f"INSERT OR IGNORE INTO main.{table} ({', '.join(names)}) "
        f"SELECT {values} FROM shard.{table} AS now WHERE {wanted}"
    )


def _link_groups(store: Store) -> list[int]:
    """Store the links of the new articles; merge groups that have articles of both. Return the articles whose
    group has changed."""
    across = []
    for row in store.rows(LINKS):
        link = DuplicateLink(row["score"], _translate(store, row))
        if row["kind"] == "contains":
            if row["new"] and row["of_new"]:
                _insert(store, row, row["new"], row["of_new"], link)
        elif row["head"] is not None and row["of_head"] is not None:
            _insert(store, row, row["new"], row["of_new"], link)
        elif row["head"] is None:
            across.append((row["of_new"], row["new"], link))
        elif row["head"] == row["article_id"]:
            across.append((row["new"], row["of_new"], link))
        else:
            head = store.row("SELECT new FROM heads WHERE old = ?", row["head"])
            assert head
            _insert(store, row, row["new"], head["new"], link)
    return [one for one, other, link in across if one and other and _merge(store, one, other, link)]


def _translate(store: Store, row: Row) -> dict[str, object]:
    """Return why two articles are copies, with the ids of the store."""
    why: dict[str, object] = json.loads(row["why"])
    between = why.get("between")
    if isinstance(between, list):
        found = [store.row("SELECT new FROM ids WHERE old = ?", one) for one in between]
        ids = [one["new"] for one in found if one]
        why["between"] = ids if len(ids) == len(between) else [row["new"], row["of_new"]]
    return why


def _insert(store: Store, row: Row, article: int, of: int, link: DuplicateLink) -> None:
    why = json.dumps(link.why, ensure_ascii=False)
    values = {"one": article, "of": of, "kind": row["kind"], "score": link.score, "why": why}
    store.db.conn.execute(INSERT_LINK, values)


def _merge(store: Store, one: int, other: int, link: DuplicateLink) -> bool:
    fronts = [
        row["canonical_id"]
        for article in (one, other)
        for row in store.rows("SELECT canonical_id FROM main.articles WHERE id = ?", article)
    ]
    if len(set(fronts)) < 2:
        return False
    merge_groups(store, fronts[0], {fronts[1]: link})
    return True


def _read_results(path: Path) -> Iterator[StoreResult]:
    with closing(sqlite3.connect(path)) as connection:
        for url, outcome, reason in connection.execute(RESULTS):
            yield StoreResult(url, parse_outcome(outcome), reason)
