"""`shopwire brief`: writes what the last days brought."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from shopwire.commands.common.whole_files import replace_when_complete
from shopwire.storage.briefing.build import Briefing, build_briefing, find_period
from shopwire.storage.briefing.render import render_json, render_markdown, render_page
from shopwire.storage.database import open_to_read
from shopwire.storage.paths import find_store

RENDERERS: dict[str, Callable[[Briefing], str]] = {
    "md": render_markdown,
    "html": render_page,
    "json": render_json,
}


@click.command("brief", context_settings={"show_default": False})
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="First day of the briefing; the day before the newest fetch unless given.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(RENDERERS)),
    default="md",
    show_default=True,
    help="Markdown, a page of HTML, or JSON.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to this file.",
)
def write_briefing(since: datetime | None, form: str, output: Path | None) -> None:
    """Write what is new since a day: stories, names, figures, sources.

    The period ends with the day of the newest fetch. The same store gives the same briefing at any time.
    """
    with open_to_read(find_store()) as store:
        first, last = find_period(store.db.conn)
        if since and since.date() > last:
            raise click.UsageError(f"the newest fetch is of {last}: --since must not be later")
        text = RENDERERS[form](build_briefing(store.db.conn, since.date() if since else first, last))
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with replace_when_complete(output) as partial:
            partial.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"cannot write {output}: {error.strerror}") from error
