"""Gives a stored article its place among the copies: finds candidates, judges them, records."""

import functools
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shopwire.pipelines.deduplication import duplicate_groups, fingerprint_index
from shopwire.pipelines.deduplication.classify_candidates import STRONG, judge
from shopwire.pipelines.deduplication.classify_pair import Text, Verdict
from shopwire.pipelines.deduplication.duplicate_groups import Link
from shopwire.pipelines.deduplication.fingerprint import sample
from shopwire.pipelines.deduplication.similarity import Reading, read
from shopwire.pipelines.extraction.boilerplate import line_hash
from shopwire.storage.database import Store

# A frame stands at the head and the foot of a page: so many lines of each are looked at.
EDGE = 40

# What was read in the texts that came last, as a newcomer is mostly compared with these. The oldest goes
# first.
READINGS: OrderedDict[str, Reading] = OrderedDict()
MOST_READINGS = 512

# So many articles are judged anew when another one comes.
LOOK_AGAIN = 8

ARTICLE = (
    "SELECT id, canonical_id, source, title, text, published, fetched, text_hash, EXISTS (SELECT 1 "
    "FROM copies WHERE article_id = articles.id AND kind = 'contains') AS holds "
    "FROM articles WHERE id = ?"
)


@dataclass(frozen=True, slots=True)
class Placed:
    """The canonical id of an article, and those that were judged anew because it came: each with one
    that it has left behind, or None where it is in one group with that one still."""

    front: int
    again: tuple[tuple[int, int | None], ...] = ()


def relate(store: Store, article: int, reading: Reading | None = None) -> Placed:
    """Record what a new text is a copy of or contains; gives its place.

    `reading` is that of the text, read here where nobody has done so before. Call once for each text,
    after `groups.leave` when the article had another one before, and inside `store.writing()`. Raises
    `LookupError` when there is no such article.
    """
    row = _article(store, article)
    lines = _edge_lines(row["text"])
    again: tuple[tuple[int, int | None], ...] = ()
    if twin := duplicate_groups.twin(store, article, row["text_hash"]):
        why = {"says": "the same text", "between": [article, twin["id"]]}
        front = duplicate_groups.unite(store, article, {twin["canonical_id"]: Link(1.0, why)})
    else:
        if reading is not None:
            _remember(row["text"], reading)
        again = tuple(_look_again(store, _find_copies(store, row), article))
        front = _article(store, article)["canonical_id"]
    if not duplicate_groups.on_site(store, front, row["source"], article):
        fingerprint_index.count_lines(store, row["source"], set(lines.values()))
    return Placed(front, again)


def unrelate(store: Store, article: int) -> int | None:
    """Take an article whose text is about to change out of its group of copies.

    Gives the canonical id of the copies that it leaves behind, if there are any. Its lines count no
    longer, or an article that is corrected four times would make its own sentences its site's frame.
    """
    row = _article(store, article)
    if not duplicate_groups.on_site(store, row["canonical_id"], row["source"], article):
        lines = _edge_lines(row["text"])
        fingerprint_index.uncount_lines(store, row["source"], set(lines.values()))
    return duplicate_groups.leave(store, article)


def refind(store: Store, article: int) -> None:
    """Make a group findable again, by its article `article`, after another one has left it."""
    row = _article(store, article)
    found = fingerprint_index.holders(store, _keys(_bare(store, [row])[0]))
    fingerprint_index.add_keys(
        store, article, duplicate_groups.members(store, row["canonical_id"]), found
    )


def _find_copies(store: Store, row: sqlite3.Row) -> list[int]:
    """Give an article that stands alone its place; gives those whose place is in doubt now."""
    text = _bare(store, [row])[0]
    found = fingerprint_index.holders(store, _keys(text))
    others = _bare(store, fingerprint_index.candidates(store, found, text.id))
    judgement = judge(text, others)
    group_of = {other.id: other.group for other in others}
    doubted = judgement.doubted
    links: dict[int, Link] = {}
    for verdict in judgement.verdicts:
        if verdict.kind == "contains":
            duplicate_groups.contain(store, verdict.article_id, verdict.of_id, _link(verdict))
            doubted.append(verdict.article_id)
        elif group_of[verdict.of_id] not in links:
            links[group_of[verdict.of_id]] = _link(verdict)
    front = duplicate_groups.unite(store, text.id, links) if links else text.id
    copies: Iterable[int] = duplicate_groups.members(store, front) if links else ()
    fingerprint_index.add_keys(store, text.id, copies, found)
    return doubted + duplicate_groups.weak_copies(store, front, STRONG, LOOK_AGAIN)


def _look_again(
    store: Store, articles: Iterable[int], newcomer: int
) -> Iterator[tuple[int, int | None]]:
    """Find the copies of some articles anew, now that there is another text to compare with.

    Gives each with one that it has left behind, or None. Where one leaves its group, those that were
    known by it alone are asked as well.
    """
    waiting = [article for article in dict.fromkeys(articles) if article != newcomer]
    done: set[int] = set()
    while waiting and len(done) < LOOK_AGAIN:
        article = waiting.pop(0)
        if article in done:
            continue
        done.add(article)
        known_by = duplicate_groups.linked_through(store, article)
        left = duplicate_groups.part(store, article)
        if left is None:
            continue
        refind(store, left)
        _find_copies(store, _article(store, article))
        if _article(store, article)["canonical_id"] != _article(store, left)["canonical_id"]:
            waiting += known_by
            yield article, left
        else:
            yield article, None


def _article(store: Store, article: int) -> sqlite3.Row:
    row = store.row(ARTICLE, article)
    if row is None:
        raise LookupError(f"no article {article} in {store.path}")
    return row


def _link(verdict: Verdict) -> Link:
    return Link(verdict.score, verdict.why)


def _keys(text: Text) -> list[int]:
    keys: list[int] = sample(text.reading.keys).tolist()
    return keys


@functools.lru_cache(maxsize=512)
def _edge_lines(text: str) -> Mapping[str, int]:
    lines = [line for line in text.split("\n") if line.strip()]
    edges = lines if len(lines) <= 2 * EDGE else lines[:EDGE] + lines[-EDGE:]
    return {line: line_hash(line) for line in edges}


def _remember(text: str, reading: Reading) -> Reading:
    READINGS[text] = reading
    if len(READINGS) > MOST_READINGS:
        READINGS.popitem(last=False)
    return reading


def _bare(store: Store, rows: Sequence[sqlite3.Row]) -> list[Text]:
    """The rows as texts to compare, without the lines that are known to belong to their sites."""
    texts = []
    for row in rows:
        lines = _edge_lines(row["text"])
        frame = fingerprint_index.frame_lines(store, list(lines.values()))
        kept = (line for line in row["text"].split("\n") if lines.get(line) not in frame)
        text = "\n".join(kept) if frame else row["text"]
        moment = duplicate_groups.latest_moment(row["published"], row["fetched"])
        texts.append(
            Text(
                id=row["id"],
                group=row["canonical_id"],
                source=row["source"],
                title=row["title"],
                text=text,
                reading=READINGS.get(text) or _remember(text, read(text)),
                moment=moment,
                holds=bool(row["holds"]),
            )
        )
    return texts
