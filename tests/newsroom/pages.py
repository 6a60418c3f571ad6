"""Render article and listing pages from the templates, `templates/<site>/<name>.html`.

Templates are `string.Template`s; their variables are listed in `article_page` and `list_page`.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from posixpath import dirname, relpath
from string import Template

from tests.newsroom.content import Article
from tests.newsroom.document import Document
from tests.newsroom.sites import Site

TEMPLATES = Path(__file__).parent / "templates"
RELATED = 4


def article_page(site: Site, article: Article, articles: Sequence[Article], base: str) -> Document:
    """Return the page of an article, with links to related, random and following articles."""
    others = [other for other in articles if other is not article and other.readable]
    start = articles.index(article) % max(len(others), 1)
    turned = others[start:] + others[:start]
    text = _template(site.name, article.template).substitute(
        title=_escape(article.title),
        body="\n".join(_block(site, line, number) for number, line in enumerate(article.body)),
        date=article.published.strftime(site.date) if article.published else "",
        iso=article.published.isoformat() if article.published else "",
        modified=article.modified.isoformat() if article.modified else "",
        author=_escape(article.author),
        origin=_escape(article.origin or site.origin),
        editor=_escape(article.editor),
        tags=" ".join(f'<a href="/tag/">{_escape(tag)}</a>' for tag in article.tags),
        views=article.views,
        related=_links(turned[:RELATED], article.path),
        random=_links(turned[::-1][:RELATED], article.path),
        following=_links(turned[:1], article.path),
        charset=article.charset,
        address=f"{base}{article.path}",
    )
    content_type = f"text/html; charset={article.claims or article.charset}"
    # Neighbours' titles may hold characters that an old charset lacks; a CMS writes references.
    return Document(text.encode(article.charset, "xmlcharrefreplace"), content_type)


def list_page(site: Site, articles: Sequence[Article], path: str, page: int) -> Document:
    """Return the `page`-th listing page (from 1), its links relative to `path`."""
    start = (page - 1) * site.page_size
    shown = articles[start : start + site.page_size]
    more = len(articles) > start + site.page_size
    following = _relative(site.later_pages.format(page + 1), path) if more else ""
    text = _template(site.name, "list").substitute(
        title=site.title,
        links=_links(shown, path),
        pager=f'<a class="next" href="{following}">{site.next_label}</a>' if more else "",
        page=page,
    )
    return Document(text.encode())


def directory(sites: Iterable[Site], port: int) -> Document:
    """Return the front page of bare `localhost`, with links to the sites."""
    rows = (f'<li><a href="http://{site.host}:{port}/">{site.title}</a> {site.host}</li>' for site in sites)
    return Document(f"<title>Newsroom</title><ul>{''.join(rows)}</ul>".encode())


def robots(site: Site, base: str) -> Document:
    """Return the site's robots.txt (RFC 9309)."""
    text = (TEMPLATES / site.name / "robots.txt").read_text(encoding="utf-8")
    return Document(Template(text).substitute(base=base).encode(), "text/plain; charset=utf-8")


@cache
def _template(site: str, name: str) -> Template:
    return Template((TEMPLATES / site / f"{name}.html").read_text(encoding="utf-8"))


def _block(site: Site, line: str, number: int) -> str:
    if line.startswith("## "):
        return site.heading.format(text=_escape(line[3:]))
    if line.startswith("! "):
        return site.picture.format(text=_escape(line[2:]), number=number)
    return site.paragraph.format(text=_escape(line))


def _links(articles: Iterable[Article], path: str) -> str:
    return "\n".join(
        f'<li><a href="{_relative(article.path, path)}">{_escape(article.title)}</a>'
        f"{f' <span>{article.published:%Y-%m-%d}</span>' if article.published else ''}</li>"
        for article in articles
    )


def _relative(target: str, path: str) -> str:
    return relpath(target, dirname(path))


def _escape(text: str) -> str:
    # Quotes stay as they are, so that every sentence can be found in the page's source.
    return text.replace("&", "&amp;").replace("<", "&lt;")
