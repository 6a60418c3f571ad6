"""Headline of a page, without the names of site and section."""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import islice, pairwise

from shopwire.pipelines.extraction.boilerplate import is_sentence
from shopwire.pipelines.metadata.site_names import (
    NOT_A_HEADLINE,
    TITLE_SEPARATOR,
    is_long_name,
    list_site_names,
    trim_site,
)
from shopwire.pipelines.nlp.number_words import DATE_START
from shopwire.pipelines.parsing.json_ld import list_texts
from shopwire.pipelines.parsing.meta_lines import is_meta_line
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.pipelines.parsing.visible_text import clean_line
from shopwire.storage.text.characters import HAN_CHARACTER
from shopwire.storage.text.folding import fold, fold_case

LONGEST_TITLE = 300
"""Characters of a headline; a longer one is cut."""

HEADLINE_LINES = 600
"""Number of visible lines among which a headline is searched; some sites begin with long menus."""

HEADING, SHARE_TITLE, HEADLINE, TITLE, LISTED, OTHER_TITLE = 4.0, 9.0, 2.0, 1.5, 1.5, 1.0
"""Weight of each place; the weights of places that agree are added. An og:title that differs from <title>
and is shown next to the h1 outweighs all others; one that is not shown was written for social media."""

NEAR_HEADING, BELOW_HEADING = 40, 2
"""Lines below the h1 that may show another headline, and that may be its dateline."""

MIN_PARAGRAPH = 80
"""Characters of a line below the h1 that is the text of the article."""

KICKER_END = re.compile(rf"[:：]\s?|{TITLE_SEPARATOR.pattern}")
"""The end of a kicker, which stands before the headline and names its subject."""

LONGEST_KICKER = 36

BREADCRUMB = re.compile(
    r"(?:当前|您|你)?(?:所在|现在|的)*位置|首页\s?[>›»]|(?:current|your) location|you are here"
    r"|(?:[^>]{1,40}\s?[>›»]\s?){2}",
    re.IGNORECASE,
)
DATELINE_START = re.compile(
    r"(?:发布|来源|时间|日期|作者|浏览|published|posted)[^:：]{0,4}[:：]"
    rf"|^[^\d]{{0,20}}{DATE_START}|^\d{{1,2}}\s?(?:分钟|小时|天)前|^文\s?[|｜/／丨]|^by\s",
    re.IGNORECASE,
)


def find_title(meta: Meta, lines: Sequence[str], url: str, listed_title: str = "") -> str:
    """Return the headline of a page, "" without one.

    `lines` are the visible lines of the page or plain text; without other evidence the first is the headline.
    Equal titles in h1, og:title, JSON-LD, <title> and the listing support each other. A visible line shows
    where the suffix of a <title> begins.
    """
    sites = list_site_names(meta, url)
    votes: dict[str, float] = {}
    spelled: dict[str, str] = {}
    for weight, text in _list_candidates(meta, lines, sites, trim_site(clean_line(listed_title), sites)):
        key = fold(text)
        if key and key not in sites and not NOT_A_HEADLINE.fullmatch(text):
            votes[key] = votes.get(key, 0.0) + weight
            spelled.setdefault(key, text)
    best = max(votes, key=lambda key: votes[key], default="")
    if best and votes[best] > TITLE:
        return _shorten(spelled[best])
    above = _find_line_above_dateline(lines)
    # A short title that no other place supports is the name of the site.
    if best and (len(above) < 2 * len(best) or _is_similar(above, spelled[best])):
        return _shorten(spelled[best])
    return _shorten(above or _find_first_line(lines))


def _list_candidates(
    meta: Meta, lines: Sequence[str], sites: frozenset[str], listed: str
) -> Iterator[tuple[float, str]]:
    """Yield the weight and text of each title of a page, without the name of the site."""
    first = next(meta.find_values("headline"), None)
    headlines = [trim_site(text, sites) for text in list_texts(first)[:1]]
    title, shared = trim_site(meta.title, sites), trim_site(meta.find_tag("og:title"), sites)
    elements = meta.list_elements("heading")[:6]
    headings = [_cut_kicker(trim_site(element.text, sites), (shared, title)) for element in elements]
    headings = list(dict.fromkeys(headings))
    title = _cut_to_visible(title, headings, lines)
    for heading in headings:
        own = _is_similar(heading, title) or _is_above_text(heading, lines, (title, shared))
        yield (HEADING if own else OTHER_TITLE), heading
    shared = _cut_to_visible(shared, headings, lines)
    if fold(shared) == fold(title):
        yield OTHER_TITLE, shared
    elif not any(_is_cut_at_quote(shared, whole) for whole in (*headings, title)):
        shown = _find_shown(shared, headings, lines)
        with_kicker = fold(shared) in map(fold, headlines)
        yield _weigh_shared(shared, title, shown, meta, sites), shared if with_kicker else shown or shared
    for headline in headlines:
        yield HEADLINE, headline
    yield TITLE, title
    yield LISTED, listed
    other = meta.find_tag("citation_title", "dc.title", "articletitle", "twitter:title", "title")
    yield OTHER_TITLE, trim_site(other, sites)


def _weigh_shared(shared: str, title: str, shown: str, meta: Meta, sites: frozenset[str]) -> float:
    """Return the weight of an og:title that differs from <title> and that the page shows as `shown`."""
    key, whole = fold(shared), fold(meta.find_tag("og:title"))
    slogan = any(len(site) > 3 and (site in key or whole.startswith(site)) for site in sites)
    if slogan and not _is_similar(shared, title):
        return OTHER_TITLE
    for_social_media = key == fold(trim_site(meta.find_tag("twitter:title"), sites))
    return HEADLINE if for_social_media and not shown else SHARE_TITLE


def _cut_kicker(heading: str, declared: Sequence[str]) -> str:
    """Return a heading without its kicker: a declared title is the rest, or has another kicker before it."""
    key = fold(heading)
    if key in map(fold, declared):
        return heading
    for text in declared:
        if len(text) >= max(len(heading) - LONGEST_KICKER, 6) and key.endswith(fold(text)):
            return text
    rests = {fold(rest) for text in declared for rest in _list_rests(text)}
    return next((rest for rest in _list_rests(heading) if fold(rest) in rests), heading)


def _list_rests(title: str) -> list[str]:
    """Return what follows each possible kicker of a title and is most of it."""
    rests = (title[match.end() :] for match in KICKER_END.finditer(title))
    return [rest for rest in rests if len(rest) >= max(len(title) - LONGEST_KICKER, 6)]


def _cut_to_visible(title: str, headings: Sequence[str], lines: Sequence[str]) -> str:
    """Return the part of a title that a heading shows, or a visible line that is most of it."""
    separators = list(TITLE_SEPARATOR.finditer(title))
    tails = {fold(title[separator.end() :]) for separator in separators}
    parts = tails | {fold(title[: separator.start()]) for separator in separators}
    for heading in headings:
        if len(heading) >= 4 and fold(heading) in parts:
            ends = [(title[: one.start()], title[one.end() :]) for one in separators]
            others = [
                other
                for end in (*ends, *(end[::-1] for end in ends))
                for section, other in [end]
                if fold(section) == fold(heading)
            ]
            return _find_headline_of_section(others, heading, lines) or heading
    return _find_visible_line(title, tails, lines) or title


def _find_headline_of_section(others: Sequence[str], section: str, lines: Sequence[str]) -> str:
    """Return the long part of a title beside a section's name in the h1 that a line shows."""
    shown = {fold(line) for line in lines[:HEADLINE_LINES]} if others else set()
    return next((part for part in others if len(part) > 2 * len(section) and fold(part) in shown), "")


def _find_visible_line(title: str, tails: Set[str], lines: Sequence[str]) -> str:
    """Return the longest line that begins a title or ends it after a separator, "" without one."""
    whole = fold(title)
    least = max(0.6 * len(whole), 6)
    best = ""
    for line in lines[:HEADLINE_LINES]:
        if least <= len(line) <= len(title) + 20 and len(line) > len(best):
            key = fold(line)
            if len(key) >= least and (whole.startswith(key) or key in tails):
                best = line
    return best


def _find_shown(shared: str, headings: Sequence[str], lines: Sequence[str]) -> str:
    """Return a title, or its rest without a kicker, if a line above or near the first heading shows it."""
    key, longest = fold(shared), len(shared) + NEAR_HEADING
    known = {fold(heading) for heading in headings}
    folded = (fold(line) if len(line) <= LONGEST_TITLE else "" for line in lines[:HEADLINE_LINES])
    near = []
    for line in folded:
        near.append(line)
        if line in known:
            near += islice(folded, NEAR_HEADING - 1)
            break
    near = [line for line in near if len(line) <= longest]
    if any(line.endswith(key) for line in near):
        return shared
    return next((rest for rest in _list_rests(shared) if fold(rest) in near), "")


def _is_above_text(heading: str, lines: Sequence[str], declared: Sequence[str]) -> bool:
    """Return whether the lines below a heading are a dateline or the text, and no declared title."""
    key, titles = fold(heading), set(map(fold, declared))
    long = is_long_name(heading)
    for number, line in enumerate(lines[:HEADLINE_LINES]):
        if len(heading) <= 3 * len(line) <= 6 * len(heading) and key.endswith(fold(line)):
            below = lines[number + 1 : number + 1 + BELOW_HEADING]
            return not any(fold(other) in titles for other in below) and any(
                (len(other) <= 120 and (DATELINE_START.search(other) or is_meta_line(other)))
                or (long and len(other) >= MIN_PARAGRAPH and is_sentence(other))
                for other in below
            )
    return False


def _is_cut_at_quote(shared: str, whole: str) -> bool:
    """Return whether an attribute ended early at an unescaped quotation mark."""
    return bool(shared) and whole.startswith(shared) and whole[len(shared) :].lstrip()[:1] == '"'


def _is_similar(one: str, other: str) -> bool:
    """Return whether two titles share words, or pairs of characters without spaces, as one subject needs."""
    first, second = (_list_units(text) for text in (one, other))
    return not second or len(first & second) >= min(3.0, 0.5 * min(len(first), len(second)))


def _list_units(title: str) -> set[str]:
    """Return the words of a title, of a Chinese title the pairs of its characters."""
    words = re.findall(r"\w+", fold_case(title))
    if HAN_CHARACTER.search(title):
        return {"".join(pair) for word in words for pair in pairwise(word)}
    return set(words)


def _find_line_above_dateline(lines: Sequence[str]) -> str:
    """Return the line above the first line with date, source or author."""
    for above, line in pairwise(lines[:HEADLINE_LINES]):
        if len(line) <= 120 and DATELINE_START.search(line):
            usable = 8 <= len(above) <= 120 and above[-1] not in "。.；;，,：:□"
            return clean_line(above) if usable and not BREADCRUMB.match(above) else ""
    return ""


def _find_first_line(lines: Sequence[str]) -> str:
    return next((text for line in lines if (text := clean_line(line)) and not BREADCRUMB.match(text)), "")


def _shorten(text: str) -> str:
    """Return one line, cut to the length of a headline."""
    text = " ".join(text[: 2 * LONGEST_TITLE].split())
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE].rstrip() + "…"
