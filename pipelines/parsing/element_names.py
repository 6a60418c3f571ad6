"""Words in `class` and `id` that say what an element is for."""

import re
from functools import lru_cache
from typing import NamedTuple

from lxml.html import HtmlElement

# Words by which content management systems name what is around an article ...
# fmt: off
BOILERPLATE_NAMES = frozenset((
    "ad", "ads", "advert", "advertisement", "advertising", "affiliate", "bio", "breadcrumb",
    "breadcrumbs", "caption", "captions", "comment", "commentlist", "comments", "consent",
    "cookie", "cookies", "copyright", "crumb", "crumbs", "cta", "disqus", "factbox", "foot", "footer", "gdpr",
    "login", "menu", "modal", "nav", "navbar", "navi", "navigation", "newsletter", "newsletters",
    "optin", "outbrain", "pager", "pagination", "popup", "promo", "recirc", "recommend",
    "recommendation", "recommendations", "recommended", "references", "reflist", "related", "replies",
    "reply", "respond", "share", "sharebar", "sharing", "sidebar", "signin", "signup", "slidein", "taboola",
    "taglist", "toast", "toolbar", "trending",
))
# ... and those that name parts of an article as well, so they only count for short regions ...
MINOR_BOILERPLATE_NAMES = frozenset((
    "audio", "author", "authors", "banner", "byline", "copyright", "credit", "credits", "date",
    "datetime", "figure", "gallery", "hidden", "hot", "image", "img", "media", "meta", "photo",
    "picture", "player", "popular", "postmeta", "print", "published", "rank", "ranking", "side", "skip",
    "slide", "slider", "social", "sponsor", "sponsored", "subscribe", "subscription", "swiper", "tags",
    "teaser", "timestamp", "video",
))
# ... and those of regions that may be longer than the article of their page: comments of readers, and
# the text of consent managers.
NEVER_ARTICLE_NAMES = frozenset((
    "borlabs", "cmplz", "commentlist", "comments", "cookiebot", "didomi", "disqus", "onetrust",
    "usercentrics",
))
# fmt: on
COMMENT_NAMES = frozenset(("comment", "replies", "reply", "respond"))
SLIDER_NAMES = frozenset(("carousel", "slick", "slider", "splide", "swiper"))
IMAGE_NAMES = frozenset(("figure", "gallery", "image", "img", "media", "photo", "picture", "video"))
STATE_NAME = re.compile(
    r"(?<!\S)(?:(?:disable|enable|has|hide|is|no|not|show|with|without|category|tag|format)(?=[-_A-Z])\S*"
    r"|[a-z]++(?:[A-Z]++[a-z]++){3,}+(?!\S)"
    r"|(?:[A-Za-z0-9]++[-_]++){1,5}+(?:enabled|disabled|allowed|open|opened|closed|active|inactive|on|off)"
    r"(?!\S)|sidebar-(?:grid|layout|page|template|theme)\S*)"
)
COMPOUND = re.compile(r"\b(fact|opt|sign)[-_](box|in|up)(?![a-z])")
"""Words that content management systems write with and without a hyphen."""
NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


class NameKind(NamedTuple):
    """What the words of a `class` and an `id` say of an element; `words` is how many there are.

    `is_minor` says that it is boilerplate if it is short, `is_image` that only words for images say so.
    """

    words: int = 0
    is_boilerplate: bool = False
    is_minor: bool = False
    is_image: bool = False
    is_slider: bool = False
    is_never_article: bool = False


@lru_cache(maxsize=8192)
def classify_names(name: str) -> NameKind:
    """Return what the words of a `class` and an `id` say."""
    words = split_names(name)
    minor = words & MINOR_BOILERPLATE_NAMES
    return NameKind(
        words=len(words),
        is_boilerplate=not words.isdisjoint(BOILERPLATE_NAMES),
        is_minor=bool(minor),
        is_image=minor <= IMAGE_NAMES,
        is_slider=not words.isdisjoint(SLIDER_NAMES),
        is_never_article=not words.isdisjoint(NEVER_ARTICLE_NAMES),
    )


def split_names(name: str) -> frozenset[str]:
    """Return the words of a `class` and an `id`, camel case split, without states as `has-sidebar`."""
    words = NAME_WORD.findall(COMPOUND.sub(r"\1\2", STATE_NAME.sub(" ", name)))
    return frozenset(word.lower() for word in words)


def join_names(element: HtmlElement) -> str:
    """Return `class` and `id` of an element in one text."""
    return f"{element.get('class', '')} {element.get('id', '')}"
