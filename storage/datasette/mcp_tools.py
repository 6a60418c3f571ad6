"""Our queries as tools of datasette-mcp, the Model Context Protocol endpoint `/-/mcp` for language models."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any

from shopwire.storage.datasette.pages.rendering import DATABASE, Rows, fetch_rows

if TYPE_CHECKING:
    from datasette.app import Datasette

# Queries whose columns are those of a feed.
FEED_COLUMN = "atom_id"
QUOTED = re.compile("'[^']*'")
PARAMETER = re.compile(r":(\w+)")


def register_queries(datasette: Datasette, server: Any, queries: Mapping[str, Any]) -> None:
    """Register each named query as a tool that only reads. `server` is the `MCPServer` of datasette-mcp."""
    annotations = import_module("datasette_mcp").READ_ONLY_ANNOTATIONS
    for name, query in queries.items():
        if FEED_COLUMN not in query["sql"]:
            server.add_tool(
                build_tool(datasette, query["sql"]),
                name=name,
                title=query["title"],
                description=describe_query(query),
                annotations=annotations,
            )


def build_tool(datasette: Datasette, sql: str) -> Callable[..., Awaitable[Rows]]:
    """Return a function with the parameters of a query, each a text, that returns its rows."""
    context = import_module("mcp.server.mcpserver").Context

    async def run(ctx: Any, **values: str) -> Rows:
        actor = ctx.request_context.request.scope.get("actor")
        await datasette.ensure_permissions(actor, [("view-database", DATABASE), "view-instance"])
        return await fetch_rows(datasette, sql, **values)

    texts = dict.fromkeys(list_parameters(sql), str)
    run.__annotations__ = {"ctx": context, **texts, "return": list[dict[str, Any]]}
    named = [Parameter(name, Parameter.KEYWORD_ONLY, default="", annotation=str) for name in texts]
    first = Parameter("ctx", Parameter.POSITIONAL_OR_KEYWORD, annotation=context)
    run.__signature__ = Signature([first, *named], return_annotation=list[dict[str, Any]])  # type: ignore[attr-defined]
    return run


def list_parameters(sql: str) -> list[str]:
    """Return the names of the parameters of a query, each once."""
    return list(dict.fromkeys(PARAMETER.findall(QUOTED.sub("", sql))))


def describe_query(query: Mapping[str, Any]) -> str:
    """Return what a query shows, with its example."""
    example = json.dumps(query["example"], ensure_ascii=False) if query.get("example") else ""
    return " ".join(filter(None, (query["description"], example and f"Example: {example}")))
