"""`shopwire story`: look into a story, and put right what the machine got wrong."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.table import Table

from shopwire.commands.common.arguments import ID
from shopwire.commands.common.terminal import Terminal
from shopwire.pipelines.stories import story_store
from shopwire.pipelines.stories.explain import list_common_features
from shopwire.storage.database import Store
from shopwire.storage.paths import find_store


@click.group("story")
def command() -> None:
    """Show a story, merge two, or split one.

    What a person merges or splits stays so: the machine adds new articles to the stories as they
    are, and never moves an article a person has put somewhere.
    """


@command.command("show")
@click.argument("story", type=ID)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines instead of a table.")
def show(story: int, as_json: bool) -> None:
    """List the articles of STORY and say why each is in it."""
    with Store(find_store()) as store:
        found = [_explained(row) for row in story_store.list_story_articles(store, story)]
    if not found:
        raise click.UsageError(f"there is no story {story}")
    if as_json:
        for row in found:
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        Terminal().print(_table(found))


@command.command("merge")
@click.argument("into", type=ID)
@click.argument("other", type=ID)
def merge(into: int, other: int) -> None:
    """Move all articles of story OTHER into story INTO."""
    with Store(find_store()) as store, _usage_errors(), store.writing():
        moved = story_store.merge_stories(store, into, other)
    click.echo(f"{moved} articles of story {other} are in story {into} now")


@command.command("split")
@click.argument("articles", nargs=-1, type=ID, required=True)
def split(articles: Sequence[int]) -> None:
    """Make a story of its own of ARTICLES (ids) and their copies."""
    with Store(find_store()) as store, _usage_errors(), store.writing():
        story = story_store.split_story(store, articles)
    click.echo(f"{len(articles)} articles are story {story} now")


def _explained(row: dict[str, Any]) -> dict[str, Any]:
    """The article without its text, and with what it shares with another one in words."""
    shared, text = row.pop("shared", None), f"{row['title']}\n{row.pop('text')}"
    if shared:
        row["because"] += f": {', '.join(list_common_features(shared['marks'], shared['words'], text))}"
    if row["ruled"]:
        row["because"] += "; put here by a person"
    return row


@contextmanager
def _usage_errors() -> Iterator[None]:
    try:
        yield
    except story_store.UnknownStoryError as error:
        raise click.UsageError(str(error)) from error


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    table = Table(expand=True)
    table.add_column("article", no_wrap=True, justify="right")
    table.add_column("day", no_wrap=True, width=10)
    table.add_column("lang", no_wrap=True, width=4)
    table.add_column("title", no_wrap=True, overflow="ellipsis", ratio=3)
    table.add_column("source", no_wrap=True, overflow="ellipsis", width=17)
    table.add_column("because", overflow="fold", ratio=2)
    for row in rows:
        cells = (str(row[name]) for name in ("id", "day", "language", "title", "source", "because"))
        table.add_row(*cells)
    return table
