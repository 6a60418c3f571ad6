"""`shopwire source add`: finds the feed, sitemap or list of a site, and adds it to `sources.toml`."""

import json
import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import click

from shopwire.commands.common.source_registry import load_sources
from shopwire.commands.common.terminal import Terminal
from shopwire.commands.sources.run_discovery import discover
from shopwire.commands.sources.searches import build_search, choose_site, take_search
from shopwire.spiders.base import Source
from shopwire.spiders.canonical_url import get_canonical_url
from shopwire.spiders.discovery.candidate import Discovery, Ending
from shopwire.spiders.discovery.cms_presets import PRESETS
from shopwire.spiders.user_sources.build_source import NAME
from shopwire.spiders.user_sources.check_values import ADDRESS_KEYS
from shopwire.spiders.user_sources.source_file import get_source_file
from shopwire.spiders.user_sources.write_table import append_tables, build_name, format_table

SHOWN_LINKS = 5


class SourceUrl(click.ParamType[str]):
    """An address of a page, a feed or a sitemap; `https://` may be left out."""

    name = "url"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the URL. Raises `click.BadParameter` if it is not valid for HTTP."""
        url = value if "://" in value else f"https://{value}"
        if not get_canonical_url(url):
            self.fail(f"{value!r} is not an http or https address", param, ctx)
        return url


@click.command("add")
@click.argument("url", type=SourceUrl(), required=False)
@click.option("--name", help="Name of the source; by default from the host.")
@click.option(
    "--list", "lists", multiple=True, type=SourceUrl(), help="A page of links to read, and no feed."
)
@click.option("--cms", type=click.Choice(sorted(PRESETS)), help="The system that made the site.")
@click.option("--search", metavar="WORDS", help="Read the site's documented search for these words.")
@click.option("--yes", is_flag=True, help="Add it without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would be added.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def add_source(
    url: str | None,
    *,
    name: str | None,
    lists: Sequence[str],
    cms: str | None,
    search: str | None,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Find how to read the site at URL, test it, and add it to sources.toml.

    URL may be left out with --search: then the words are searched for in a site that is known to allow it.
    Tries what the site declares, then feeds at usual places, sitemaps, and the links of the page, with at
    most 25 requests, one second apart, and within robots.txt. A site that refuses programs is left alone.

    Exit code 0: added, 1: you said no, 3: nothing found, 4: blocked, 5: robots.txt forbids it, 6: found, but
    its pages are no articles, 7: its newest article is older than 60 days, 8: the source is known already.
    """
    if as_json and not (yes or dry_run):
        raise click.UsageError("--json cannot ask: use it with --yes or --dry-run")
    if url is None:
        if search is None:
            raise click.UsageError("which site? name its URL, or words for --search")
        url = choose_site(search)
    sources = load_sources()
    if name is not None and (name in sources or not NAME.fullmatch(name)):
        reason = "is taken" if name in sources else "may have a to z, 0 to 9 and _ only"
        raise click.UsageError(f"the name {name!r} {reason}")
    found = find_source(url, lists, cms or "", search, sources)
    table = build_table(found)
    name = name or build_name(found.home or url, sources)
    text = format_table(name, table) if table else ""
    adds = found.ending is Ending.ADDED and not dry_run
    if not as_json:
        print_discovery(Terminal(), found, text)
        if adds and not yes and not confirm_table():
            found.ending, adds = Ending.DECLINED, False
            click.echo("Nothing is written.")
    if adds:
        append_tables(get_source_file(), text)
    if as_json:
        click.echo(json.dumps(describe(found, name, table, is_added=adds), ensure_ascii=False))
    elif adds:
        click.echo(f"Added {name} to {get_source_file()}. `shopwire crawl {name}` crawls it.")
    sys.exit(found.ending.code)


def confirm_table() -> bool:
    """Return whether the user wants the table; the end of a file instead of an answer is a no."""
    try:
        return click.confirm(f"Add it to {get_source_file()}?", default=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        return False


def find_source(
    url: str, lists: Sequence[str], cms: str, search: str | None, sources: dict[str, type[Source]]
) -> Discovery:
    """Return what is found at a URL, or at the search of its site; nothing new if a source reads it."""
    attributes = build_search(url, search) if search is not None else {}
    if attributes:
        url = attributes["feeds" if "feeds" in attributes else "lists"][0]
    if known := find_known(url, lists, sources):
        return Discovery(Ending.KNOWN, f"source {known} reads this site already", home=url)
    if attributes and "feeds" not in attributes:
        return take_search(url, attributes)
    return discover(url, list(lists), cms, is_exact=bool(attributes))


def find_known(url: str, lists: Sequence[str], sources: dict[str, type[Source]]) -> str:
    """Return the name of the source that reads a URL, or else its host; empty if there is none."""
    wanted = {get_canonical_url(one) for one in (url, *lists)}
    host = get_host(url)
    for name, source in sources.items():
        read = [one for key in ADDRESS_KEYS for one in getattr(source, key, ())]
        if wanted & set(map(get_canonical_url, read)):
            return name
    is_whole_site = not lists and not urlsplit(url).query and not urlsplit(url).path.strip("/")
    return next((name for name, one in sources.items() if is_whole_site and get_host(one.home) == host), "")


def get_host(url: str) -> str:
    """Return the host of a URL with its port, without `www.`."""
    return urlsplit(url).netloc.lower().removeprefix("www.")


def build_table(found: Discovery) -> dict[str, Any]:
    """Return the attributes of the source that was found; none if nothing was."""
    if found.candidate is None or found.verdict is None:
        return {}
    languages = [one.language for one in found.verdict.samples if len(one.language) == 2]
    hosts = [get_host(link.url) for link in found.candidate.links]
    usual = max(set(hosts), key=hosts.count, default="")
    table: dict[str, Any] = {"title": found.title, "home": found.home}
    if languages:
        table["language"] = max(languages, key=languages.count)
    if usual and get_host(found.home) not in hosts and not usual.endswith("." + get_host(found.home)):
        # A feed on a host of its own: the pages are what readers know.
        table["home"] = next(link.url for link in found.candidate.links if get_host(link.url) == usual)
        table["home"] = "/".join(table["home"].split("/")[:3]) + "/"
    return {**table, **found.candidate.attributes}


def describe(found: Discovery, name: str, table: dict[str, Any], is_added: bool) -> dict[str, Any]:
    """Return the result as JSON has it."""
    candidate, verdict = found.candidate, found.verdict
    return {
        "ending": found.ending.value,
        "is_added": is_added,
        "reason": found.reason,
        "rung": candidate.rung if candidate else "",
        "name": name,
        "table": table,
        "requests": found.requests,
        "tried": found.tried,
        "links": [link.url for link in candidate.links[:SHOWN_LINKS]] if candidate else [],
        "samples": [
            {"url": one.url, "title": one.title, "published": one.published, "problem": one.problem}
            for one in (verdict.samples if verdict else ())
        ],
    }


def print_discovery(console: Terminal, found: Discovery, text: str) -> None:
    """Print what was tried, the newest titles with their dates, and the table."""
    for line in found.tried:
        console.print(f"  {line}", style="dim", soft_wrap=True)
    if found.candidate is not None and found.verdict is not None:
        tested = {one.url: one for one in found.verdict.samples}
        console.print()
        for link in [*found.candidate.links][:SHOWN_LINKS]:
            sample = tested.get(link.url)
            modified = link.listed.modified
            listed = modified.isoformat() if modified else link.listed.published
            date = (sample.published if sample else "") or listed
            title = (sample.title if sample else "") or link.listed.title or link.url
            console.print(f"  {date[:16]:<16}  {title}", soft_wrap=True)
        console.print()
        console.print(text, soft_wrap=True)
    if found.reason:
        console.print(f"{found.ending.value}: {found.reason}", soft_wrap=True)
