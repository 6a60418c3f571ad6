"""The tables of the daemon, and the view that says how each source is doing."""

from hashlib import sha256

# `wait` is how many seconds lie between the plan and `next_due`: a due time further ahead than that
# means that the clock was set back. `started` and `pid` are the lease of a crawl that runs now.
SCHEDULE = """
CREATE TABLE schedule (
    source TEXT PRIMARY KEY REFERENCES sources(name),
    next_due TEXT NOT NULL,
    wait REAL NOT NULL,
    why TEXT NOT NULL,
    started TEXT,
    pid INTEGER
) WITHOUT ROWID;
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    source TEXT REFERENCES sources(name),
    kind TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX events_source ON events(source, id);
CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    pid INTEGER NOT NULL,
    started TEXT NOT NULL,
    beat TEXT NOT NULL,
    running INTEGER NOT NULL
);
"""

# `rest` is how many seconds a server asked to be left alone, `links` how many a list had.
HEALTH = """
ALTER TABLE fetches ADD COLUMN rest REAL;
ALTER TABLE fetches ADD COLUMN links INTEGER;
CREATE TABLE health (
    source TEXT PRIMARY KEY REFERENCES sources(name),
    status TEXT NOT NULL,
    evidence TEXT NOT NULL,
    since TEXT NOT NULL,
    checked TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX fetches_new ON fetches(source, at) WHERE outcome IN ('stored', 'copy');
CREATE VIEW sources_health AS
SELECT name AS source, title, coalesce(status, 'new') AS status, coalesce(evidence, '') AS evidence, since,
       (SELECT finished FROM runs WHERE source = name AND outcome IN ('ok', 'partial')
        ORDER BY id DESC LIMIT 1) AS last_success,
       (SELECT at FROM fetches WHERE source = name AND outcome IN ('stored', 'copy')
        ORDER BY at DESC LIMIT 1) AS last_article,
       next_due, why AS due_why, language, home
FROM sources LEFT JOIN health ON health.source = name LEFT JOIN schedule ON schedule.source = name;
"""

# `wrong` counts 304s that hid something new.
HEAT = """
ALTER TABLE validators ADD COLUMN wrong INTEGER NOT NULL DEFAULT 0;
CREATE TABLE versions (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    replaced TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    diff TEXT NOT NULL,
    PRIMARY KEY (article_id, replaced)
) WITHOUT ROWID;
CREATE TABLE counts (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    at TEXT NOT NULL,
    views INTEGER NOT NULL,
    PRIMARY KEY (article_id, at)
) WITHOUT ROWID;
"""

# NULL is what a page does not say. A table without a rowid cannot lose a NOT NULL, so it is written anew.
REACTIONS = """
ALTER TABLE articles ADD COLUMN comments INTEGER;
ALTER TABLE articles ADD COLUMN likes INTEGER;
ALTER TABLE counts RENAME TO old_counts;
CREATE TABLE counts (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    at TEXT NOT NULL,
    views INTEGER,
    comments INTEGER,
    likes INTEGER,
    PRIMARY KEY (article_id, at)
) WITHOUT ROWID;
INSERT INTO counts (article_id, at, views) SELECT article_id, at, views FROM old_counts;
DROP TABLE old_counts;
"""

# `lost` names the fields of an article that its page, read again, no longer shows; '' is none.
LOST_FIELDS = """
ALTER TABLE fetches ADD COLUMN lost TEXT;
CREATE INDEX fetches_again ON fetches(source, id) WHERE lost IS NOT NULL;
"""

# What each webhook has been told, up to which event; `listener` is a `listener_name`.
LISTENERS = """
CREATE TABLE listeners (
    listener TEXT PRIMARY KEY,
    event INTEGER NOT NULL
) WITHOUT ROWID;
"""


def listener_name(address: str) -> str:
    """What the store calls a webhook: its address is a secret, and Datasette shows the tables."""
    return sha256(address.encode()).hexdigest()
