"""`shopwire source test`: crawls a source, or each of them, without storing anything."""

import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from rich.box import SIMPLE_HEAD
from rich.table import Column, Table

from shopwire.commands.common.exit_codes import ALL_FAILED
from shopwire.commands.common.source_registry import find_sources, load_settings, load_sources
from shopwire.commands.common.terminal import Terminal
from shopwire.commands.crawl import get_run_exit_code, run_crawls
from shopwire.commands.sources.evidence import load_evidence
from shopwire.commands.sources.verdict import has_answer, judge_source
from shopwire.spiders.http.resolver import PROXY_SETTING
from shopwire.spiders.user_sources.source_file import get_source_file
from shopwire.storage.database import Store
from shopwire.storage.paths import HOME_VARIABLE, get_store_path

# If one of these is missing, the source or the extraction may be wrong.
CHECKED_FIELDS = ("title", "published", "author", "language", "text")
LONGEST_SHOWN = 100
LONGEST_REASON = 80
TABLE_HEAD = "| name | confidence | verdict | articles | newest | reason |\n|---|---|---|---|---|---|"


@click.command("test")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "tests_all", is_flag=True, help="Test every source; the result is a Markdown table.")
@click.option("--limit", type=click.IntRange(1), default=3, help="Pages to fetch of each source.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def test_sources(names: Sequence[str], tests_all: bool, limit: int, as_json: bool) -> None:
    """Crawl a few pages of source NAME, and show requests and articles. Nothing is stored.

    A verdict says whether the source works, is `stale` (its newest article is older than 60 days), is
    `blocked here` (it refuses this machine and may serve others), is `unreachable` (no answer, or no name
    can be resolved here), or is `dead` (its address is gone). With several names or --all, one row for each
    source.
    Exit code 0: all succeeded, 1: no article, 3: some requests failed.
    """
    if tests_all == bool(names):
        raise click.UsageError("name the sources to test, or use --all")
    wanted = list(find_sources(names) if names else load_sources())
    place = describe_place()
    with empty_home():
        arguments = {"since": "", "limit": str(limit)}
        reports, _ = run_crawls(wanted, arguments, load_settings({"LOG_LEVEL": "ERROR"}), progress=tests_all)
        with Store(get_store_path()) as store:
            attempts = [dict(row) for row in store.rows("SELECT * FROM fetches ORDER BY id")]
            articles = [dict(row) for row in store.rows("SELECT * FROM articles ORDER BY id")]
    is_online, today = has_answer(attempts), datetime.now(UTC).date()
    verdicts = {
        name: judge_source(*select_rows(name, attempts, articles), today, is_online) for name in wanted
    }
    if as_json:
        result = {"place": place, "verdicts": {name: one[0] for name, one in verdicts.items()}}
        click.echo(json.dumps({**result, "attempts": attempts, "articles": articles}, ensure_ascii=False))
    elif len(wanted) > 1:
        click.echo(f"Tested {place}.\n")
        click.echo(build_markdown(verdicts, articles))
    else:
        print_test(Terminal(), attempts, articles)
        verdict, reason = verdicts[wanted[0]]
        Terminal().print(f"\n{wanted[0]}: {verdict}{f' ({reason})' if reason else ''}. Tested {place}.")
    sys.exit(get_run_exit_code(reports) if articles else ALL_FAILED)


@contextmanager
def empty_home() -> Iterator[None]:
    """Set a temporary folder as `SHOPWIRE_HOME`, with the user's own sources in it."""
    own = get_source_file().absolute()
    with tempfile.TemporaryDirectory(prefix="shopwire-") as folder:
        before = os.environ.get(HOME_VARIABLE)
        os.environ[HOME_VARIABLE] = folder
        if own.is_file():
            get_source_file().symlink_to(own)
        try:
            yield
        finally:
            del os.environ[HOME_VARIABLE]
            if before is not None:
                os.environ[HOME_VARIABLE] = before


def describe_place() -> str:
    """Return when and where a test is made: the answer of a site may depend on both."""
    now = datetime.now().astimezone()
    proxy = str(load_settings().get(PROXY_SETTING) or "")
    through = f" through the proxy {proxy.rpartition('@')[2]}" if proxy else ""
    return f"on {now:%Y-%m-%d %H:%M %z} from {platform.node() or 'this machine'}{through}"


def select_rows(
    name: str, attempts: Iterable[dict[str, object]], articles: Iterable[dict[str, object]]
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    return [one for one in attempts if one["source"] == name], [
        one for one in articles if one["source"] == name
    ]


def build_markdown(verdicts: Mapping[str, tuple[str, str]], articles: Sequence[Mapping[str, object]]) -> str:
    """Return the table of several sources in Markdown."""
    lines = [TABLE_HEAD]
    for name, (verdict, reason) in verdicts.items():
        own = [one for one in articles if one["source"] == name]
        newest = max((str(one["published"] or "")[:10] for one in own), default="")
        known = load_evidence().get(name)
        cells = (
            name,
            known.confidence if known else "",
            verdict,
            str(len(own)),
            newest,
            reason[:LONGEST_REASON],
        )
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return "\n".join(lines)


def print_test(
    console: Terminal, attempts: list[dict[str, object]], articles: list[dict[str, object]]
) -> None:
    """Print the result of each request, and the fields of each article."""
    # Fold: a truncated URL cannot be opened.
    table = Table(
        Column("request", overflow="fold"),
        "outcome",
        "reason",
        box=SIMPLE_HEAD,
        pad_edge=False,
        title="Requests",
        title_justify="left",
    )
    for row in attempts:
        table.add_row(f"{row['kind']} {row['url']}", str(row["outcome"]), str(row["reason"]))
    console.print(table)
    for row in articles:
        console.rule(str(row["url"]), align="left")
        for field in CHECKED_FIELDS:
            value = str(row[field] or "")
            shown = (
                value
                if len(value) <= LONGEST_SHOWN
                else f"{value[:LONGEST_SHOWN]}… ({len(value)} characters)"
            )
            console.print(f"{field:>10}  {shown or '(missing)'}")
    if not articles:
        console.print("No article was extracted.")
