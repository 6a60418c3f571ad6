-- step: counted_by_day
-- Store the number of articles per day and language.
-- The counts per day for the front page and the charts are stored, not computed: no page may become slower
-- as the store grows. Only canonical articles count.
DROP VIEW daily_counts;
CREATE TABLE daily_counts (
    day TEXT NOT NULL,
    language TEXT NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (day, language)
) WITHOUT ROWID;
INSERT INTO daily_counts
    SELECT day, language, count(*) FROM articles WHERE canonical_id = id GROUP BY day, language;
CREATE TRIGGER articles_counted_new AFTER INSERT ON articles
    WHEN new.canonical_id = new.id AND new.day IS NOT NULL BEGIN
    INSERT INTO daily_counts VALUES (new.day, new.language, 1)
    ON CONFLICT (day, language) DO UPDATE SET articles = articles + 1; END;
CREATE TRIGGER articles_counted_more AFTER UPDATE OF day, language, canonical_id ON articles
    WHEN new.canonical_id = new.id AND new.day IS NOT NULL BEGIN
    INSERT INTO daily_counts VALUES (new.day, new.language, 1)
    ON CONFLICT (day, language) DO UPDATE SET articles = articles + 1; END;
CREATE TRIGGER articles_counted_less AFTER UPDATE OF day, language, canonical_id ON articles
    WHEN old.canonical_id = old.id AND old.day IS NOT NULL BEGIN
    UPDATE daily_counts SET articles = articles - 1 WHERE (day, language) = (old.day, old.language); END;
CREATE TRIGGER articles_counted_gone AFTER DELETE ON articles
    WHEN old.canonical_id = old.id AND old.day IS NOT NULL BEGIN
    UPDATE daily_counts SET articles = articles - 1 WHERE (day, language) = (old.day, old.language); END;
CREATE TRIGGER daily_counts_none AFTER UPDATE ON daily_counts WHEN new.articles = 0 BEGIN
    DELETE FROM daily_counts WHERE (day, language) = (new.day, new.language); END;

-- step: looked_up
-- Indexes for two look-ups that read whole tables.
-- A row that others refer to is looked for among them, and the daemon asks at every tick what runs.
CREATE INDEX story_links_like ON story_links(like_id);
CREATE INDEX runs_open ON runs(id) WHERE finished IS NULL;

-- step: templates
-- Page templates of sites (dropped later).
CREATE TABLE templates (
    site TEXT NOT NULL, -- the source its pages belong to
    path TEXT NOT NULL, -- from <body> to the container of a body; empty for pages that taught none
    above INTEGER NOT NULL, -- steps from there up to what has all of each article
    fields TEXT NOT NULL, -- a JSON list: what all articles found there have
    beside INTEGER NOT NULL, -- the most texts that stood near a container, but not in it
    trust INTEGER NOT NULL, -- grows with each page that agrees, falls with each that does not
    PRIMARY KEY (site, path)
) WITHOUT ROWID;

-- step: counted_by_facet
-- Store the number of articles per language, source, platform and story.
CREATE TABLE facet_counts (
    field TEXT NOT NULL,
    within TEXT NOT NULL, -- a language, * for all
    value NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (field, within, value)
) WITHOUT ROWID;
INSERT INTO facet_counts
SELECT 'language', '*', language, count(*) FROM articles
    WHERE canonical_id = id AND language IS NOT NULL GROUP BY '*', language
UNION ALL
SELECT 'language', language, language, count(*) FROM articles
    WHERE canonical_id = id AND language IS NOT NULL GROUP BY language, language
UNION ALL
SELECT 'source', '*', source, count(*) FROM articles
    WHERE canonical_id = id AND source IS NOT NULL GROUP BY '*', source
UNION ALL
SELECT 'source', language, source, count(*) FROM articles
    WHERE canonical_id = id AND source IS NOT NULL GROUP BY language, source
UNION ALL
SELECT 'platform', '*', platform, count(*) FROM articles
    WHERE canonical_id = id AND platform IS NOT NULL GROUP BY '*', platform
UNION ALL
SELECT 'platform', language, platform, count(*) FROM articles
    WHERE canonical_id = id AND platform IS NOT NULL GROUP BY language, platform
UNION ALL
SELECT 'story', '*', story_id, count(*) FROM articles
    WHERE canonical_id = id AND story_id IS NOT NULL GROUP BY '*', story_id
UNION ALL
SELECT 'story', language, story_id, count(*) FROM articles
    WHERE canonical_id = id AND story_id IS NOT NULL GROUP BY language, story_id;
CREATE INDEX facet_counts_most ON facet_counts(field, within, articles DESC, value);
CREATE TRIGGER facets_new AFTER INSERT ON articles
    WHEN new.canonical_id = new.id BEGIN
    INSERT INTO facet_counts SELECT field, within, value, 1
    FROM (SELECT 'language' AS field, '*' AS within, new.language AS value
    UNION ALL SELECT 'language' AS field, new.language AS within, new.language AS value
    UNION ALL SELECT 'source' AS field, '*' AS within, new.source AS value
    UNION ALL SELECT 'source' AS field, new.language AS within, new.source AS value
    UNION ALL SELECT 'platform' AS field, '*' AS within, new.platform AS value
    UNION ALL SELECT 'platform' AS field, new.language AS within, new.platform AS value
    UNION ALL SELECT 'story' AS field, '*' AS within, new.story_id AS value
    UNION ALL SELECT 'story' AS field, new.language AS within, new.story_id AS value) WHERE value IS NOT NULL
    ON CONFLICT (field, within, value) DO UPDATE SET articles = articles + excluded.articles; END;
CREATE TRIGGER facets_gone AFTER DELETE ON articles
    WHEN old.canonical_id = old.id BEGIN
    INSERT INTO facet_counts SELECT field, within, value, -1
    FROM (SELECT 'language' AS field, '*' AS within, old.language AS value
    UNION ALL SELECT 'language' AS field, old.language AS within, old.language AS value
    UNION ALL SELECT 'source' AS field, '*' AS within, old.source AS value
    UNION ALL SELECT 'source' AS field, old.language AS within, old.source AS value
    UNION ALL SELECT 'platform' AS field, '*' AS within, old.platform AS value
    UNION ALL SELECT 'platform' AS field, old.language AS within, old.platform AS value
    UNION ALL SELECT 'story' AS field, '*' AS within, old.story_id AS value
    UNION ALL SELECT 'story' AS field, old.language AS within, old.story_id AS value) WHERE value IS NOT NULL
    ON CONFLICT (field, within, value) DO UPDATE SET articles = articles + excluded.articles; END;
CREATE TRIGGER facets_more AFTER UPDATE OF canonical_id, language, source, platform ON articles
    WHEN new.canonical_id = new.id AND (new.canonical_id, new.language, new.source, new.platform)
    IS NOT (old.canonical_id, old.language, old.source, old.platform) BEGIN
    INSERT INTO facet_counts SELECT field, within, value, 1
    FROM (SELECT 'language' AS field, '*' AS within, new.language AS value
    UNION ALL SELECT 'language' AS field, new.language AS within, new.language AS value
    UNION ALL SELECT 'source' AS field, '*' AS within, new.source AS value
    UNION ALL SELECT 'source' AS field, new.language AS within, new.source AS value
    UNION ALL SELECT 'platform' AS field, '*' AS within, new.platform AS value
    UNION ALL SELECT 'platform' AS field, new.language AS within, new.platform AS value
    UNION ALL SELECT 'story' AS field, '*' AS within, new.story_id AS value
    UNION ALL SELECT 'story' AS field, new.language AS within, new.story_id AS value) WHERE value IS NOT NULL
    ON CONFLICT (field, within, value) DO UPDATE SET articles = articles + excluded.articles; END;
CREATE TRIGGER facets_less AFTER UPDATE OF canonical_id, language, source, platform ON articles
    WHEN old.canonical_id = old.id AND (new.canonical_id, new.language, new.source, new.platform)
    IS NOT (old.canonical_id, old.language, old.source, old.platform) BEGIN
    INSERT INTO facet_counts SELECT field, within, value, -1
    FROM (SELECT 'language' AS field, '*' AS within, old.language AS value
    UNION ALL SELECT 'language' AS field, old.language AS within, old.language AS value
    UNION ALL SELECT 'source' AS field, '*' AS within, old.source AS value
    UNION ALL SELECT 'source' AS field, old.language AS within, old.source AS value
    UNION ALL SELECT 'platform' AS field, '*' AS within, old.platform AS value
    UNION ALL SELECT 'platform' AS field, old.language AS within, old.platform AS value
    UNION ALL SELECT 'story' AS field, '*' AS within, old.story_id AS value
    UNION ALL SELECT 'story' AS field, old.language AS within, old.story_id AS value) WHERE value IS NOT NULL
    ON CONFLICT (field, within, value) DO UPDATE SET articles = articles + excluded.articles; END;
CREATE TRIGGER facets_story_more AFTER UPDATE OF story_id ON articles
    WHEN new.canonical_id = new.id AND new.story_id IS NOT old.story_id AND NOT (new.canonical_id, new.language, new.source, new.platform)
    IS NOT (old.canonical_id, old.language, old.source, old.platform) BEGIN
    INSERT INTO facet_counts SELECT field, within, value, 1
    FROM (SELECT 'story' AS field, '*' AS within, new.story_id AS value
    UNION ALL SELECT 'story' AS field, new.language AS within, new.story_id AS value) WHERE value IS NOT NULL
    ON CONFLICT (field, within, value) DO UPDATE SET articles = articles + excluded.articles; END;
CREATE TRIGGER facets_story_less AFTER UPDATE OF story_id ON articles
    WHEN old.canonical_id = old.id AND new.story_id IS NOT old.story_id AND NOT (new.canonical_id, new.language, new.source, new.platform)
    IS NOT (old.canonical_id, old.language, old.source, old.platform) BEGIN
    INSERT INTO facet_counts SELECT field, within, value, -1
    FROM (SELECT 'story' AS field, '*' AS within, old.story_id AS value
    UNION ALL SELECT 'story' AS field, old.language AS within, old.story_id AS value) WHERE value IS NOT NULL
    ON CONFLICT (field, within, value) DO UPDATE SET articles = articles + excluded.articles; END;
CREATE TRIGGER facets_none AFTER UPDATE ON facet_counts WHEN new.articles = 0 BEGIN
    DELETE FROM facet_counts WHERE (field, within, value) = (new.field, new.within, new.value); END;

-- step: listeners_by_hash
-- Store a hash of a webhook's URL, because the URL may be a secret.
-- Otherwise the old rows stay readable in the free pages of the file.
PRAGMA secure_delete = ON;
UPDATE listeners SET listener = hash_listener(listener);

-- step: headlines_by_moment
-- Order the articles of a story by instant, not by local time.
-- Times are compared as instants: 20:00-05:00 is later than 08:00+08:00 of the next day.
DROP VIEW headlines;
CREATE VIEW headlines AS
SELECT id AS story,
       (SELECT title FROM articles WHERE story_id = stories.id AND language = 'zh' ORDER BY julianday(time), id LIMIT 1)
           AS chinese,
       (SELECT title FROM articles WHERE story_id = stories.id AND language = 'en' ORDER BY julianday(time), id LIMIT 1)
           AS english,
       sources, articles,
       (SELECT source FROM articles WHERE story_id = stories.id ORDER BY julianday(time), id LIMIT 1) AS first_source,
       round((julianday(last_seen) - julianday(first_seen)) * 24, 1) AS spread_hours,
       first_seen, last_seen, languages, title
FROM stories;

-- step: time_in_utc
-- Write `time` in UTC, so that it sorts by instant.
DROP TRIGGER articles_time_new;
DROP TRIGGER articles_time_old;
UPDATE articles SET time = 
    CASE WHEN length(coalesce(published, fetched)) > 10
         THEN coalesce(strftime('%Y-%m-%dT%H:%M:%S+00:00', coalesce(published, fetched)), coalesce(published, fetched)) ELSE coalesce(published, fetched) END
;
CREATE TRIGGER articles_time_new AFTER INSERT ON articles BEGIN UPDATE articles SET time = 
    CASE WHEN length(coalesce(published, fetched)) > 10
         THEN coalesce(strftime('%Y-%m-%dT%H:%M:%S+00:00', coalesce(published, fetched)), coalesce(published, fetched)) ELSE coalesce(published, fetched) END
, day = substr(coalesce(published, fetched), 1, 10) WHERE id = new.id; END;
CREATE TRIGGER articles_time_old AFTER UPDATE OF published, fetched ON articles BEGIN UPDATE articles SET time = 
    CASE WHEN length(coalesce(published, fetched)) > 10
         THEN coalesce(strftime('%Y-%m-%dT%H:%M:%S+00:00', coalesce(published, fetched)), coalesce(published, fetched)) ELSE coalesce(published, fetched) END
, day = substr(coalesce(published, fetched), 1, 10) WHERE id = new.id; END;

-- step: drop_templates
-- Page templates are no longer learned.
DROP TABLE templates;

-- step: worker_crashed
-- Use today's wording for pages whose worker crashed.
-- The metric of killed pages finds them by the beginning of their reason.
UPDATE fetches SET reason =
    replace(reason, 'parsing took its process down', 'the worker crashed while parsing')
WHERE outcome = 'bad_html' AND reason LIKE 'parsing took its process down%';

-- step: markdown
-- Store the text with its structure, NULL in articles that were extracted before.
ALTER TABLE articles ADD COLUMN markdown TEXT;

-- step: aliases_of_articles
-- Store the other addresses of articles, and count publishers instead of addresses as copies.
CREATE TABLE aliases (
    url TEXT PRIMARY KEY, -- another address of the article, canonical
    article_id INTEGER NOT NULL REFERENCES articles(id),
    why TEXT NOT NULL, -- the same text, rel=canonical, or redirect
    since TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX aliases_article ON aliases(article_id);
-- What is known about the parts of addresses: `?name` is a parameter, `/amp` a word in the path,
-- `http://m.shop.example` an origin, `rel=canonical` what pages declare.
CREATE TABLE address_parts (
    site TEXT NOT NULL,
    part TEXT NOT NULL,
    becomes TEXT NOT NULL DEFAULT '', -- what replaces it in other addresses, '' for nothing
    same INTEGER NOT NULL DEFAULT 0, -- on how many articles it meant nothing
    different INTEGER NOT NULL DEFAULT 0, -- how often it named another page; once is enough to believe it
    PRIMARY KEY (site, part)
) WITHOUT ROWID;
DROP VIEW latest;
CREATE VIEW latest AS
SELECT id, day, title, source, language, platform,
       (SELECT count(DISTINCT copy.source) FROM copies JOIN articles AS copy ON copy.id = copies.article_id
        WHERE copies.of_id = articles.id AND copy.source <> articles.source) AS copies,
       story_id AS story, author, origin, time, url
FROM articles
WHERE canonical_id = id;

-- step: search_both_scripts
-- Index traditional and simplified Chinese characters as the same.
INSERT INTO articles_fts (articles_fts) VALUES ('delete-all');
INSERT INTO articles_fts (rowid, title, text) SELECT id, build_index_text(title), build_index_text(text) FROM articles;

-- step: checksums
-- A checksum of each article, so that a change by the disk is noticed.
-- The function is `compute_checksum`.
ALTER TABLE articles ADD COLUMN checksum INTEGER;
UPDATE articles SET checksum = compute_checksum(
    url, source, title, author, editor, published, updated, fetched, language, origin, tags, image, text,
    markdown);

-- step: forgotten
-- What was taken down, by the SHA-256 of its name, and archived records that are still to be erased.
-- `forgotten.because` is the hash of the name that a person gave. `erasures.place` is that of a record, or a
-- whole file of the archive.
CREATE TABLE forgotten (
    kind TEXT NOT NULL CHECK (kind IN ('url', 'source', 'site')),
    hash TEXT NOT NULL,
    because TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (kind, hash)
) WITHOUT ROWID;
CREATE TABLE erasures (
    place TEXT PRIMARY KEY
) WITHOUT ROWID;

-- step: daily_counts_in_any_order
-- Keep the counts per day right when an article changes its day.
-- The triggers of one update fire in no certain order: a count that is 0 in between must not lose what is
-- subtracted later.
DROP TRIGGER articles_counted_less;
DROP TRIGGER articles_counted_gone;
CREATE TRIGGER articles_counted_less AFTER UPDATE OF day, language, canonical_id ON articles
    WHEN old.canonical_id = old.id AND old.day IS NOT NULL BEGIN
    INSERT INTO daily_counts VALUES (old.day, old.language, -1)
    ON CONFLICT (day, language) DO UPDATE SET articles = articles - 1; END;
CREATE TRIGGER articles_counted_gone AFTER DELETE ON articles
    WHEN old.canonical_id = old.id AND old.day IS NOT NULL BEGIN
    INSERT INTO daily_counts VALUES (old.day, old.language, -1)
    ON CONFLICT (day, language) DO UPDATE SET articles = articles - 1; END;
DELETE FROM daily_counts;
INSERT INTO daily_counts
    SELECT day, language, count(*) FROM articles WHERE canonical_id = id AND day IS NOT NULL GROUP BY day, language;

-- step: text_from
-- Say which texts are those of a feed, as the site refuses its pages.
ALTER TABLE articles ADD COLUMN text_from TEXT NOT NULL DEFAULT '';
