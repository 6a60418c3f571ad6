"""Extracts the article of a page by all extraction steps, without I/O."""

from dataclasses import dataclass, replace

from lxml import html

from shopwire.pipelines.article import EXTRACTOR, Article, Refusal
from shopwire.pipelines.deduplication.fingerprint import hash_text
from shopwire.pipelines.extraction.boilerplate import remove_boilerplate
from shopwire.pipelines.extraction.embedded_json import find_embedded_article
from shopwire.pipelines.extraction.main_content import Body, Engine, extract_body
from shopwire.pipelines.extraction.page_type import find_refusal
from shopwire.pipelines.extraction.plain_text import find_own_headline, split_plain_lines
from shopwire.pipelines.metadata.byline import find_byline
from shopwire.pipelines.metadata.dates.find_dates import find_dates
from shopwire.pipelines.metadata.title import find_title
from shopwire.pipelines.nlp.language import detect_language
from shopwire.pipelines.parsing.document import UnreadableError, decode_text, is_plain_text, parse_html
from shopwire.pipelines.parsing.json_ld import list_texts, rank_node
from shopwire.pipelines.parsing.meta_tags import Meta, read_meta
from shopwire.pipelines.parsing.visible_text import read_visible_lines
from shopwire.spiders.canonical_url import get_declared_url
from shopwire.spiders.page import Page
from shopwire.storage.crawl_log.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class _ParsedPage:
    """A parsed page: its tree (None for plain text), declared metadata, visible lines and body."""

    tree: html.HtmlElement | None
    meta: Meta
    visible: list[str]
    body: Body


def extract_article(page: Page, boilerplate_lines: frozenset[int] = frozenset()) -> Article | Refusal:
    """Return the article of a page, or the reason why it has none. Its URL is the one that the page declares.

    `boilerplate_lines` are hashes (see `folding.hash_line`) of lines known to repeat over the
    site. Raises nothing, whatever is in a page.
    """
    try:
        parsed = _parse_page(page)
    except UnreadableError as error:
        return Refusal(page.url, Outcome.BAD_HTML, str(error))
    return _compose_article(page, parsed, boilerplate_lines)


def _parse_page(page: Page) -> _ParsedPage:
    if is_plain_text(page.body, page.content_type):
        lines = split_plain_lines(decode_text(page.body, page.content_type))
        return _ParsedPage(None, Meta(), lines, Body(lines))
    tree = parse_html(page.body, page.content_type)
    meta, visible, body = read_meta(tree), read_visible_lines(tree), extract_body(tree, page.url)
    if body.engine is Engine.JSON:
        # The body comes from a script, so its title, author and time may be only there too.
        declared = find_embedded_article(tree).declared
        meta = replace(meta, articles=tuple(sorted((*meta.articles, declared), key=rank_node)))
        visible = [*list_texts(declared.get("headline", "")), *body.lines, *visible]
    return _ParsedPage(tree, meta, visible, body)


def _compose_article(page: Page, parsed: _ParsedPage, boilerplate_lines: frozenset[int]) -> Article | Refusal:
    """Return the article of a parsed page, or the reason why it has none."""
    meta, visible, body = parsed.meta, parsed.visible, parsed.body
    title = find_title(meta, visible, page.url, page.listed.title)
    headline = find_own_headline(visible, title) if parsed.tree is None else title
    lines = remove_boilerplate(body.lines, headline, boilerplate_lines)
    text = "\n".join(lines)
    if refused := find_refusal(title, text, body, meta, parsed.tree):
        return Refusal(page.url, *refused)
    language = detect_language(text, title)
    byline = find_byline(meta, visible, title=title, url=page.url, language=language)
    dates = find_dates(
        parsed.tree,
        meta,
        visible,
        url=page.url,
        fetched=page.fetched,
        title=title,
        listed_published=page.listed.published,
        language=language,
        zone=page.zone,
        country_zone=page.country_zone,
    )
    return Article(
        url=get_declared_url(page.url, meta.canonical),
        source=page.source,
        title=title,
        text=text,
        markdown=body.write_markdown(lines),
        language=language,
        fetched=page.fetched.isoformat(),
        extractor=EXTRACTOR,
        text_hash=hash_text(text),
        author=byline.author or page.listed.author,
        editor=byline.editor,
        origin=byline.origin,
        published=dates.published,
        published_from=dates.published_from,
        updated=dates.updated,
        tags=byline.tags,
        views=byline.engagement.views,
        comments=byline.engagement.comments,
        likes=byline.engagement.likes,
        image=byline.image,
        text_from=page.text_from,
    )
