"""Page in, article or refusal out: the one composition of all steps, without I/O."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from lxml import html

from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.deduplication.fingerprint import text_hash
from shopwire.pipelines.extraction.boilerplate import clean
from shopwire.pipelines.extraction.main_content import Body, body_in, extract_body
from shopwire.pipelines.extraction.page_type import judge
from shopwire.pipelines.extraction.plain_text import own_headline, plain_lines
from shopwire.pipelines.metadata.byline import find_byline
from shopwire.pipelines.metadata.dates import find_dates
from shopwire.pipelines.metadata.title import find_title
from shopwire.pipelines.nlp.language import detect_language
from shopwire.pipelines.parsing.document import UnreadableError, decode, is_plain_text, parse
from shopwire.pipelines.parsing.meta_tags import Meta, read_meta
from shopwire.pipelines.parsing.visible_text import visible_lines
from shopwire.pipelines.site import UNKNOWN, Site
from shopwire.pipelines.template import Lesson, Template, beside, stand, template_of
from shopwire.spiders.page import Page

EXTRACTOR = "shopwire 1"

FIELDS = ("title", "author", "origin", "published")
"""What the articles of a site all have or have not."""

MOST_ABOVE = 9
"""Steps above a body within which the rest of its article is looked for."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A page as far as it is read: the tree in which a date may be searched for, what it declares, its
    visible lines and its body."""

    tree: html.HtmlElement | None
    meta: Meta
    seen: list[str]
    body: Body
    is_plain: bool = False


def refine(page: Page, site: Site = UNKNOWN) -> Article | Refusal:
    """The article of a page, or the reason why it holds none. Never raises for what stands in a page.

    Where a template of its `site` fits, no more of a page is read than the part in which the article
    stands, provided that what comes out looks like the site's other articles. The article of a page
    that is to be studied brings a lesson along.
    """
    try:
        if is_plain_text(page.body, page.content_type):
            lines = plain_lines(decode(page.body, page.content_type))
            return _compose(page, _Reading(None, Meta(), lines, Body(lines), True), site.lines)
        tree = parse(page.body, page.content_type)
    except UnreadableError as error:
        return Refusal(page.url, "bad_html", str(error))
    if not site.to_study:
        for template in site.templates:
            if article := _by_template(page, tree, template, site.lines):
                return article
    reading = _read(page, tree)
    result = _compose(page, reading, site.lines)
    if site.to_study and isinstance(result, Article):
        return replace(result, lesson=_study(page, tree, result, reading.body, site))
    return result


def _read(page: Page, tree: html.HtmlElement) -> _Reading:
    return _Reading(tree, read_meta(tree), visible_lines(tree), extract_body(tree, page.url))


def _by_template(
    page: Page, tree: html.HtmlElement, template: Template, site_lines: frozenset[int]
) -> Article | None:
    """The article that stands where a template says, None where the short way is not to be trusted:
    the place is not there, says little, has more text beside it than others, or lacks a field that
    all others of the site have."""
    found = stand(tree, template)
    if found is None:
        return None
    scope, container = found
    if beside(container, template.above) > template.beside:
        return None
    body = body_in(scope, container)
    if body is None:
        return None
    # Searching for a date in the whole page is not the short way.
    reading = _Reading(None, read_meta(tree, scope), visible_lines(scope), body)
    result = _compose(page, reading, site_lines)
    if isinstance(result, Article) and template.fields <= _fields(result):
        return result
    return None


def _study(page: Page, tree: html.HtmlElement, article: Article, body: Body, site: Site) -> Lesson:
    """Find the template by which the short way leads to the same article."""
    short = {
        template: _by_template(page, tree, template, site.lines) for template in site.templates
    }
    wrong = tuple(template for template, other in short.items() if other and other != article)
    known = (template for template, other in short.items() if other == article)
    template = next(chain(known, _templates(page, tree, article, body, site)), None)
    return Lesson(template and replace(template, fields=_fields(article)), wrong)


def _templates(
    page: Page, tree: html.HtmlElement, article: Article, body: Body, site: Site
) -> Iterator[Template]:
    """Templates that lead to an article, the one first that has the least of the page read."""
    if body.container is None or body.container.tag == "body":
        return
    depth = sum(1 for _ in body.container.iterancestors())
    for above in range(min(depth, MOST_ABOVE)):
        template = template_of(body.container, above)
        if _by_template(page, tree, template, site.lines) == article:
            yield template


def _fields(article: Article) -> frozenset[str]:
    return frozenset(name for name in FIELDS if getattr(article, name))


def _compose(page: Page, reading: _Reading, site_lines: frozenset[int]) -> Article | Refusal:
    """Put together what the steps say of a page."""
    meta, seen, body = reading.meta, reading.seen, reading.body
    title = find_title(meta, seen, page.url, page.listed.title)
    headline = own_headline(seen, title) if reading.is_plain else title
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
