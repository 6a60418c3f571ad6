-- step: first_schema
-- Articles, their copies and stories, the crawl log, and search.
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
    finished TEXT, -- NULL while it runs
    outcome TEXT, -- ok, partial, failed, interrupted
    reason TEXT,
    known INTEGER NOT NULL DEFAULT 0, -- links that needed no download
    pid INTEGER NOT NULL
);
CREATE INDEX runs_source ON runs(source, started);
CREATE TABLE fetches (
    id INTEGER PRIMARY KEY,
    run_id INTEGER REFERENCES runs(id),
    source TEXT NOT NULL REFERENCES sources(name),
    kind TEXT NOT NULL, -- feed, sitemap, listing or page
    url TEXT NOT NULL, -- as it was asked for, in canonical form
    at TEXT NOT NULL,
    outcome TEXT NOT NULL, -- stored, updated, copy, known, thin, blocked, robots, timeout, error, ...
    reason TEXT NOT NULL, -- for people
    status INTEGER, -- of HTTP
    bytes INTEGER,
    article_id INTEGER REFERENCES articles(id),
    archived_in TEXT,
    modified TEXT -- when its source said that it had last changed
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
CREATE TABLE copies (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    of_id INTEGER NOT NULL REFERENCES articles(id),
    kind TEXT NOT NULL CHECK (kind IN ('exact', 'near', 'contains')),
    score REAL NOT NULL,
    why TEXT NOT NULL, -- a JSON object: what decided, in words and figures
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
CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE, -- canonical
    source TEXT NOT NULL REFERENCES sources(name),
    title TEXT NOT NULL,
    author TEXT NOT NULL,
    editor TEXT NOT NULL,
    published TEXT, -- ISO 8601: a minute with its offset, or a bare day where the page shows no more
    published_from TEXT NOT NULL, -- where on the page that date was found, and whether as a relative one
    updated TEXT,
    fetched TEXT NOT NULL,
    language TEXT NOT NULL, -- zh, en, ... or und where there is nothing to go by
    origin TEXT NOT NULL, -- the publisher it says it was taken from
    tags TEXT NOT NULL, -- a JSON list
    views INTEGER,
    image TEXT NOT NULL,
    text TEXT NOT NULL, -- one paragraph a line
    text_hash INTEGER NOT NULL, -- of the normalised text: equal in exact copies
    canonical_id INTEGER REFERENCES articles(id), -- its own id unless it is a copy of that one
    story_id INTEGER REFERENCES stories(id),
    extractor TEXT NOT NULL, -- name and version of what extracted it
    archived_in TEXT NOT NULL -- file#offset of the raw page in the archive
);
CREATE INDEX articles_text_hash ON articles(text_hash);
CREATE INDEX articles_published ON articles(published);
CREATE INDEX articles_source ON articles(source);
CREATE INDEX articles_language ON articles(language);
CREATE INDEX articles_canonical ON articles(canonical_id);
CREATE INDEX articles_story ON articles(story_id);
-- Contentless: the words are bigrams made by `build_index_text`, and the text itself is in `articles`.
CREATE VIRTUAL TABLE articles_fts USING fts5(title, text, content='', tokenize='unicode61');

-- step: copies_by_fingerprint
-- Find near-duplicates, and show who published first.
-- `fingerprints.article` is the first of a group of copies to bring the key in; `lines.clusters` counts
-- the groups of copies that have the line on that site.
CREATE TABLE fingerprints (
    key INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (key, article)
) WITHOUT ROWID;
CREATE TABLE lines (
    hash INTEGER NOT NULL,
    site TEXT NOT NULL,
    clusters INTEGER NOT NULL,
    swept INTEGER NOT NULL DEFAULT 0, -- 1 once it is gone from the articles stored before
    PRIMARY KEY (hash, site)
) WITHOUT ROWID;
CREATE INDEX lines_frame ON lines(site) WHERE clusters >= 4;
-- Who published first, who copied. An article was copied from the member of its group that it names as
-- its origin, else from the one it was compared with, if that one was earlier, else from the first.
CREATE VIEW genealogy AS
WITH family AS (
    SELECT articles.id, canonical_id, source, sources.title AS name, articles.title, url, origin,
           coalesce(published, fetched) AS time,
           julianday(coalesce(published, fetched)) AS moment,
           copies.kind, copies.score, copies.why
    FROM articles
    JOIN sources ON sources.name = articles.source
    LEFT JOIN copies ON copies.article_id = articles.id AND copies.of_id = articles.canonical_id
        AND copies.kind <> 'contains'
    WHERE canonical_id IN (SELECT of_id FROM copies WHERE kind <> 'contains')
),
named AS (
    SELECT family.*, (
        SELECT elder.id FROM family AS elder
        WHERE elder.canonical_id = family.canonical_id AND elder.id <> family.id
            AND family.origin <> '' AND family.origin IN (elder.source, elder.name)
            AND elder.moment <= family.moment
        ORDER BY elder.moment, elder.id LIMIT 1
    ) AS origin_id, (
        SELECT elder.id FROM family AS elder
        WHERE elder.canonical_id = family.canonical_id AND elder.id <> family.id
            AND elder.id IN (SELECT value FROM json_each(family.why, '$.between'))
            AND elder.moment < family.moment
    ) AS compared_id
    FROM family
)
SELECT canonical_id, id AS article_id,
       CASE WHEN id <> canonical_id THEN coalesce(origin_id, compared_id, canonical_id) END
           AS copied_from,
       CASE WHEN id = canonical_id THEN 'first'
            WHEN origin_id IS NOT NULL THEN 'says so'
            WHEN compared_id IS NOT NULL THEN 'closest text'
            ELSE 'earliest' END AS known_by,
       time, source, title, kind, score, origin, url
FROM named
ORDER BY canonical_id, moment, id;

-- step: schedule
-- When each source is due, events, and the daemon's heartbeat.
-- `wait` is how many seconds lie between the plan and `next_due`: a due time further ahead than that
-- means that the clock was set back. `started` and `pid` are the lease of a crawl that runs now.
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

-- step: passes
-- Where an interrupted `shopwire reextract` continues.
-- How far a pass over the archive has come that was broken off.
CREATE TABLE passes (
    task TEXT PRIMARY KEY,
    fetch INTEGER NOT NULL REFERENCES fetches(id)
) WITHOUT ROWID;

-- step: stories
-- Features of articles, their clusters and stories, and manual overrides.
-- `terms` counts articles by the words, names and entities they hold; the empty term counts them all.
-- `facts` finds articles of the same days that hold the same numbers, names or words, a few for each
-- article. A strand is what the machine keeps together, a story what a reader sees: a person who
-- merges stories joins their strands in one story. `ruled` is 1 where a person has put an article.
-- The marks of a profile stand one a line; its words are 32-bit keys, then 16-bit weights.
CREATE TABLE terms (
    term TEXT PRIMARY KEY,
    articles INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE facts (
    key TEXT NOT NULL,
    day INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (key, day, article_id)
) WITHOUT ROWID;
CREATE TABLE profiles (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    strand INTEGER NOT NULL,
    ruled INTEGER NOT NULL DEFAULT 0,
    day INTEGER NOT NULL,
    language TEXT NOT NULL,
    length INTEGER NOT NULL,
    marks TEXT NOT NULL,
    keys TEXT NOT NULL,
    words BLOB NOT NULL
);
CREATE INDEX profiles_strand ON profiles(strand, day);
CREATE TABLE story_links (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    like_id INTEGER NOT NULL REFERENCES articles(id),
    score REAL NOT NULL,
    why TEXT NOT NULL
);
CREATE TABLE translations (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id),
    of_id INTEGER NOT NULL REFERENCES articles(id),
    score REAL NOT NULL,
    why TEXT NOT NULL
);
CREATE INDEX translations_of ON translations(of_id);
CREATE TABLE rulings (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    ruling TEXT NOT NULL CHECK (ruling IN ('merge', 'split')),
    story_id INTEGER NOT NULL,
    from_id INTEGER NOT NULL,
    articles TEXT NOT NULL
);

-- step: health
-- One status word for each source, with its evidence.
-- `rest` is how many seconds a server asked to be left alone, `links` how many a list had.
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

-- step: heat
-- Earlier versions of articles, view counts over time, and unreliable 304 responses.
-- `wrong` counts 304s that hid something new.
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
