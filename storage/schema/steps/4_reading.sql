-- step: watches
-- What the watches of the configuration have told, and to which service.
-- A `service` is the hash of an Apprise URL, because the URL may be a secret.
CREATE TABLE watch_services (
    watch TEXT NOT NULL,
    service TEXT NOT NULL,
    definition TEXT NOT NULL, -- a hash of what the watch asks for: one that is changed begins anew
    first INTEGER NOT NULL, -- articles up to this one were stored before the watch began
    settled INTEGER NOT NULL, -- all matches up to this article were told
    told TEXT NOT NULL, -- when everything was told last, at first when the watch began
    trouble TEXT NOT NULL DEFAULT '', -- why the last message was not delivered
    PRIMARY KEY (watch, service)
) WITHOUT ROWID;
-- A row is committed after the service has accepted the message that names the article.
CREATE TABLE watch_deliveries (
    watch TEXT NOT NULL,
    service TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles(id),
    at TEXT NOT NULL,
    PRIMARY KEY (watch, service, article_id)
) WITHOUT ROWID;
CREATE INDEX watch_deliveries_article ON watch_deliveries(article_id);

-- step: figures_count
-- What each figure counts, and whose it is. `shopwire reextract` fills both for articles stored before.
-- `counts` is money, people, parcels (and orders), goods, places (and firms), views, rate, percent, or '' if it
-- is not said; `subject` is the English name of an entity.
ALTER TABLE figures ADD COLUMN counts TEXT NOT NULL DEFAULT '';
ALTER TABLE figures ADD COLUMN subject TEXT NOT NULL DEFAULT '';
UPDATE figures SET counts = CASE WHEN kind = 'percent' THEN 'percent' WHEN unit <> '' THEN 'money' ELSE '' END;
