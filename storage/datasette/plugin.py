"""What we add to Datasette: search for Chinese words, pages made for readers, and safe headers."""

import sqlite3

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from shopwire.storage.datasette.headers import Wrapper, secure
from shopwire.storage.search import match_query


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Let Datasette's search box ask the index in its own words: see `storage.search`.

    Last, because Datasette defines an `escape_fts` too and the later definition holds.
    """
    conn.create_function("escape_fts", 1, lambda words: match_query(words or "") or '""')


@hookimpl
def asgi_wrapper() -> Wrapper:
    """Every answer carries headers that keep what was scraped from doing anything."""
    return secure


@hookimpl
def forbidden(datasette: Datasette, request: Request) -> Response | None:
    """Show a person who has not logged in the form to do so; a program gets its 403."""
    if request.actor or "text/html" not in request.headers.get("accept", ""):
        return None
    return Response.redirect(datasette.urls.path("-/login"))
