"""Analyzes the text of an article: finds all that storing it needs to know, without the store.

This takes longer than storing, so it is done in the worker process that extracts the page.
"""

from dataclasses import dataclass, replace

from shopwire.pipelines.article import Article
from shopwire.pipelines.deduplication.text_features import TextFeatures, read_text_features
from shopwire.pipelines.nlp.mentions import Mentions, find_mentions
from shopwire.pipelines.stories.event_features import EventFeatures, get_day_number, read_event_features


@dataclass(frozen=True, slots=True)
class Analysis:
    """The features of a text: `event` to find its story, `text` to find its duplicates, and its mentions."""

    event: EventFeatures
    text: TextFeatures
    mentions: Mentions


def analyze_text(title: str, text: str, language: str, seen: str) -> Analysis:
    """Return the analysis of an article that was published, or else fetched, at `seen` (ISO 8601)."""
    event = read_event_features(title, text, language, get_day_number(seen))
    return Analysis(event, read_text_features(text), find_mentions(title, text, event.features))


def analyze_article(article: Article) -> Analysis:
    """Return the analysis of an article."""
    return analyze_text(article.title, article.text, article.language, _get_seen(article))


def set_day(analysis: Analysis, article: Article) -> Analysis:
    """Return the analysis of a text with the day of `article`."""
    day = get_day_number(_get_seen(article))
    return replace(analysis, event=replace(analysis.event, day=day))


def _get_seen(article: Article) -> str:
    return article.published or article.fetched
