"""Language models read the store at /-/mcp, with the real client of the protocol."""

import asyncio
import base64
import json
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from shopwire.storage.database import Store
from shopwire.storage.datasette.app import switch_mcp
from shopwire.storage.errors import StoreError
from tests.commands.test_serve import start
from tests.storage.datasette.test_app import build_getter, write
from tests.support.browser import served

Ask = Callable[[ClientSession], Awaitable[Any]]
PASSWORD = "open sesame"


@pytest.fixture
def home(store: Store) -> Path:
    write(store, {"title": "淘宝上线新频道", "text": "淘宝卖出3.5亿元。", "language": "zh"})
    return store.path.parent


@contextmanager
def asking(home: Path, *arguments: str) -> Iterator[Callable[..., Any]]:
    """Yield a function that asks a server of the store something, perhaps with a password."""
    with served(home, "--mcp", *arguments) as url:

        def ask(question: Ask, password: str = "") -> Any:
            secret = base64.b64encode(f"shopwire:{password}".encode()).decode()
            headers = {"Authorization": f"Basic {secret}"} if password else {}

            async def once() -> Any:
                async with (
                    httpx2.AsyncClient(headers=headers) as http,
                    streamable_http_client(f"{url}-/mcp", http_client=http) as streams,
                    ClientSession(*streams[:2]) as session,
                ):
                    await session.initialize()
                    return await question(session)

            return asyncio.run(once())

        yield ask


async def list_tools(session: ClientSession) -> dict[str, Any]:
    return {tool.name: tool for tool in (await session.list_tools()).tools}


def call(tool: str, **arguments: str) -> Ask:
    async def ask(session: ClientSession) -> Any:
        return await session.call_tool(tool, arguments)

    return ask


def read_rows(result: Any) -> list[dict[str, Any]]:
    assert not result.is_error, result.content
    rows: list[dict[str, Any]] = result.structured_content["result"]
    return rows


def test_the_queries_are_tools_that_only_read(home: Path) -> None:
    with asking(home) as ask:
        tools = ask(list_tools)
        assert {"execute_sql", "search", "articles_naming", "biggest_figures", "new_stories"} <= set(tools)
        assert "feed" not in tools
        assert all(tool.annotations.read_only_hint for tool in tools.values())
        assert set(tools["named_per_week"].input_schema["properties"]) == {"one", "other"}
        assert '{"name": "Taobao"}' in tools["articles_naming"].description
        assert [row["title"] for row in read_rows(ask(call("search", q="Taobao")))] == ["淘宝上线新频道"]
        assert read_rows(ask(call("articles_naming", name="淘宝")))[0]["id"] == 1
        assert read_rows(ask(call("who_copies_whom"))) == []
        wrong = ask(call("execute_sql", database="shopwire", sql="DELETE FROM articles"))
        assert wrong.is_error
        rows = ask(call("execute_sql", database="shopwire", sql="SELECT count(*) AS n FROM articles"))
        assert json.loads(rows.content[0].text)["rows"] == [{"n": 1}]


def test_a_password_is_asked_for(home: Path) -> None:
    sql = {"database": "shopwire", "sql": "SELECT title FROM articles"}
    questions = [
        call("search", q="Taobao"),
        call("execute_sql", **sql),
        call("get_database_schema", database="shopwire"),
    ]
    with asking(home, "--password", PASSWORD) as ask:
        for question in questions:
            refused = ask(question)
            assert refused.is_error
            assert "淘宝" not in str(refused)
            assert not ask(question, PASSWORD).is_error
        assert ask(call("list_databases")).structured_content == {"databases": []}


def test_ctrl_c_ends_the_session_of_a_client_without_a_traceback(home: Path) -> None:
    with start(home, "--port", "0", "--mcp") as process:
        assert process.stderr
        address = process.stderr.readline().split(" is at ")[1].split()[0]

        async def stay() -> str:
            async with (
                streamable_http_client(f"{address}-/mcp") as streams,
                ClientSession(*streams[:2]) as session,
            ):
                await session.initialize()
                process.send_signal(signal.SIGINT)
                return (await asyncio.to_thread(process.communicate, timeout=60))[1]

        said = asyncio.run(stay())
    assert process.returncode == 0
    assert "Traceback" not in said


def test_without_the_option_there_is_no_endpoint(store: Store) -> None:
    assert build_getter(store)("/-/mcp").status_code == 404


def test_without_the_package_a_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    switch_mcp(on=False)
    monkeypatch.setitem(sys.modules, "datasette_mcp", None)
    with pytest.raises(StoreError, match=r"pip install '\.\[mcp\]'"):
        switch_mcp(on=True)
