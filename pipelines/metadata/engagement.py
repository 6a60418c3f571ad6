"""Numbers of views, comments and likes that a page states."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from shopwire.pipelines.metadata.authors.person_names import SHORT_LINE
from shopwire.pipelines.nlp.number_words import SCALES, YEAR
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.storage.text.characters import SENTENCE_ENDS

# Lines of the byline, from the headline on.
BYLINE_LINES = 24
# A larger number is no count of people.
LARGEST_COUNT = 10**12

DIGIT = re.compile(r"\d")
COUNT_NUMBER = r"(?P<count>\d[\d,]{0,11}+(?:\.\d{1,2})?+)"
SCALE = r"(?P<scale>[万萬亿億]|[wk]\b)?"

VIEWS_FIRST = re.compile(
    r"(?:浏览|瀏覽|阅读|閱讀|点击|點擊|访问|人气|查看|\bviews?|\breads?|\bhits)(?:次数|人数|量|数|了)?\s?[:：(（]?\s?"
    rf"{COUNT_NUMBER}(?![-/:年])\s?{SCALE}",
    re.IGNORECASE,
)
COUNT_OF_VIEWS = re.compile(
    rf"(?<![\d.,]){COUNT_NUMBER}\s?{SCALE}\+?\s?"
    r"(?:次|人)?\s?(?:浏览|瀏覽|阅读|閱讀|点击|點擊|views?\b|reads\b)(?!\s?[:：])",
    re.IGNORECASE,
)
COMMENTS = r"评论|評論|留言|跟帖|回复|回覆|comments?|replies|responses"
LIKES = r"点赞|點讚|點贊|赞|讚|贊|喜欢|喜歡|likes|like(?=\s?[:(])|claps|upvotes"
LIKED = r"点赞|點讚|點贊|赞|讚|贊|喜欢|喜歡|likes?|claps?|upvotes?"
LABELS = rf"{COMMENTS}|{LIKED}|浏览|瀏覽|阅读|閱讀|views?|reads?|shares?"
LETTER_CLASS = r"[^\W\d_]"


def _match_label_first(words: str) -> re.Pattern[str]:
    """Return a pattern for `评论(5)`, `Likes: 1.2k`: the label begins a word, the number is no date."""
    return re.compile(
        rf"(?:(?<!{LETTER_CLASS})|(?<=[次条人]))(?:{words})(?:次数|人数|量|数)?\s?[:：(（]?\s?"
        rf"{COUNT_NUMBER}(?![-/:年.])\s?{SCALE}\s?[条條次个人]?(?!{LETTER_CLASS}|\s?{LETTER_CLASS}{{3}}\s?\d|\s(?!{LABELS})[a-z])",
        re.IGNORECASE,
    )


def _match_count_first(words: str, behind: str = r"\s?[:：(（]?\s?\d") -> re.Pattern[str]:
    """Return a pattern for `12 comments`, `5条评论`, but not for 2024 (a year) nor `3 评论(5)`."""
    return re.compile(
        rf"(?<![\w.,:/-])(?:共有?)?(?!{YEAR}\b){COUNT_NUMBER}\s?{SCALE}\+?\s?(?:[条條次个個人位]\s?)?(?:{words})"
        rf"(?!{LETTER_CLASS}|{behind})",
        re.IGNORECASE,
    )


# `12 likes 5 comments`: if a line begins with a count, each label follows its count.
COUNTS_FIRST = re.compile(
    rf"\W{{0,4}}\d[\d,.]{{0,12}}\s?[万萬亿億wk]?\+?\s?(?:[条條次个人]\s?)?(?:{LABELS})(?!{LETTER_CLASS}|\s?[:：(（])",
    re.IGNORECASE,
)


# fmt: off
COUNT_WORDS = (
    "浏览", "瀏覽", "阅读", "閱讀", "点击", "點擊", "访问", "人气", "查看", "评论", "評論", "留言", "跟帖",
    "回复", "回覆", "赞", "讚", "贊", "喜欢", "喜歡", "view", "read", "hits", "comment", "replies",
    "responses", "like", "clap", "upvote",
)
# fmt: on
"""One of them is in lower case in each line that states a count; looking for them costs less."""

COUNT_PATTERNS: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "views": (VIEWS_FIRST, COUNT_OF_VIEWS),
    "comments": (_match_label_first(COMMENTS), _match_count_first(COMMENTS)),
    "likes": (_match_label_first(LIKES), _match_count_first(LIKED)),
}
LABEL_AFTER_COUNT: Mapping[str, re.Pattern[str]] = {
    "views": COUNT_OF_VIEWS,
    "comments": _match_count_first(COMMENTS, behind=r"\s?[:：(（]"),
    "likes": _match_count_first(LIKED, behind=r"\s?[:：(（]"),
}
ENDS_OF_SENTENCES = tuple(f".…”{SENTENCE_ENDS}")

# schema.org types of interactions.
ACTIONS = {
    "viewaction": "views",
    "readaction": "views",
    "commentaction": "comments",
    "likeaction": "likes",
}


@dataclass(frozen=True, slots=True)
class Engagement:
    """Numbers of views, comments and likes, None if the page does not state them."""

    views: int | None = None
    comments: int | None = None
    likes: int | None = None


NO_ENGAGEMENT = Engagement()


def find_engagement(meta: Meta, lines: Sequence[str]) -> Engagement:
    """Return the engagement of a page with `meta` and the visible `lines` from its headline on.

    Declared numbers come first. Comments and likes are also searched below the article, if only one number
    is there: teasers of other articles have their own.
    """
    head = [line for line in lines[:BYLINE_LINES] if len(line) <= 3 * SHORT_LINE and _may_count(line)]
    labels = [line for line in head if not line.endswith(ENDS_OF_SENTENCES)]
    below = [line for line in lines[BYLINE_LINES:] if len(line) <= SHORT_LINE and _may_count(line)]
    declared = {kind: count for kind, count in _find_declared(meta) if count is not None}
    return Engagement(
        views=declared.get("views", _find_first("views", head)),
        comments=declared.get("comments", _find_first_or_only("comments", labels, below)),
        likes=declared.get("likes", _find_first_or_only("likes", labels, below)),
    )


def _may_count(line: str) -> bool:
    return DIGIT.search(line) is not None and any(map(line.lower().__contains__, COUNT_WORDS))


def _find_first(kind: str, lines: Iterable[str]) -> int | None:
    return next(_find_shown(kind, lines), None)


def _find_first_or_only(kind: str, head: Sequence[str], below: Sequence[str]) -> int | None:
    first = _find_first(kind, head)
    if first is not None:
        return first
    others = set(_find_shown(kind, (line for line in below if not line.endswith(ENDS_OF_SENTENCES))))
    return others.pop() if len(others) == 1 else None


def _find_shown(kind: str, lines: Iterable[str]) -> Iterator[int]:
    counts_first: list[str] = []
    others: list[str] = []
    for line in lines:
        (counts_first if COUNTS_FIRST.match(line) else others).append(line)
    wanted = [
        (LABEL_AFTER_COUNT[kind], counts_first),
        *((one, others) for one in COUNT_PATTERNS[kind]),
    ]
    for pattern, where in wanted:
        for match in filter(None, map(pattern.search, where)):
            number = float(match["count"].replace(",", ""))
            count = round(number * SCALES.get((match["scale"] or "").lower(), 1))
            if count <= LARGEST_COUNT:
                yield count


def _find_declared(meta: Meta) -> Iterator[tuple[str, int | None]]:
    """Yield the numbers in `interactionStatistic` and `commentCount` of JSON-LD, the best node last."""
    nodes = chain.from_iterable(map(_as_list, meta.find_values("interactionStatistic")))
    counters = [node for node in nodes if isinstance(node, dict)]
    for counter in reversed(counters):
        action = counter.get("interactionType")
        name = action.get("@type") if isinstance(action, dict) else action
        kind = ACTIONS.get(str(name).rpartition("/")[2].lower())
        if kind:
            yield kind, _parse_count(counter.get("userInteractionCount"))
    for value in reversed(list(meta.find_values("commentCount"))):
        yield "comments", _parse_count(value)


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _parse_count(value: object) -> int | None:
    text = str(value).replace(",", "")
    return int(text) if len(text) <= 12 and text.isascii() and text.isdigit() else None
