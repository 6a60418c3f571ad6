"""What storing an article needs to know of its text, found without the store.

It takes longer than all that the store does with it, so it is done in the worker process that
extracts the page, and travels beside the article.
"""

from dataclasses import dataclass, replace

from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.deduplication.similarity import TextFeatures, read_text_features
from shopwire.pipelines.nlp.mentions import Notes, take_notes
from shopwire.pipelines.stories.event_similarity import (
    EventFeatures,
    get_day_number,
    read_event_features,
)


@dataclass(frozen=True, slots=True)
class Analysis:
    """Features of a text: `event` to find its story, `text` to find its duplicates, and its mentions."""

    event: EventFeatures
    text: TextFeatures
    mentions: Notes


@dataclass(frozen=True, slots=True)
class Processed:
    """What a page came to, and the analysis of the article where one was made."""

    result: Article | Refusal
    analysis: Analysis | None = None


def analyze_text(title: str, text: str, language: str, seen: str) -> Analysis:
    """Return the analysis of an article that was published, or else fetched, at `seen` (ISO 8601)."""
    event = read_event_features(title, text, language, get_day_number(seen))
    return Analysis(event, read_text_features(text), take_notes(title, text, event.marks))


def analyze_article(article: Article) -> Analysis:
    """Return the analysis of an article."""
    return analyze_text(article.title, article.text, article.language, _get_seen(article))


def set_day(analysis: Analysis, article: Article) -> Analysis:
    """Return the analysis of an article's text with the day of the article."""
    day = get_day_number(_get_seen(article))
    return replace(analysis, event=replace(analysis.event, day=day))


def _get_seen(article: Article) -> str:
    return article.published or article.fetched
