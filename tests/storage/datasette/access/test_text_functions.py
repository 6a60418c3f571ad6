"""SQL functions that look for one text in another: those of SQLite, but for texts that would take days."""

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shopwire.storage.datasette.access.query_limits import LONGEST_PATTERN, limit_connection
from shopwire.storage.datasette.access.text_functions import bound_functions

VALUES = st.none() | st.integers(-99, 99) | st.text("ab淘 é", max_size=6)
CALLS = ("instr(?1, ?2)", "replace(?1, ?2, ?3)", "trim(?1, ?2)", "ltrim(?1, ?2)", "rtrim(?1, ?2)", "trim(?1)")
LONG = f"replace(hex(zeroblob({LONGEST_PATTERN // 2 + 1})), '0', 'a')"


@pytest.fixture(scope="module")
def connections() -> Iterator[tuple[sqlite3.Connection, sqlite3.Connection]]:
    """A plain connection, and one as readers have it."""
    plain, bounded = (sqlite3.connect(":memory:") for _ in range(2))
    limit_connection(bounded)
    bound_functions(bounded)
    yield plain, bounded
    plain.close()
    bounded.close()


@given(values=st.tuples(VALUES, VALUES, VALUES))
@example((0, "", None))
@example((b"\0ab", b"ab", "x"))
def test_they_return_what_those_of_sqlite_return(
    connections: tuple[sqlite3.Connection, sqlite3.Connection], values: tuple[object, ...]
) -> None:
    sql = f"SELECT {', '.join(CALLS)} FROM (SELECT ?1, ?2, ?3)"
    expected, found = (tuple(one.execute(sql, values).fetchone()) for one in connections)
    assert found == expected


@pytest.mark.fault("50e", "Queries that look for a long text at each place of another", "refused at once")
@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT instr({LONG}, {LONG} || 'b')",
        f"SELECT replace({LONG}, {LONG} || 'b', 'c')",
        f"SELECT trim({LONG}, {LONG} || 'b')",
        f"SELECT ltrim({LONG}, {LONG} || 'b')",
        f"SELECT rtrim({LONG}, {LONG} || 'b')",
        f"SELECT {LONG} LIKE {LONG} || 'b'",
        f"SELECT {LONG} GLOB {LONG} || 'b'",
    ],
)
def test_a_long_text_is_not_looked_for(
    connections: tuple[sqlite3.Connection, sqlite3.Connection], sql: str
) -> None:
    plain, bounded = connections
    plain.execute(sql).fetchone()
    with pytest.raises(sqlite3.Error, match=r"too (big|complex)"):
        bounded.execute(sql).fetchone()
