"""How often a page says that it was viewed, commented on and liked."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from shopwire.pipelines.metadata.person_names import SHORT
from shopwire.pipelines.nlp.number_words import SCALES, YEAR
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.storage.text.characters import SENTENCE_ENDS

# Lines of a byline, the headline's neighbourhood.
HEAD_LINES = 24
# More than this is no count of people.
MOST = 10**12

DIGIT = re.compile(r"\d")
COUNT = r"(?P<count>\d[\d,]{0,11}+(?:\.\d{1,2})?+)"
SCALE = r"(?P<scale>[万萬亿億]|[wk]\b)?"

VIEWS = re.compile(
    r"(?:浏览|瀏覽|阅读|閱讀|点击|點擊|访问|人气|查看|\bviews?|\breads?|\bhits)(?:次数|人数|量|数|了)?\s?[:：(（]?\s?"
    rf"{COUNT}(?![-/:年])\s?{SCALE}",
    re.IGNORECASE,
)
VIEWED = re.compile(
    rf"(?<![\d.,]){COUNT}\s?{SCALE}\+?\s?"
    r"(?:次|人)?\s?(?:浏览|瀏覽|阅读|閱讀|点击|點擊|views?\b|reads\b)(?!\s?[:：])",
    re.IGNORECASE,
)
COMMENTS = r"评论|評論|留言|跟帖|回复|回覆|comments?|replies|responses"
LIKES = r"点赞|點讚|點贊|赞|讚|贊|喜欢|喜歡|likes|like(?=\s?[:(])|claps|upvotes"
LIKED = r"点赞|點讚|點贊|赞|讚|贊|喜欢|喜歡|likes?|claps?|upvotes?"
LABELS = rf"{COMMENTS}|{LIKED}|浏览|瀏覽|阅读|閱讀|views?|reads?|shares?"
LETTER = r"[^\W\d_]"


def _label_first(words: str) -> re.Pattern[str]:
    """`评论(5)`, `Likes: 1.2k`: the label begins a word, and the number is no date."""
    return re.compile(
        rf"(?:(?<!{LETTER})|(?<=[次条人]))(?:{words})(?:次数|人数|量|数)?\s?[:：(（]?\s?"
        rf"{COUNT}(?![-/:年.])\s?{SCALE}\s?[条條次个人]?(?!{LETTER}|\s?{LETTER}{{3}}\s?\d|\s(?!{LABELS})[a-z])",
        re.IGNORECASE,
    )


def _count_first(words: str, behind: str = r"\s?[:：(（]?\s?\d") -> re.Pattern[str]:
    """`12 comments`, `5条评论`: a bare 2024 is the year of a date, and `3 评论(5)` a count of its own."""
    return re.compile(
        rf"(?<![\w.,:/-])(?:共有?)?(?!{YEAR}\b){COUNT}\s?{SCALE}\+?\s?(?:[条條次个個人位]\s?)?(?:{words})"
        rf"(?!{LETTER}|{behind})",
        re.IGNORECASE,
    )


# `12 likes 5 comments`: where a line begins with a count, each label follows its own.
COUNTS_FIRST = re.compile(
    rf"\W{{0,4}}\d[\d,.]{{0,12}}\s?[万萬亿億wk]?\+?\s?(?:[条條次个人]\s?)?(?:{LABELS})(?!{LETTER}|\s?[:：(（])",
    re.IGNORECASE,
)


SHOWN: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "views": (VIEWS, VIEWED),
    "comments": (_label_first(COMMENTS), _count_first(COMMENTS)),
    "likes": (_label_first(LIKES), _count_first(LIKED)),
}
AFTER_COUNT: Mapping[str, re.Pattern[str]] = {
    "views": VIEWED,
    "comments": _count_first(COMMENTS, behind=r"\s?[:：(（]"),
    "likes": _count_first(LIKED, behind=r"\s?[:：(（]"),
}
SENTENCE_END = tuple(f".…”{SENTENCE_ENDS}")

# schema.org's names of what people do with a page.
ACTIONS = {
    "viewaction": "views",
    "readaction": "views",
    "commentaction": "comments",
    "likeaction": "likes",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """None where the page does not say."""

    views: int | None = None
    comments: int | None = None
    likes: int | None = None


NOT_SAID = Counts()


def find_counts(meta: Meta, lines: Sequence[str]) -> Counts:
    """The counts of a page that declares `meta` and shows `lines` from its headline on.

    What it declares is believed first. Comments and likes are also looked for below the article, but
    only if one number stands there: the cards of other articles have theirs.
    """
    head = [line for line in lines[:HEAD_LINES] if len(line) <= 3 * SHORT and DIGIT.search(line)]
    labels = [line for line in head if not line.endswith(SENTENCE_END)]
    below = [line for line in lines[HEAD_LINES:] if len(line) <= SHORT and DIGIT.search(line)]
    declared = {kind: count for kind, count in _declared(meta) if count is not None}
    return Counts(
        views=declared.get("views", _first("views", head)),
        comments=declared.get("comments", _first_or_only("comments", labels, below)),
        likes=declared.get("likes", _first_or_only("likes", labels, below)),
    )


def _first(kind: str, lines: Iterable[str]) -> int | None:
    return next(_shown(kind, lines), None)


def _first_or_only(kind: str, head: Sequence[str], below: Sequence[str]) -> int | None:
    first = _first(kind, head)
    if first is not None:
        return first
    others = set(_shown(kind, (line for line in below if not line.endswith(SENTENCE_END))))
    return others.pop() if len(others) == 1 else None


def _shown(kind: str, lines: Iterable[str]) -> Iterator[int]:
    counts_first: list[str] = []
    others: list[str] = []
    for line in lines:
        (counts_first if COUNTS_FIRST.match(line) else others).append(line)
    wanted = [(AFTER_COUNT[kind], counts_first), *((one, others) for one in SHOWN[kind])]
    for pattern, where in wanted:
        for match in filter(None, map(pattern.search, where)):
            number = float(match["count"].replace(",", ""))
            count = round(number * SCALES.get((match["scale"] or "").lower(), 1))
            if count <= MOST:
                yield count


def _declared(meta: Meta) -> Iterator[tuple[str, int | None]]:
    """JSON-LD's `commentCount` and `interactionStatistic`, the best node last."""
    nodes = chain.from_iterable(map(_listed, meta.stated("interactionStatistic")))
    counters = [node for node in nodes if isinstance(node, dict)]
    for counter in reversed(counters):
        action = counter.get("interactionType")
        name = action.get("@type") if isinstance(action, dict) else action
        kind = ACTIONS.get(str(name).rpartition("/")[2].lower())
        if kind:
            yield kind, _whole(counter.get("userInteractionCount"))
    for value in reversed(list(meta.stated("commentCount"))):
        yield "comments", _whole(value)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _whole(value: object) -> int | None:
    text = str(value).replace(",", "")
    return int(text) if len(text) <= 12 and text.isascii() and text.isdigit() else None
