-- step: leases
-- Crawls on other machines, each held by a worker for as long as that is heard.
-- The run of a lease has the process 0. Times are those of the daemon.
CREATE TABLE leases (
    run INTEGER PRIMARY KEY REFERENCES runs(id) ON DELETE CASCADE,
    worker TEXT NOT NULL,
    sent TEXT NOT NULL,
    beat TEXT -- when the worker was last heard, NULL before
);

-- step: bodies
-- The place of the body where `archived_in` is a revisit record, NULL where the body is there itself.
ALTER TABLE fetches ADD COLUMN body_in TEXT;

-- step: figures_by_what_they_count
-- The largest figures of each kind and currency are found without the rows of the figures.
DROP INDEX figures_day;
CREATE INDEX figures_day ON figures(kind, day, value, unit, counts);

-- step: search_without_rows
-- Hits of a search are filtered, folded and sorted without the rows of articles, 2,000 for each page.
DROP INDEX articles_canonical;
CREATE INDEX articles_canonical ON articles(canonical_id, story_id, time, day, language, source);
