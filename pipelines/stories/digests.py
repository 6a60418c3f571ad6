"""Recognises digests: issues of a series that list the news of a day or a week.

An issue has a story of its own. It shares its frame with the other issues and a sentence with each event
that it lists, and is a report of none of them: it mentions them.
"""

import re

from shopwire.pipelines.nlp.chinese import simplify_chinese
from shopwire.pipelines.stories.event_features import Profile, select_numbers
from shopwire.pipelines.stories.event_similarity import FORM_KINDS

# Lines of a list that make a text a digest, if its title names a series.
MIN_ITEMS = 3

# The share of an item's words and of its facts (both by rarity) that a report of its event has too; a report
# of an item without any fact has nearly all of its words.
MIN_WORDS, MIN_FACTS, MIN_WORDS_ALONE = 0.5, 0.5, 0.8

_SERIES = re.compile(
    r"[早晚周月]报(?:\W|$)|(?:一周|每周|本周|上周|一月|每日|今日|昨夜今晨).{0,12}"
    r"(?:汇总|要闻|回顾|盘点|速览|速递|资讯|动态|快讯|合集|大事)|第\s?[\d一二三四五六七八九十百]{1,5}\s?期"
    r"|(?:汇总|要闻|速览|盘点|合集)(?:\W|$)"
    r"|\b(?:weekly|daily|monthly|morning|evening|week(?:'s|’s)?)\b.{0,20}"
    r"\b(?:digest|round-?up|briefing|brief|recap|review|newsletter|bulletin|wrap|news)\b"
    r"|\b(?:news|retail|commerce)\s(?:digest|round-?up|briefing|recap)\b"
    r"|\b(?:the )?week (?:ahead|in|that was)\b|\bdigest\b",
    re.IGNORECASE,
)
_ITEM = re.compile(
    r"^\s{0,4}(?:[•·●▪◆■\-*–—]|\(?\d{1,2}[.、)）:：]|[一二三四五六七八九十]{1,3}[、.])\s{0,3}\S", re.MULTILINE
)
_LINE = re.compile(r"^.*\S.*$", re.MULTILINE)


def is_digest(title: str, text: str) -> bool:
    """Return whether a title names the issue of a series, and the text is a list of at least three items.

    The title of a text without one is its first line.
    """
    if not _SERIES.search(simplify_chinese(title or text.partition("\n")[0])):
        return False
    return len(_ITEM.findall(text)) >= MIN_ITEMS or len(_LINE.findall(text)) > 2 * MIN_ITEMS


def list_items(text: str) -> list[str]:
    """Return the items of a digest without their marks: the lines that have one, else all lines."""
    lines = text.split("\n")
    marked = [line[found.end() - 1 :] for line in lines if (found := _ITEM.match(line))]
    return marked if len(marked) >= MIN_ITEMS else [line for line in lines if line.strip()]


def measure_mention(item: Profile, report: Profile) -> float:
    """Return how sure it is, from 0 to 1, that an item of a digest mentions the event of a report.

    `item` is a new profile, with rarities. Where it has numbers, the report has one of them.
    """
    numbers = select_numbers(item.features)
    if numbers and numbers.isdisjoint(report.features):
        return 0.0
    words = sum(weight * weight for key, weight in item.words.items() if key in report.words)
    facts = {fact: item.rarity[fact] for fact in item.features if fact.partition(":")[0] not in FORM_KINDS}
    total = sum(facts.values())
    if not total:
        return words if words >= MIN_WORDS_ALONE else 0.0
    share = sum(rarity for fact, rarity in facts.items() if fact in report.features) / total
    return (words + share) / 2 if words >= MIN_WORDS and share >= MIN_FACTS else 0.0
