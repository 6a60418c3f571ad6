"""The nouns that leave this room: an article, or the reason why a page is none."""

from dataclasses import dataclass, field
from typing import Literal

from shopwire.pipelines.analyze_article import Digest
from shopwire.pipelines.template import Lesson

Reason = Literal["thin", "blocked", "list_page", "not_found", "bad_html", "timeout"]


@dataclass(frozen=True, slots=True)
class Article:
    """What is left of a page once everything that is not the article is gone.

    `published` and `updated` are ISO 8601 with offset, to the minute where the page has it (a bare
    day where it has not), `published_from` says where that date stood. `language` is an ISO 639-1
    code, `und` where there is nothing to go by. `text` holds one paragraph a line, `text_hash` is
    the hash of its normalised form (see `fingerprint.text_hash`), by which exact copies meet.
    `digest` is that of its text, where it was made already, and `lesson` what its page taught, where
    it was studied.
    """

    url: str
    source: str
    title: str
    text: str
    language: str
    fetched: str
    extractor: str
    text_hash: int
    author: str = ""
    editor: str = ""
    origin: str = ""
    published: str = ""
    published_from: str = ""
    updated: str = ""
    tags: tuple[str, ...] = ()
    views: int | None = None
    comments: int | None = None
    likes: int | None = None
    image: str = ""
    digest: Digest | None = field(default=None, repr=False, compare=False)
    lesson: Lesson | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a page is not stored: a word for the ledger's `outcome`, and a sentence for people."""

    url: str
    outcome: Reason
    reason: str
