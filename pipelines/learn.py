"""What the pages of a site have taught, and which of its pages are to be studied."""

import json
from zlib import crc32

from shopwire.pipelines.deduplication.fingerprint_index import site_lines
from shopwire.pipelines.site import Site
from shopwire.pipelines.template import Lesson, Template
from shopwire.spiders.page import Page
from shopwire.storage import templates
from shopwire.storage.database import Store
from shopwire.storage.versions import is_stored

AGREED = 3
"""Pages that must be made alike before others are read like them."""

FIRST = 8
"""Pages of a site that are studied until some of them agree."""

KNOWN_PACE = 32
"""One page of so many is studied ever after, on a site with a template."""

PATIENCE = 2
"""On one without, it is one page of so many times as many as were studied in vain."""

LARGEST = 1_000_000
"""Bytes of a page that is studied: it is read up to ten times, within the time that is given to one."""

MOST = 4
"""Templates that are tried on a page."""

NONE = Template("", 0)


def known_site(store: Store, page: Page, begun: int = 0) -> Site:
    """What the store knows of the site of a page. Which pages are studied depends on their address.

    A page whose article is stored is read as a whole: no short way may take a sentence off it. `begun`
    are the pages of the site that have been given out to be studied: of those in hand the store knows
    nothing yet.
    """
    rows = templates.templates_of(store, page.source)
    known = [row for row in rows if row["path"] and row["trust"] >= AGREED]
    used = known[:MOST] if known and not is_stored(store, page.url) else []
    studied = max(begun, sum(row["trust"] for row in rows))
    new = not known and studied < FIRST
    pace = KNOWN_PACE if known else PATIENCE * studied
    return Site(
        lines=site_lines(store, page.source),
        templates=tuple(
            Template(row["path"], row["above"], frozenset(json.loads(row["fields"])), row["beside"])
            for row in used
        ),
        to_study=len(page.body) <= LARGEST and (new or crc32(page.url.encode()) % pace == 0),
    )


def learn(store: Store, site: str, lesson: Lesson) -> None:
    """Keep what a page taught. Call inside `store.writing()`."""
    for template in lesson.wrong:
        templates.distrust(store, site, template.path)
    found = lesson.template or NONE
    fields = json.dumps(sorted(found.fields))
    templates.trust(store, site, found.path, found.above, fields, found.beside)
