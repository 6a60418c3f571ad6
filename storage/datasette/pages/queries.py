"""The SQL of our own pages."""

NEW_ARTICLES = """
SELECT count(*) AS articles FROM articles WHERE fetched >= :since AND canonical_id = id
"""
UNSEEN = "SELECT count(*) AS articles FROM articles WHERE id > :after AND canonical_id = id"
TOTALS = """
SELECT (SELECT sum(articles) FROM daily_counts) AS articles,
       (SELECT count(*) FROM sources) AS sources,
       (SELECT max(day) FROM daily_counts WHERE day <= :today) AS newest,
       (SELECT substr(last_seen, 1, 10) FROM stories
        WHERE articles > 1 AND last_seen < date(:today, '+1 day') ORDER BY last_seen DESC LIMIT 1)
           AS newest_story,
       (SELECT max((SELECT max(day) FROM mentions WHERE kind = kinds.value AND day <= :today))
        FROM json_each('["platform", "company", "person", "festival"]') AS kinds) AS newest_mention
"""
NEWEST = """
SELECT latest.*, sources.title AS source_title, published IS NULL AS undated
FROM latest JOIN articles USING (id) JOIN sources ON sources.name = latest.source
ORDER BY latest.time DESC LIMIT 14
"""
TOP_STORIES = """
SELECT headlines.*
FROM (SELECT id FROM stories WHERE last_seen >= :since AND last_seen < :until AND articles > 1
      ORDER BY sources DESC, articles DESC, last_seen DESC LIMIT 7) AS top
JOIN headlines ON headlines.story = top.id
"""
COUNT_STORIES = """
SELECT count(*) AS stories FROM stories
WHERE last_seen >= :since AND last_seen < :until AND articles > 1
"""
PER_DAY = "SELECT * FROM daily_counts WHERE day BETWEEN :first_day AND :last_day"
# The statuses of sources that need no attention.
UNHEALTHY = "SELECT * FROM sources_health WHERE status NOT IN ('ok', 'new', 'quiet') ORDER BY source"

ARTICLE = """
SELECT articles.*, sources.title AS source_title, sources.home,
       stories.title AS story_title, stories.articles AS story_articles, stories.sources AS story_sources
FROM articles JOIN sources ON sources.name = source
LEFT JOIN stories ON stories.id = story_id
WHERE articles.id = :id
"""
OTHERS_OF_STORY = """
SELECT articles.id, articles.title, sources.title AS source_title
FROM articles JOIN sources ON sources.name = source
WHERE story_id = (SELECT story_id FROM articles WHERE id = :id) AND canonical_id = articles.id
    AND articles.id <> :id
ORDER BY time LIMIT 5
"""
FIGURES_OF_ARTICLE = """
SELECT min(id), kind, value, unit, counts, subject, sentence FROM figures
WHERE article_id = :id GROUP BY kind, value, unit, counts ORDER BY min(id) LIMIT 12
"""
COPIES = """
SELECT copy.id, copy.title, copy.time, copy.url, sources.title AS source_title, kind, score
FROM copies JOIN articles AS copy ON copy.id = article_id JOIN sources ON sources.name = copy.source
WHERE of_id = :id ORDER BY copy.time
"""
ORIGINALS = """
SELECT original.id, original.title, original.time, sources.title AS source_title, kind, score
FROM copies JOIN articles AS original ON original.id = of_id
JOIN sources ON sources.name = original.source
WHERE article_id = :id ORDER BY score DESC
"""
ALIASES = "SELECT url, why FROM aliases WHERE article_id = :id ORDER BY url LIMIT 50"
COUNTS = "SELECT at, views, comments, likes FROM counts WHERE article_id = :id ORDER BY at LIMIT 100"
STORY = "SELECT * FROM headlines WHERE story = :id"
TIMELINE = """
SELECT articles.id, articles.title, articles.time, published IS NULL AS undated, articles.language,
       articles.source, sources.title AS source_title, canonical_id, part,
       coalesce(length(published), 0) > 10 AS to_the_minute, 24 * julianday(articles.time) AS hours
FROM story_parts JOIN articles ON articles.id = article_id JOIN sources ON sources.name = articles.source
WHERE story = :id ORDER BY hours, articles.id LIMIT 500
"""
DIGESTS = """
SELECT digest, digest_title, sources.title AS source_title FROM digest_mentions
JOIN sources ON sources.name = source WHERE story = :id GROUP BY digest ORDER BY day, digest LIMIT 10
"""
MENTIONED = """
SELECT line, story, story_title FROM digest_mentions
WHERE digest = (SELECT canonical_id FROM articles WHERE id = :id) ORDER BY item
"""
OF_STORY = {"story": STORY, "members": TIMELINE, "digests": DIGESTS}
"""What the page of a story shows. Parameter: its `id`."""
TOP_ENTITIES = """
SELECT name, kind, sum(articles) AS articles FROM mentions
WHERE day >= :named_since AND day < :named_until AND kind IN ('platform', 'company', 'person', 'festival')
GROUP BY name ORDER BY articles DESC, name LIMIT 12
"""
NOW = {
    "fresh": NEW_ARTICLES,
    "unseen": UNSEEN,
    "totals": TOTALS,
    "newest": NEWEST,
    "unhealthy": UNHEALTHY,
}
"""What the front page shows of today. Parameters: `since` yesterday, `after` an article, `today`."""
OF_PERIOD = {
    "per_day": PER_DAY,
    "story_counts": COUNT_STORIES,
    "stories": TOP_STORIES,
    "entities": TOP_ENTITIES,
}
"""What it shows of its periods. Parameters: `first_day` and `last_day` of the chart, `since` and `until` of
the stories, `named_since` and `named_until` of the entities."""
ENTITIES = "SELECT kind, name FROM named WHERE article_id = :id AND kind <> 'term' ORDER BY kind, name"
OF_ARTICLE = {
    "article": ARTICLE,
    "others": OTHERS_OF_STORY,
    "figures": FIGURES_OF_ARTICLE,
    "entities": ENTITIES,
    "copies": COPIES,
    "aliases": ALIASES,
    "counts": COUNTS,
    "mentioned": MENTIONED,
    "originals": ORIGINALS,
}
"""What the page of an article shows. Parameter: its `id`."""
NEWEST_DAY = "SELECT max(day) AS day FROM daily_counts WHERE day <= :today"
KIND_OF_NAME = "SELECT kind FROM mentions WHERE name = :name LIMIT 1"
PER_WEEK = """
SELECT date(day, 'weekday 0', '-6 days') AS week, sum(articles) AS articles FROM mentions
WHERE name = :name AND day >= :since GROUP BY week
"""
# Of a name in a hundred thousand articles only the newest are read.
_RECENT = """
WITH recent AS (SELECT article_id, day FROM named WHERE name = :name ORDER BY day DESC LIMIT 1000)
"""
NAMED_STORIES = f"""{_RECENT}
SELECT headlines.*
FROM (SELECT DISTINCT stories.id, stories.sources, stories.articles, stories.last_seen
      FROM recent JOIN articles ON articles.id = article_id JOIN stories ON stories.id = story_id
      WHERE stories.articles > 1
      ORDER BY stories.sources DESC, stories.articles DESC, stories.last_seen DESC LIMIT 7) AS top
JOIN headlines ON headlines.story = top.id
"""
NAMED_ARTICLES = f"""{_RECENT}
SELECT latest.id, latest.title, latest.day, latest.source, latest.language
FROM recent CROSS JOIN latest ON latest.id = article_id ORDER BY recent.day DESC LIMIT 10
"""
NAMED_TOGETHER = f"""{_RECENT}
SELECT other.name, other.kind, count(*) AS articles
FROM recent JOIN named AS other ON other.article_id = recent.article_id
WHERE other.name <> :name AND other.kind IN ('platform', 'company', 'person', 'festival', 'organisation')
GROUP BY other.name ORDER BY articles DESC, other.name LIMIT 16
"""
NAMED_FIGURES = f"""{_RECENT}
SELECT figures.*, source FROM recent
CROSS JOIN figures ON figures.article_id = recent.article_id
CROSS JOIN articles ON articles.id = recent.article_id
WHERE canonical_id = articles.id ORDER BY recent.day DESC LIMIT 300
"""
