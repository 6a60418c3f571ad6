"""The schema, as steps that are only ever appended to.

Each step is one function of SQL; sqlite-utils runs the pending ones in order and remembers them.
`docs/schema.md` is generated from the result.
"""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from shopwire.storage.views import VIEWS

migrations = Migrations("shopwire")

ARTICLES = """
CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL REFERENCES sources(name),
    title TEXT NOT NULL,
    author TEXT NOT NULL,
    editor TEXT NOT NULL,
    published TEXT,
    published_from TEXT NOT NULL,
    updated TEXT,
    fetched TEXT NOT NULL,
    language TEXT NOT NULL,
    origin TEXT NOT NULL,
    tags TEXT NOT NULL,
    views INTEGER,
    image TEXT NOT NULL,
    text TEXT NOT NULL,
    text_hash INTEGER NOT NULL,
    canonical_id INTEGER REFERENCES articles(id),
    story_id INTEGER REFERENCES stories(id),
    extractor TEXT NOT NULL,
    archived_in TEXT NOT NULL
);
CREATE INDEX articles_text_hash ON articles(text_hash);
CREATE INDEX articles_published ON articles(published);
CREATE INDEX articles_source ON articles(source);
CREATE INDEX articles_language ON articles(language);
CREATE INDEX articles_canonical ON articles(canonical_id);
CREATE INDEX articles_story ON articles(story_id);
"""

COPIES_AND_STORIES = """
CREATE TABLE copies (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    of_id INTEGER NOT NULL REFERENCES articles(id),
    kind TEXT NOT NULL CHECK (kind IN ('exact', 'near', 'contains')),
    score REAL NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (article_id, of_id, kind)
) WITHOUT ROWID;
CREATE INDEX copies_of ON copies(of_id);
CREATE TABLE stories (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    articles INTEGER NOT NULL,
    sources INTEGER NOT NULL,
    languages TEXT NOT NULL
);
"""

LEDGER = """
CREATE TABLE sources (
    name TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    home TEXT NOT NULL,
    language TEXT NOT NULL,
    first_crawled TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources(name),
    started TEXT NOT NULL,
    finished TEXT,
    outcome TEXT,
    reason TEXT,
    known INTEGER NOT NULL DEFAULT 0,
    pid INTEGER NOT NULL
);
CREATE INDEX runs_source ON runs(source, started);
CREATE TABLE fetches (
    id INTEGER PRIMARY KEY,
    run_id INTEGER REFERENCES runs(id),
    source TEXT NOT NULL REFERENCES sources(name),
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    status INTEGER,
    bytes INTEGER,
    article_id INTEGER REFERENCES articles(id),
    archived_in TEXT,
    modified TEXT
);
CREATE INDEX fetches_url ON fetches(url, id);
CREATE INDEX fetches_source ON fetches(source, at);
CREATE INDEX fetches_run ON fetches(run_id, outcome);
CREATE INDEX fetches_article ON fetches(article_id);
CREATE TABLE validators (
    url TEXT PRIMARY KEY,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    at TEXT NOT NULL
) WITHOUT ROWID;
"""

# Contentless: the words are bigrams made by `search.shadow`, and the text itself stands in `articles`.
SEARCH = """
CREATE VIRTUAL TABLE articles_fts USING fts5(title, text, content='', tokenize='unicode61');
"""


@migrations()
def first_schema(db: Database) -> None:
    """Articles, their copies and stories, the ledger of attempts, and search."""
    for script in (LEDGER, COPIES_AND_STORIES, ARTICLES, SEARCH):
        execute_all(db, script)


@migrations()
def views_for_readers(db: Database) -> None:
    """What the desk shows: the views of `storage.views` and their indexes."""
    for script in VIEWS:
        execute_all(db, script)


def execute_all(db: Database, script: str) -> None:
    """Run the statements of a script inside the open transaction (`executescript` would commit it)."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
