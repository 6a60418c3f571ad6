-- step: views_for_readers
-- The views that people read and their indexes, mentions per day, and figures.
ALTER TABLE articles ADD COLUMN time TEXT;
ALTER TABLE articles ADD COLUMN day TEXT;
UPDATE articles
SET time = coalesce(published, fetched), day = substr(coalesce(published, fetched), 1, 10)
;
CREATE TRIGGER articles_time_new AFTER INSERT ON articles BEGIN 
UPDATE articles
SET time = coalesce(published, fetched), day = substr(coalesce(published, fetched), 1, 10)
 WHERE id = new.id; END;
CREATE TRIGGER articles_time_old AFTER UPDATE OF published, fetched ON articles
    BEGIN 
UPDATE articles
SET time = coalesce(published, fetched), day = substr(coalesce(published, fetched), 1, 10)
 WHERE id = new.id; END;
DROP INDEX articles_published;
DROP INDEX articles_language;
DROP INDEX articles_story;
CREATE INDEX articles_by_time ON articles(time, day, language, source, story_id, canonical_id)
    WHERE canonical_id = id;
CREATE INDEX articles_by_day ON articles(day, time, language, source, story_id, canonical_id)
    WHERE canonical_id = id;
CREATE INDEX articles_by_source ON articles(source, time, day, language, story_id, canonical_id)
    WHERE canonical_id = id;
CREATE INDEX articles_by_language ON articles(language, time, day, source, story_id, canonical_id)
    WHERE canonical_id = id;
CREATE INDEX articles_story ON articles(story_id, time, canonical_id);
CREATE INDEX articles_fetched ON articles(fetched, canonical_id);
CREATE INDEX stories_last_seen ON stories(last_seen);
CREATE INDEX stories_told ON stories(last_seen, sources, articles) WHERE articles > 1;
CREATE VIEW latest AS
SELECT id, day, title, source, language,
       (SELECT count(*) FROM copies WHERE of_id = articles.id) AS copies,
       story_id AS story, author, origin, time, url
FROM articles
WHERE canonical_id = id;
CREATE VIEW headlines AS
SELECT id AS story,
       (SELECT title FROM articles WHERE story_id = stories.id AND language = 'zh' ORDER BY time LIMIT 1)
           AS chinese,
       (SELECT title FROM articles WHERE story_id = stories.id AND language = 'en' ORDER BY time LIMIT 1)
           AS english,
       sources, articles,
       (SELECT source FROM articles WHERE story_id = stories.id ORDER BY time LIMIT 1) AS first_source,
       round((julianday(last_seen) - julianday(first_seen)) * 24, 1) AS spread_hours,
       first_seen, last_seen, languages, title
FROM stories;
CREATE VIEW daily_counts AS
SELECT day, language, count(*) AS articles
FROM articles
WHERE canonical_id = id
GROUP BY day, language;
-- The columns of a key come first: otherwise the integrity check of SQLite 3.40 reports NULLs in tables
-- WITHOUT ROWID. `mentions` has the counts of `named` per day, so that no chart has to count a million
-- articles.
CREATE TABLE named (
    article_id INTEGER NOT NULL REFERENCES articles(id),
    name TEXT NOT NULL,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (article_id, name)
) WITHOUT ROWID;
CREATE INDEX named_name ON named(name, day);
CREATE TABLE mentions (
    day TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (day, name)
) WITHOUT ROWID;
CREATE INDEX mentions_name ON mentions(name, day);
CREATE INDEX mentions_kind ON mentions(kind, day);
CREATE TRIGGER named_new AFTER INSERT ON named BEGIN
    INSERT INTO mentions VALUES (new.day, new.name, new.kind, 1)
    ON CONFLICT (day, name) DO UPDATE SET articles = articles + 1; END;
CREATE TRIGGER named_gone AFTER DELETE ON named BEGIN
    UPDATE mentions SET articles = articles - 1 WHERE (day, name) = (old.day, old.name); DELETE FROM mentions
    WHERE (day, name) = (old.day, old.name) AND articles = 0; END;
CREATE TABLE figures (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    value REAL NOT NULL,
    unit TEXT NOT NULL,
    sentence TEXT NOT NULL
);
CREATE INDEX figures_article ON figures(article_id);
CREATE INDEX figures_value ON figures(kind, value);
CREATE INDEX figures_day ON figures(kind, day, value, unit);

-- step: listeners
-- Which events each webhook has received.
-- What each webhook has been told, up to which event; `listener` is a `listener_name`.
CREATE TABLE listeners (
    listener TEXT PRIMARY KEY,
    event INTEGER NOT NULL
) WITHOUT ROWID;

-- step: reactions
-- Comments and likes over time, beside views.
-- NULL is what a page does not say. A table without a rowid cannot lose a NOT NULL, so it is written anew.
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

-- step: platform
-- The platform of an article, in `latest` and its indexes.
-- An article has one platform, because a facet on a list of them takes seconds. An article stored before has
-- the first by name of those it mentions, until it is extracted again.
ALTER TABLE articles ADD COLUMN platform TEXT;
UPDATE articles SET platform = named.name
    FROM (SELECT article_id, min(name) AS name FROM named WHERE kind = 'platform' GROUP BY article_id)
        AS named
    WHERE named.article_id = articles.id;
DROP VIEW latest;
CREATE VIEW latest AS
SELECT id, day, title, source, language, platform,
       (SELECT count(*) FROM copies WHERE of_id = articles.id) AS copies,
       story_id AS story, author, origin, time, url
FROM articles
WHERE canonical_id = id;
DROP INDEX articles_by_time;
DROP INDEX articles_by_day;
DROP INDEX articles_by_source;
DROP INDEX articles_by_language;
CREATE INDEX articles_by_time ON articles(time, day, language, source, platform, story_id, canonical_id)
    WHERE canonical_id = id;
CREATE INDEX articles_by_day ON articles(day, time, language, source, platform, story_id, canonical_id)
    WHERE canonical_id = id;
CREATE INDEX articles_by_source ON articles(source, time, day, language, platform, story_id, canonical_id)
    WHERE canonical_id = id;
CREATE INDEX articles_by_language ON articles(language, time, day, source, platform, story_id, canonical_id)
    WHERE canonical_id = id;
CREATE INDEX articles_by_platform ON articles(platform, time, day, language, source, story_id, canonical_id)
    WHERE canonical_id = id;

-- step: lost_fields
-- Fields that the pages of known articles no longer show.
-- `lost` names the fields of an article that its page, read again, no longer shows; '' is none.
ALTER TABLE fetches ADD COLUMN lost TEXT;
CREATE INDEX fetches_again ON fetches(source, id) WHERE lost IS NOT NULL;

-- step: facets
-- Keep the facets of `latest` fast under any filter.
-- A facet of one language counts half of the store. Reading an index in the order of the counted column
-- takes a third of the time of sorting, but SQLite assumes that a language is rare. One row of its
-- statistics says otherwise: of a million rows 400,000 share a language. `articles_story` has every filter
-- too, so that no text is read.
DROP INDEX articles_story;
CREATE INDEX articles_story ON articles(story_id, time, canonical_id, day, language, source, platform);
ANALYZE sqlite_master;
DELETE FROM sqlite_stat1 WHERE idx = 'articles_by_language';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('articles', 'articles_by_language', '1000000 400000');
ANALYZE sqlite_master;

-- step: genealogy_by_row
-- Compute the genealogy row by row, without reading all articles.
-- Each row is computed on its own when it is read, so that a page costs the same with a million articles
-- as with a thousand.
DROP VIEW genealogy;
CREATE VIEW genealogy AS
SELECT canonical_id, article_id,
       CASE WHEN article_id <> canonical_id THEN coalesce(origin_id, compared_id, canonical_id) END
           AS copied_from,
       CASE WHEN article_id = canonical_id THEN 'first'
            WHEN origin_id IS NOT NULL THEN 'says so'
            WHEN compared_id IS NOT NULL THEN 'closest text'
            ELSE 'earliest' END AS known_by,
       time, source, title, kind, score, origin, url
FROM (
    SELECT member.canonical_id, member.id AS article_id, member.time, member.source, member.title,
           copies.kind, copies.score, member.origin, member.url,
           (SELECT elder.id FROM articles AS elder JOIN sources ON sources.name = elder.source
            WHERE elder.canonical_id = member.canonical_id AND elder.id <> member.id
                AND member.origin <> '' AND member.origin IN (elder.source, sources.title)
                AND julianday(elder.time) <= julianday(member.time)
            ORDER BY julianday(elder.time), elder.id LIMIT 1) AS origin_id,
           (SELECT elder.id FROM articles AS elder
            WHERE elder.canonical_id = member.canonical_id AND elder.id <> member.id
                AND elder.id IN (SELECT value FROM json_each(copies.why, '$.between'))
                AND julianday(elder.time) < julianday(member.time)) AS compared_id
    FROM articles AS member
    LEFT JOIN copies ON copies.article_id = member.id AND copies.of_id = member.canonical_id
        AND copies.kind <> 'contains'
    WHERE member.canonical_id IN (SELECT of_id FROM copies WHERE kind <> 'contains')
);
