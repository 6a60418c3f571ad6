"""The views that people read, and what makes them fast on a million articles.

`latest` and what counts by it run on indexes that hold nothing but canonical articles and every
column that is filtered, counted or sorted by, so that none of it has to touch the texts. No view has an
order of its own: SQLite would sort a million rows before it counts them.
"""

# `time` and `day` are columns kept by triggers rather than generated ones, because an index that has a
# generated column never covers a query that asks for it.
SET_TIME = """
UPDATE articles
SET time = coalesce(published, fetched), day = substr(coalesce(published, fetched), 1, 10)
"""

DATED = f"""
ALTER TABLE articles ADD COLUMN time TEXT;
ALTER TABLE articles ADD COLUMN day TEXT;
{SET_TIME};
CREATE TRIGGER articles_time_new AFTER INSERT ON articles BEGIN {SET_TIME} WHERE id = new.id; END;
CREATE TRIGGER articles_time_old AFTER UPDATE OF published, fetched ON articles
    BEGIN {SET_TIME} WHERE id = new.id; END;
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
CREATE INDEX stories_sources ON stories(sources);
"""

LATEST = """
CREATE VIEW latest AS
SELECT id, day, title, source, language,
       (SELECT count(*) FROM copies WHERE of_id = articles.id) AS copies,
       story_id AS story, author, origin, time, url
FROM articles
WHERE canonical_id = id;
"""

HEADLINES = """
CREATE VIEW headlines AS
SELECT id AS story, title, sources, articles, languages,
       (SELECT title FROM articles WHERE story_id = stories.id AND language = 'zh' ORDER BY time LIMIT 1)
           AS chinese,
       (SELECT title FROM articles WHERE story_id = stories.id AND language = 'en' ORDER BY time LIMIT 1)
           AS english,
       (SELECT source FROM articles WHERE story_id = stories.id ORDER BY time LIMIT 1) AS first_source,
       round((julianday(last_seen) - julianday(first_seen)) * 24, 1) AS spread_hours,
       first_seen, last_seen
FROM stories;
"""

DAILY_COUNTS = """
CREATE VIEW daily_counts AS
SELECT day, language, count(*) AS articles
FROM articles
WHERE canonical_id = id
GROUP BY day, language;
"""

VIEWS = (DATED, LATEST, HEADLINES, DAILY_COUNTS)
