"""The SQL of a briefing. `:since` and `:until` are its first and its last day."""

PERIOD = """
SELECT date(max(fetched)) AS until,
       (SELECT day FROM articles WHERE canonical_id = id AND published IS NOT NULL
            AND day <= (SELECT date(max(fetched)) FROM articles)
        ORDER BY day DESC LIMIT 1) AS newest
FROM articles
"""
COUNTS = """
SELECT count(*) AS articles, count(DISTINCT source) AS sources
FROM articles WHERE canonical_id = id AND day BETWEEN :since AND :until
"""
STORIES = """
SELECT stories.id, stories.sources, stories.articles
FROM stories
WHERE stories.articles > 1 AND stories.id IN (
    SELECT story_id FROM articles WHERE canonical_id = id AND day BETWEEN :since AND :until
)
ORDER BY stories.sources DESC, stories.articles DESC, last_seen DESC, stories.id
LIMIT :most
"""
REPORTS = """
SELECT articles.id, articles.title, url, sources.title AS source, articles.language,
       substr(time, 1, 16) AS time
FROM articles JOIN sources ON sources.name = source
WHERE story_id = :story
ORDER BY julianday(time), articles.id
"""
MENTIONS = """
SELECT name, kind, sum(CASE WHEN day >= :since THEN articles ELSE 0 END) AS articles,
       sum(CASE WHEN day < :since THEN articles ELSE 0 END) AS before
FROM mentions
WHERE day BETWEEN date(:since, '-28 days') AND :until
    AND kind IN ('platform', 'company', 'person', 'festival')
GROUP BY name
"""
NAMING = """
SELECT articles.id, articles.title, url, sources.title AS source, articles.language,
       substr(time, 1, 16) AS time
FROM named JOIN articles ON articles.id = article_id JOIN sources ON sources.name = source
WHERE named.name = :name AND named.day BETWEEN :since AND :until AND canonical_id = articles.id
ORDER BY named.day DESC, articles.id LIMIT :most
"""
# One figure an article: the first amount with a unit that no earlier day has; the same amount once. Values
# of different units cannot be ranked: the order is that of the articles, most sources of their story first.
FIGURES = """
WITH first AS (
    SELECT min(figures.id) AS id
    FROM figures JOIN articles ON articles.id = article_id
    WHERE canonical_id = articles.id AND kind = 'amount' AND unit <> ''
        AND figures.day BETWEEN :since AND :until AND NOT EXISTS (
        SELECT 1 FROM figures AS older
        WHERE older.kind = 'amount' AND older.value = figures.value AND older.unit = figures.unit
            AND older.day < :since
    )
    GROUP BY article_id
),
new AS (SELECT min(id) AS id FROM first JOIN figures USING (id) GROUP BY value, unit)
SELECT value, unit, sentence, articles.id, articles.title, url, sources.title AS source, articles.language,
       substr(time, 1, 16) AS time
FROM new JOIN figures ON figures.id = new.id JOIN articles ON articles.id = article_id
JOIN sources ON sources.name = source LEFT JOIN stories ON stories.id = story_id
ORDER BY stories.sources DESC, julianday(time) DESC, articles.id
LIMIT :most
"""
NEW_SOURCES = """
SELECT sources.title AS name, articles.id, articles.title, url, sources.title AS source, articles.language,
       substr(time, 1, 16) AS time, substr(text, 1, 400) AS beginning
FROM sources JOIN articles ON articles.id = (
    SELECT id FROM articles WHERE source = name AND canonical_id = id ORDER BY time DESC, id LIMIT 1
)
WHERE date(first_crawled) BETWEEN :since AND :until
ORDER BY first_crawled, name
LIMIT :most
"""
ATTENTION = """
SELECT title, status, evidence, substr(last_article, 1, 10) AS last_article
FROM sources_health
WHERE status NOT IN ('ok', 'new') AND coalesce(date(since), '') <= :until
ORDER BY status = 'quiet', status, source
"""
DAYS = """
SELECT day FROM daily_counts
WHERE day < (SELECT date(max(fetched)) FROM articles)
GROUP BY day ORDER BY day DESC LIMIT :most
"""
