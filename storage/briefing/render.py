"""Write a briefing as Markdown, as a page of HTML and as JSON."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from html import escape

from shopwire.storage.briefing.build import (
    FIGURES_RULE,
    MOVERS_RULE,
    Briefing,
    Mover,
    NewFigure,
    NewSource,
    Report,
    SourceInTrouble,
    TopStory,
)
from shopwire.storage.text.characters import UNSAFE
from shopwire.storage.text.markdown import WEB_SCHEMES, escape_markdown, render_html

IN_ADDRESS = re.compile(r"[\s<>()\[\]\\]")
LONGEST_TITLE = 120
LONGEST_OF_MOVER = 60
LONGEST_SENTENCE = 240
NONE = "Nothing in this period."
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}</body>
</html>
"""


def write_title(briefing: Briefing) -> str:
    """Return the heading: the day, or the first and the last one."""
    if briefing.since == briefing.until:
        return f"E-commerce news of {briefing.since}"
    return f"E-commerce news from {briefing.since} to {briefing.until}"


def render_markdown(briefing: Briefing, home: str = "") -> str:
    """Return the briefing as Markdown.

    Articles are linked on the web, or with `home`, the address of our own site, to their pages there.
    """
    return f"# {write_title(briefing)}\n\n{write_sections(briefing, home)}"


def render_page(briefing: Briefing, home: str = "") -> str:
    """Return the briefing as a whole page of HTML, that loads nothing."""
    body = render_html(write_sections(briefing, home))
    return PAGE.format(title=escape(write_title(briefing)), body=body)


def render_json(briefing: Briefing) -> str:
    """Return the briefing as JSON with the names of `Briefing`, and the rules of its lists."""
    fields = asdict(briefing) | {"movers_rule": MOVERS_RULE, "figures_rule": FIGURES_RULE}
    return json.dumps(fields, ensure_ascii=False, indent=2, default=date.isoformat) + "\n"


def write_sections(briefing: Briefing, home: str) -> str:
    """Return all below the heading as Markdown."""
    counts = f"{_count(briefing.articles, 'article')} from {_count(briefing.sources, 'source')}."
    attention = [_write_source(one) for one in briefing.attention]
    if briefing.more_attention:
        attention.append(f"- {briefing.more_attention} more")
    parts = [
        f"{counts} Times are in UTC.",
        _write_section("Top stories", "", (_write_story(one, home) for one in briefing.stories)),
        _write_section("Movers", MOVERS_RULE, (_write_mover(one, home) for one in briefing.movers)),
        _write_section("New figures", FIGURES_RULE, (_write_figure(one, home) for one in briefing.figures)),
        _write_section("New sources", "", (_write_new_source(one, home) for one in briefing.new_sources)),
        _write_section("Silent or sick sources", "", attention),
    ]
    return "\n\n".join(parts) + "\n"


def _write_section(title: str, rule: str, items: Iterable[str]) -> str:
    return "\n\n".join(filter(None, [f"## {title}", rule, "\n".join(items) or NONE]))


def _write_story(story: TopStory, home: str) -> str:
    headlines = [one for one in (story.chinese, story.english) if one] or [story.first]
    titles = " · ".join(f"**{_link(one, home)}**" for one in headlines)
    numbers = f"{_count(story.articles, 'article')}, {_count(story.sources, 'source')}"
    if home:
        numbers = f"[{numbers}]({home}story/{story.id})"
    return f"- {titles}: {numbers}; first {_write_origin(story.first)}"


def _write_mover(mover: Mover, home: str) -> str:
    numbers = f"{_count(mover.articles, 'article')} instead of {mover.expected:.1f} on average"
    reports = "; ".join(_link(one, home, LONGEST_OF_MOVER) for one in mover.reports)
    return f"- **{_escape(mover.name)}** ({mover.kind}): {numbers}{': ' if reports else ''}{reports}"


def _write_figure(figure: NewFigure, home: str) -> str:
    value = f"{figure.value:,.2f}".rstrip("0").rstrip(".")
    sentence = _escape(_shorten(figure.sentence, LONGEST_SENTENCE))
    return f"- **{value} {_escape(figure.unit.upper())}**: {sentence} ({_link(figure.report, home)})"


def _write_new_source(source: NewSource, home: str) -> str:
    beginning = _escape(_shorten(source.beginning, LONGEST_SENTENCE))
    return f"- **{_escape(source.name)}**: {_link(source.report, home)}: {beginning}"


def _write_source(source: SourceInTrouble) -> str:
    last = source.last_article or "never"
    return (
        f"- **{_escape(source.title)}** is {source.status}: {_escape(source.evidence)}; last article: {last}"
    )


def _write_origin(report: Report) -> str:
    return f"{_escape(report.source)}, {report.time.replace('T', ' ')}"


def _link(report: Report, home: str, longest: int = LONGEST_TITLE) -> str:
    title = _escape(_shorten(report.title, longest)) or "(no title)"
    url = f"{home}article/{report.id}" if home else report.url
    # What would end the link in Markdown is not in a URL unless it was written wrongly.
    is_link = url.lower().startswith(WEB_SCHEMES)
    address = IN_ADDRESS.sub(lambda found: f"%{ord(found[0]):02X}", url)
    return f"[{title}]({address})" if is_link else title


def _escape(text: str) -> str:
    return escape_markdown(" ".join(UNSAFE.sub("", text).split()))


def _shorten(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _count(number: int, what: str) -> str:
    if number == 1:
        return f"1 {what}"
    return f"{number:,} {what}s"
