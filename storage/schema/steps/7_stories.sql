-- step: story_parts
-- The part that each article plays in its story. A follow-up appeared on a later day, by half a day at least
-- where both show the hour; an undated article is known by nothing but the day when it was fetched.
CREATE VIEW story_parts AS
SELECT story_id AS story, id AS article_id,
       CASE WHEN place = 1 THEN 'first report'
            WHEN canonical_id <> id THEN 'copy'
            WHEN of_id IS NOT NULL THEN 'translation'
            WHEN published IS NOT NULL AND day > first_day
                 AND (length(published) = 10 OR hours >= 12) THEN 'follow-up'
            ELSE 'report' END AS part,
       time, title, source, language
FROM (
    SELECT articles.*, of_id,
           row_number() OVER first AS place,
           first_value(articles.day) OVER first AS first_day,
           24 * (julianday(articles.time) - first_value(julianday(articles.time)) OVER first) AS hours
    FROM articles LEFT JOIN translations ON translations.article_id = articles.id
    WHERE story_id IS NOT NULL
    WINDOW first AS (
        PARTITION BY story_id ORDER BY canonical_id <> articles.id, julianday(articles.time), articles.id)
);

-- step: digest_items
-- The items of digests, and the article that reports the same event best (NULL: none is stored).
CREATE TABLE digest_items (
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    item INTEGER NOT NULL, -- counts from 1
    line TEXT NOT NULL,
    of_id INTEGER REFERENCES articles(id) ON DELETE SET NULL,
    PRIMARY KEY (article_id, item)
) WITHOUT ROWID;
CREATE INDEX digest_items_of ON digest_items(of_id);
-- The words and features by which a new report finds the items that may be about its event.
CREATE TABLE digest_keys (
    article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    item INTEGER NOT NULL,
    key TEXT NOT NULL,
    day INTEGER NOT NULL,
    PRIMARY KEY (article_id, item, key)
) WITHOUT ROWID;
CREATE INDEX digest_keys_key ON digest_keys(key, day);
CREATE VIEW digest_mentions AS
SELECT digest.id AS digest, digest.title AS digest_title, digest.source, digest.day, item, line,
       report.story_id AS story, stories.title AS story_title, of_id AS report
FROM digest_items JOIN articles AS kept ON kept.id = digest_items.article_id
JOIN articles AS digest ON digest.id = kept.canonical_id
JOIN articles AS report ON report.id = of_id
JOIN stories ON stories.id = report.story_id;

-- step: articles_written_once
-- An article that is inserted with its time needs no second write.
DROP TRIGGER articles_time_new;
CREATE TRIGGER articles_time_new AFTER INSERT ON articles WHEN new.time IS NULL BEGIN
    UPDATE articles SET time = CASE WHEN length(coalesce(published, fetched)) > 10
        THEN coalesce(strftime('%Y-%m-%dT%H:%M:%S+00:00', coalesce(published, fetched)),
                      coalesce(published, fetched))
        ELSE coalesce(published, fetched) END,
    day = substr(coalesce(published, fetched), 1, 10) WHERE id = new.id; END;

-- step: story_parts_without_texts
-- Name the parts of a story without its texts, which SQLite sorted too.
DROP VIEW story_parts;
CREATE VIEW story_parts AS
SELECT story_id AS story, id AS article_id,
       CASE WHEN place = 1 THEN 'first report'
            WHEN canonical_id <> id THEN 'copy'
            WHEN of_id IS NOT NULL THEN 'translation'
            WHEN published IS NOT NULL AND day > first_day
                 AND (length(published) = 10 OR hours >= 12) THEN 'follow-up'
            ELSE 'report' END AS part,
       time, title, source, language
FROM (
    SELECT articles.id, canonical_id, story_id, published, day, time, title, source, language, of_id,
           row_number() OVER first AS place,
           first_value(articles.day) OVER first AS first_day,
           24 * (julianday(articles.time) - first_value(julianday(articles.time)) OVER first) AS hours
    FROM articles LEFT JOIN translations ON translations.article_id = articles.id
    WHERE story_id IS NOT NULL
    WINDOW first AS (
        PARTITION BY story_id ORDER BY canonical_id <> articles.id, julianday(articles.time), articles.id)
);

-- step: originals
-- The articles of a search that are no copies are counted without their rows.
CREATE INDEX articles_originals ON articles(canonical_id) WHERE canonical_id = id;

-- step: figures_by_value_and_day
-- The newest of many figures of one size are found without their rows.
DROP INDEX figures_value;
CREATE INDEX figures_value ON figures(kind, value, day);
