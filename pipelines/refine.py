"""Page in, article or refusal out: the one composition of all steps, without I/O."""

from dataclasses import dataclass

from lxml import html

from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.byline import find_byline
from shopwire.pipelines.clean import clean
from shopwire.pipelines.dates import find_dates
from shopwire.pipelines.document import UnreadableError, decode, is_plain_text, parse
from shopwire.pipelines.extract import Body, extract_body
from shopwire.pipelines.fingerprint import text_hash
from shopwire.pipelines.gate import judge
from shopwire.pipelines.language import detect_language
from shopwire.pipelines.meta import Meta, read_meta
from shopwire.pipelines.plain import own_headline, plain_lines
from shopwire.pipelines.title import find_title
from shopwire.pipelines.visible import visible_lines
from shopwire.spiders.page import Page

EXTRACTOR = "shopwire 1"
NO_LINES: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Reading:
    """A page as far as it is read: the tree (None for a plain text), what it declares, its visible
    lines and its body."""

    tree: html.HtmlElement | None
    meta: Meta
    seen: list[str]
    body: Body


def refine(page: Page, site_lines: frozenset[int] = NO_LINES) -> Article | Refusal:
    """The article of a page, or the reason why it holds none.

    `site_lines` are hashes (see `clean.line_hash`) of lines known to repeat over unrelated articles
    of the site. Never raises for what stands in a page.
    """
    try:
        reading = _read(page)
    except UnreadableError as error:
        return Refusal(page.url, "bad_html", str(error))
    return _compose(page, reading, site_lines)


def _read(page: Page) -> _Reading:
    if is_plain_text(page.body, page.content_type):
        lines = plain_lines(decode(page.body, page.content_type))
        return _Reading(None, Meta(), lines, Body(lines))
    tree = parse(page.body, page.content_type)
    return _Reading(tree, read_meta(tree), visible_lines(tree), extract_body(tree, page.url))


def _compose(page: Page, reading: _Reading, site_lines: frozenset[int]) -> Article | Refusal:
    """Put together what the steps say of a page."""
    meta, seen, body = reading.meta, reading.seen, reading.body
    title = find_title(meta, seen, page.url, page.listed.title)
    headline = own_headline(seen, title) if reading.tree is None else title
    text = "\n".join(clean(body.lines, headline, site_lines))
    if refused := judge(title, text, body):
        return Refusal(page.url, *refused)
    language = detect_language(text, title)
    byline = find_byline(meta, seen, title=title, url=page.url, language=language)
    dates = find_dates(
        reading.tree,
        meta,
        seen,
        url=page.url,
        fetched=page.fetched,
        title=title,
        listed_published=page.listed.published,
        language=language,
    )
    return Article(
        url=page.url,
        source=page.source,
        title=title,
        text=text,
        language=language,
        fetched=page.fetched.isoformat(),
        extractor=EXTRACTOR,
        text_hash=text_hash(text),
        author=byline.author or page.listed.author,
        editor=byline.editor,
        origin=byline.origin,
        published=dates.published,
        published_from=dates.published_from,
        updated=dates.updated,
        tags=byline.tags,
        views=byline.counts.views,
        comments=byline.counts.comments,
        likes=byline.counts.likes,
        image=byline.image,
    )
