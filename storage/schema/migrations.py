"""The schema, as steps that are only ever appended to.

Each step is one function of SQL; sqlite-utils runs the pending ones in order and remembers them.
`docs/schema.md` is generated from the result.
"""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from shopwire.storage.schema.daemon_tables import (
    HEALTH,
    HEAT,
    LISTENERS,
    LOST_FIELDS,
    REACTIONS,
    SCHEDULE,
    listener_name,
)
from shopwire.storage.schema.facets import COUNTED_BY_FACET
from shopwire.storage.schema.tables import (
    ARTICLES,
    COPIES_AND_STORIES,
    CRAWL_LOG,
    FINGERPRINTS,
    GENEALOGY,
    LOOKED_UP,
    PASSES,
    SEARCH,
    STORIES,
    TEMPLATES,
    WORKER_CRASHED,
)
from shopwire.storage.schema.views import (
    COUNTED_BY_DAY,
    FACETS,
    GENEALOGY_BY_ROW,
    HEADLINES_BY_MOMENT,
    PLATFORM,
    TIME_IN_UTC,
    VIEWS,
)

migrations = Migrations("shopwire")


@migrations()
def first_schema(db: Database) -> None:
    """Articles, their copies and stories, the crawl log, and search."""
    for script in (CRAWL_LOG, COPIES_AND_STORIES, ARTICLES, SEARCH):
        execute_all(db, script)


@migrations()
def copies_by_fingerprint(db: Database) -> None:
    """What finds a copy that is not word for word the same, and who copied whom."""
    for script in (FINGERPRINTS, GENEALOGY):
        execute_all(db, script)


@migrations()
def schedule(db: Database) -> None:
    """When each source is due, what the daemon has to say, and its sign of life."""
    execute_all(db, SCHEDULE)


@migrations()
def passes(db: Database) -> None:
    """What lets `shopwire reextract` go on where it was stopped."""
    execute_all(db, PASSES)


@migrations()
def stories(db: Database) -> None:
    """What an article is recognised by, which story it belongs to and why, and what people ruled."""
    execute_all(db, STORIES)


@migrations()
def health(db: Database) -> None:
    """One status word for each source, and what it is told by."""
    execute_all(db, HEALTH)


@migrations()
def heat(db: Database) -> None:
    """Earlier versions of articles, how often they were viewed when, and whose 304s are wrong."""
    execute_all(db, HEAT)


@migrations()
def views_for_readers(db: Database) -> None:
    """Create the views that people read and their indexes, the mentions per day, and the figures."""
    for script in VIEWS:
        execute_all(db, script)


@migrations()
def listeners(db: Database) -> None:
    """Who has been told what."""
    execute_all(db, LISTENERS)


@migrations()
def reactions(db: Database) -> None:
    """How often articles were commented on and liked when, beside how often they were viewed."""
    execute_all(db, REACTIONS)


@migrations()
def platform(db: Database) -> None:
    """The platform an article is filed under, in `latest` and in what makes its facets fast."""
    execute_all(db, PLATFORM)


@migrations()
def lost_fields(db: Database) -> None:
    """What the pages of articles no longer show when they are read again."""
    execute_all(db, LOST_FIELDS)


@migrations()
def facets(db: Database) -> None:
    """What keeps the facets of `latest` fast whatever is filtered."""
    execute_all(db, FACETS)


@migrations()
def genealogy_by_row(db: Database) -> None:
    """Who copied whom, answered for some articles without looking at all of them."""
    execute_all(db, GENEALOGY_BY_ROW)


@migrations()
def counted_by_day(db: Database) -> None:
    """How many articles each day brought in which language."""
    execute_all(db, COUNTED_BY_DAY)


@migrations()
def looked_up(db: Database) -> None:
    """What spares two look-ups the whole of their tables."""
    execute_all(db, LOOKED_UP)


@migrations()
def templates(db: Database) -> None:
    """Where the articles of each site stand on its pages."""
    execute_all(db, TEMPLATES)


@migrations()
def counted_by_facet(db: Database) -> None:
    """How many articles there are of each language, source, platform and story."""
    execute_all(db, COUNTED_BY_FACET)


@migrations()
def listeners_by_hash(db: Database) -> None:
    """The addresses of webhooks, which are secrets, are kept as hashes."""
    # Else the old rows would stay readable in the file's free pages.
    db.execute("PRAGMA secure_delete = ON")
    for (address,) in db.execute("SELECT listener FROM listeners").fetchall():
        db.execute(
            "UPDATE listeners SET listener = ? WHERE listener = ?",
            [listener_name(address), address],
        )


@migrations()
def headlines_by_moment(db: Database) -> None:
    """Who told a story first, by the moment and not by the hour on the wall."""
    execute_all(db, HEADLINES_BY_MOMENT)


@migrations()
def time_in_utc(db: Database) -> None:
    """The times of articles are written in one zone, so that their order is that of the moments."""
    execute_all(db, TIME_IN_UTC)


@migrations()
def drop_templates(db: Database) -> None:
    """Page templates are no longer learned: every page is read as a whole."""
    db.execute("DROP TABLE templates")


@migrations()
def worker_crashed(db: Database) -> None:
    """Write the reason of pages whose worker crashed as it is written today."""
    execute_all(db, WORKER_CRASHED)


def execute_all(db: Database, script: str) -> None:
    """Run the statements of a script inside the open transaction (`executescript` would commit it)."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
