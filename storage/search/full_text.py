"""Full-text search that finds two-character Chinese words with nothing but SQLite's own FTS5.

FTS5's tokenisers see a run of Han characters as one word (unicode61) or need three characters
(trigram). So the index is fed a shadow text in which each run of CJK characters stands as its
overlapping pairs, followed by its last character alone; a query goes through the same mill and
becomes a phrase of pairs.
"""

import re
import unicodedata
from collections.abc import Iterator
from operator import add
from typing import Any

from shopwire.storage.sqlite import Database

CJK = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(f"[{CJK}]+")
PIECE = re.compile(f"([{CJK}]+)|([^\\W_{CJK}]+)")
# What a person types: "an exact phrase", -excluded, OR, or a bare word.
TERM = re.compile(r'(-?)"([^"]*)"|(\S+)')

TITLE_WEIGHT = 4.0
# Words that stand in more articles than this are ranked among the last stored ones only.
RANKED = 2000
# Named values: what `match_query` gave (`match`), the most rows wanted (`most`). A copy is left out, as
# the article it is a copy of says the same. Texts are fetched for the best only.
SEARCH = f"""
WITH hits AS (
    SELECT rowid AS id, bm25(articles_fts, {TITLE_WEIGHT}, 1.0) AS score
    FROM articles_fts WHERE articles_fts MATCH :match
    ORDER BY rowid DESC LIMIT {RANKED}
),
best AS (
    SELECT hits.id, score FROM hits JOIN articles USING (id)
    WHERE canonical_id = id ORDER BY score, id LIMIT :most
)
SELECT articles.id, story_id AS story, day, language, title, source, url, text
FROM best JOIN articles USING (id)
ORDER BY score, id
"""


def fold(text: str) -> str:
    """One form for every way to write the same: full-width letters, case, combining marks."""
    return unicodedata.normalize("NFKC", text).lower()


def shadow(text: str) -> str:
    """The text as the index sees it: `淘宝直播` becomes `淘宝 宝直 直播 播`."""
    return RUN.sub(lambda run: f" {' '.join(_pairs(run[0]))} {run[0][-1]} ", fold(text))


def match_query(words: str) -> str:
    """Turn what a person typed into an FTS5 expression; empty when nothing in it can be searched.

    Words must all occur, `"quoted words"` as a phrase, `OR` between two terms means either, a
    leading `-` excludes.
    """
    wanted: list[str] = []
    excluded: list[str] = []
    either = False
    for minus, quoted, bare in TERM.findall(words):
        if bare == "OR":
            either = bool(wanted)
            continue
        negative = bool(minus) or (bare.startswith("-") and len(bare) > 1)
        phrase = _phrase(quoted or bare)
        if not phrase:
            continue
        if negative:
            excluded.append(phrase)
        elif either:
            wanted[-1] = f"({wanted[-1]} OR {phrase})"
        else:
            wanted.append(phrase)
        either = False
    if not wanted:
        return ""
    return " NOT ".join([" AND ".join(wanted), *excluded])


def _phrase(words: str) -> str:
    tokens: list[str] = []
    pieces = list(PIECE.finditer(fold(words)))
    prefix = False
    for number, piece in enumerate(pieces):
        run, word = piece.groups()
        last = number == len(pieces) - 1
        if word:
            tokens.append(word)
            continue
        tokens.extend(_pairs(run))
        # The index holds a run's last character alone, so it must stand here when the phrase goes on;
        # at the end of the query the run may go on in the text, where a pair begins with it.
        if not last:
            tokens.append(run[-1])
        elif len(run) == 1:
            tokens.append(run)
            prefix = True
    if not tokens:
        return ""
    return f'"{" ".join(tokens)}"{" *" if prefix else ""}'


def _pairs(run: str) -> Iterator[str]:
    return map(add, run, run[1:])


def index_article(db: Database, article_id: int, title: str, text: str) -> None:
    """Make an article findable."""
    db.execute(
        "INSERT INTO articles_fts (rowid, title, text) VALUES (?, ?, ?)",
        [article_id, shadow(title), shadow(text)],
    )


def unindex_article(db: Database, article_id: int, title: str, text: str) -> None:
    """Forget an article; `title` and `text` must be what was indexed, as FTS5 keeps no copy of them."""
    db.execute(
        "INSERT INTO articles_fts (articles_fts, rowid, title, text) VALUES ('delete', ?, ?, ?)",
        [article_id, shadow(title), shadow(text)],
    )


def search(db: Database, words: str, most: int) -> list[dict[str, Any]]:
    """The best `most` articles for what a person typed, best first; a word in the title weighs more.

    Best by BM25 (Robertson and Zaragoza, 2009) as FTS5 has it.
    """
    query = match_query(words)
    if not query:
        return []
    return list(db.query(SEARCH, {"match": query, "most": most}))
