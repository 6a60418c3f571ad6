-- step: shingles
-- What a text is compared by: the hashes of the lines at its edges (64 bits each), how many tokens a shingle
-- has, and its shingles in ascending order (32 bits each). Only of the latest articles; it is computed again
-- where it is missing.
CREATE TABLE shingles (
    article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
    lines BLOB NOT NULL,
    size INTEGER NOT NULL,
    keys BLOB NOT NULL
);
CREATE TRIGGER shingles_text AFTER UPDATE OF text ON articles BEGIN
    DELETE FROM shingles WHERE article_id = new.id; END;
