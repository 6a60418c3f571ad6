"""`shopwire story`: shows a story, merges two, or splits one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.table import Table

from shopwire.commands.common.arguments import ID
from shopwire.commands.common.terminal import Terminal
from shopwire.pipelines.stories import story_store
from shopwire.pipelines.stories.explain import list_common_features
from shopwire.storage.database import Store, open_to_read
from shopwire.storage.paths import find_store


@click.group("story")
def manage_stories() -> None:
    """Show a story, merge two, or split one.

    Manual changes are permanent: new articles may be added to such a story, but an article that was
    assigned manually is never moved.
    """


@manage_stories.command("show")
@click.argument("story", type=ID)
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines instead of a table.")
def print_story(story: int, as_json: bool) -> None:
    """List the articles of STORY, and why each belongs to it."""
    with open_to_read(find_store()) as store:
        found = [_explain_row(row) for row in story_store.list_story_articles(store, story)]
        titles = {row["name"]: row["title"] for row in store.rows("SELECT name, title FROM sources")}
        mentions = story_store.list_mentions(store, story)
    if not found:
        raise click.UsageError(f"no story {story}")
    if as_json:
        for row in found:
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        terminal = Terminal()
        terminal.print(_build_story_table(found, titles))
        for mention in mentions:
            terminal.print(mention)


@manage_stories.command("merge")
@click.argument("into", type=ID)
@click.argument("other", type=ID)
def merge_into_story(into: int, other: int) -> None:
    """Move all articles of story OTHER into story INTO."""
    with Store(find_store()) as store, _convert_errors(), store.writing():
        moved = story_store.merge_stories(store, into, other)
    click.echo(f"moved {moved} articles from story {other} to story {into}")


@manage_stories.command("split")
@click.argument("articles", nargs=-1, type=ID, required=True)
def split_off_articles(articles: Sequence[int]) -> None:
    """Create a new story from ARTICLES (ids) and their duplicates."""
    with Store(find_store()) as store, _convert_errors(), store.writing():
        story = story_store.split_story(store, articles)
    click.echo(f"moved {len(articles)} articles to the new story {story}")


def _explain_row(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row without its text; `because` names the features shared with another article."""
    shared, text = row.pop("shared", None), f"{row['title']}\n{row.pop('text')}"
    if shared:
        row["because"] += f": {', '.join(list_common_features(shared['marks'], shared['words'], text))}"
    if row["ruled"]:
        row["because"] += "; assigned manually"
    return row


@contextmanager
def _convert_errors() -> Iterator[None]:
    try:
        yield
    except story_store.UnknownStoryError as error:
        raise click.UsageError(str(error)) from error


def _build_story_table(rows: Sequence[dict[str, Any]], titles: Mapping[str, str]) -> Table:
    table = Table(expand=True)
    table.add_column("id", no_wrap=True, justify="right")
    table.add_column("day", no_wrap=True, width=10)
    table.add_column("lang", no_wrap=True, width=4)
    table.add_column("article, and why it belongs to the story", overflow="fold", ratio=1)
    for row in rows:
        source = titles.get(row["source"], row["source"])
        article = f"{row['title']} · {source}\n{row['url']}\n{_describe_part(row)}"
        table.add_row(str(row["id"]), str(row["day"]), str(row["language"]), article)
    return table


def _describe_part(row: Mapping[str, Any]) -> str:
    """Return the part of an article in its story and why it is there, which may begin with it."""
    part, because = str(row["part"]), str(row["because"])
    return because if because.startswith(part) else f"{part} · {because}"
