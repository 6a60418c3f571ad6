"""Read the newsroom's articles: one text file each, `articles/<site>/<slug>.txt`.

A file is a head of `key: value` lines, an empty line, then the body, one paragraph a line:

    ## a heading          ! a picture's caption          << site/slug   (another file's whole body)

`slug.edition2.txt` replaces `slug.txt` from edition 2 on; an article with `edition: 2` in its head is
not published before. Keys: `Article` below.

The demo's articles are a few days old on whatever day it runs: `days_ago` is that age, and replaces the day
of `date` where `load` is given a day. An article without it, such as the five seeds, has its date always.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

ARTICLES = Path(__file__).parent / "articles"
PATH_DATE = re.compile("^/20[0-9]{2}/[0-9]{2}([0-9]{2})?/")


@dataclass(frozen=True)
class Article:
    """One article as its editor wrote it; `path` begins with a slash, dates have a time zone."""

    site: str
    slug: str
    path: str
    title: str
    body: tuple[str, ...]
    published: datetime | None = None
    updated: datetime | None = None
    author: str = ""
    origin: str = ""
    editor: str = ""
    tags: tuple[str, ...] = ()
    views: int = 0
    edition: int = 1
    days_ago: int = 0
    template: str = "article"
    redirect: str = ""
    charset: str = "utf-8"
    claims: str = ""  # the charset in the HTTP header, where it is wrong

    @property
    def modified(self) -> datetime | None:
        """The time of the last change, None if the site does not publish it."""
        return self.updated or self.published

    @property
    def readable(self) -> bool:
        """Whether the page has the text, and is not a login form, an error or a redirect."""
        return bool(self.body)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the body: headings without their mark, no picture captions."""
        return tuple(line.removeprefix("## ") for line in self.body if not line.startswith("! "))

    @property
    def summary(self) -> str:
        """The first paragraph."""
        return next((line for line in self.body if not re.match("(##|!) ", line)), "")


def load(site: str, edition: int, day: date | None = None) -> list[Article]:
    """Return the articles that `site` publishes in `edition`, newest first, undated ones last.

    With a day, articles that have `days_ago` are dated so many days before it.
    """
    newest: dict[str, Article] = {}
    for path in sorted((ARTICLES / site).glob("*.txt")):
        article = read(path)
        held = newest.get(article.slug)
        if article.edition <= edition and (held is None or article.edition > held.edition):
            newest[article.slug] = article
    dated = [move_date(article, day) if day else article for article in newest.values()]
    return sorted(dated, key=_newest_first)


def move_date(article: Article, day: date) -> Article:
    """Return the article, published `days_ago` before the day, at its own hour; its path has that date too.

    A correction is made on the day before. An article without `days_ago` is returned as it is.
    """
    if not (article.days_ago and article.published):
        return article
    published = _set_day(article.published, day - timedelta(days=article.days_ago))
    return replace(
        article,
        path=PATH_DATE.sub(
            lambda found: f"{published:{'/%Y/%m%d/' if found[1] else '/%Y/%m/'}}", article.path
        ),
        published=published,
        updated=article.updated and _set_day(article.updated, day - timedelta(days=1)),
    )


def _set_day(time: datetime, day: date) -> datetime:
    return time.replace(year=day.year, month=day.month, day=day.day)


@cache
def read(path: Path) -> Article:
    """Return the article of a file. Raises `ValueError` for a head line without a colon."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    fields = {}
    for line in head.splitlines():
        key, colon, value = line.partition(": ")
        if not colon:
            raise ValueError(f"{path.name}: no 'key: value' in {line!r}")
        fields[key] = value
    slug, _, edition = path.stem.partition(".edition")
    return Article(
        site=path.parent.name,
        slug=slug,
        path=fields["path"],
        title=fields["title"],
        body=tuple(_lines(body)),
        published=_time(fields.get("date")),
        updated=_time(fields.get("updated")),
        author=fields.get("author", ""),
        origin=fields.get("origin", ""),
        editor=fields.get("editor", ""),
        tags=tuple(fields["tags"].split(", ")) if "tags" in fields else (),
        views=int(fields.get("views", "0")),
        edition=int(edition or fields.get("edition", "1")),
        days_ago=int(fields.get("days_ago", "0")),
        template=fields.get("template", "article"),
        redirect=fields.get("redirect", ""),
        charset=fields.get("charset", "utf-8"),
        claims=fields.get("claims", ""),
    )


def _lines(body: str) -> list[str]:
    lines: list[str] = []
    for line in filter(None, map(str.strip, body.splitlines())):
        if line.startswith("<< "):
            lines += read(ARTICLES / f"{line[3:]}.txt").body
        else:
            lines.append(line)
    return lines


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _newest_first(article: Article) -> tuple[float, str]:
    return (-article.published.timestamp() if article.published else 0.0, article.path)
