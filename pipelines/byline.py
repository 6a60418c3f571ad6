"""Who wrote an article, who edited it, where it first stood, and what else its byline says."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import chain, pairwise
from urllib.parse import urljoin

from shopwire.pipelines.byline_words import (
    AUTHOR,
    BESIDE_CLOCK,
    BRACKETED,
    BY,
    COMMON_SURNAMES,
    DATED,
    DOUBLE_SURNAMES,
    EDITOR,
    EN_BY,
    EN_EDITOR,
    EN_FIRST,
    EN_SOURCE,
    EN_STOP,
    JUNK,
    NO_TAG,
    NOBODY,
    OFFICES,
    ORIGIN,
    OUTLET,
    PERSON,
    REPORTER,
    REPORTER_ASIDE,
    REPORTER_LINE,
    REPORTS,
    SCALES,
    SIGNED,
    STOP,
    SURNAMES,
    TAGS,
    VIEWED,
    VIEWS,
    WORDS_AFTER,
    WORDS_BY,
)
from shopwire.pipelines.meta import Mark, Meta, clean, texts
from shopwire.pipelines.title import fold, site_names

HAN = re.compile("[\u4e00-\u9fff]")
LONGEST_NAME, LONGEST_ORIGIN, LONGEST_TAG = 60, 40, 40
HEAD, TAIL, SHORT = 240, 80, 60
"""Characters at the start and end of a line that may hold a byline; a short line is all of one."""

UNDER_HEADLINE, CLOSE = 14, 400
"""Lines after a headline that may hold its byline; elements after it that may be named for one."""

MOST_LINES, MOST_TAGS, MOST_AUTHORS = 1_500, 20, 12

AUTHOR_NAMES = (
    "citation_author",
    "citation_authors",
    "parsely-author",
    "sailthru.author",
    "byl",
    "author",
    "article:author",
    "og:article:author",
    "dc.creator",
    "dcterms.creator",
    "cxenseparse:author",
    "article:author_name",
    "creator",
)
ORIGIN_NAMES = ("source", "contentsource", "article:source", "og:source", "mediaid", "dc.source")


@dataclass(frozen=True, slots=True)
class Byline:
    """Names as the page writes them, "" or None where it names nobody.

    Several authors stand in one text, Chinese names parted by 、 and others by commas. `origin`
    is the medium an article was taken over from.
    """

    author: str = ""
    editor: str = ""
    origin: str = ""
    tags: tuple[str, ...] = ()
    views: int | None = None
    image: str = ""


def find_byline(
    meta: Meta, lines: Sequence[str], *, title: str = "", url: str = "", language: str = ""
) -> Byline:
    """Read the byline of a page, or of a plain text whose `Meta` is empty.

    `lines` are the visible ones, `title` the headline found, `url` resolves the image. Chinese
    pages name people in labelled lines and put their own name into the meta tags, so there the
    lines come first; elsewhere the declared authors do.
    """
    chinese = language == "zh"
    near = list(_from_title(lines, title))
    editor, editors_outlet = _editor(near)
    origin = editors_outlet or _origin(near, meta, chinese)
    sites = site_names(meta, url)
    if chinese:
        authors = _chinese_authors(near, meta, sites | {fold(origin)})
    else:
        authors = _western_authors(near, meta, sites)
    if chinese and not authors and is_chinese_name(origin) and origin[0] in COMMON_SURNAMES:
        authors, origin = [origin], ""
    return Byline(
        author=("、" if chinese else ", ").join(authors),
        editor=editor,
        origin=origin,
        tags=_tags(near, meta),
        views=_views(near),
        image=_image(meta, url),
    )


def is_chinese_name(text: str) -> bool:
    """Whether a text reads like one Chinese person: a known surname and one or two characters."""
    if not 2 <= len(text) <= 4 or not all(map(HAN.match, text)) or OUTLET.search(text):
        return False
    return text.startswith(DOUBLE_SURNAMES) or (text[0] in SURNAMES and len(text) <= 3)


def _from_title(lines: Sequence[str], title: str) -> Iterator[str]:
    """The lines from the headline on, where it stands in a line of its own; else all."""
    key = fold(title)
    start = 0
    for number, line in enumerate(lines):
        if key and len(key) <= len(line) <= 2 * len(title) and fold(line) == key:
            start = max(0, number - 3)
            break
    return iter(lines[start : start + MOST_LINES])


def _chinese_authors(lines: Sequence[str], meta: Meta, outlets: Set[str]) -> list[str]:
    """The first of the places in which Chinese pages name their authors that names anybody.

    What stands under the headline comes before what stands after the body.
    """
    head = lines[:UNDER_HEADLINE]
    places = (
        *(place(part) for part in (head, lines) for place in (_said, _bracketed, _by_words)),
        _declared_chinese(meta, outlets),
        _reporters(lines),
        _signed(lines),
    )
    first = chain(_said(head), _reporter_lines(head))
    return next((names for place in (first, *places) for names in place if names), [])


def _said(lines: Sequence[str]) -> Iterator[list[str]]:
    return _labelled(lines, AUTHOR)


def _labelled(lines: Sequence[str], label: re.Pattern[str]) -> Iterator[list[str]]:
    for line in lines:
        for text in _ends(line):
            if match := label.search(text):
                yield _people(_value(text, match.end()))


def _ends(line: str) -> Iterator[str]:
    """The parts of a line that may hold a byline: all of a short one, both ends of a long one."""
    yield line[:HEAD]
    if len(line) > HEAD:
        yield line[-TAIL:]


def _value(text: str, start: int) -> str:
    """What stands after a label, up to the next one."""
    value = text[start : start + LONGEST_NAME].lstrip(' :：|｜/／[［【(（《“"')
    value = REPORTER.sub("", value)
    end = STOP.search(value)
    return value[: end.start()].strip(" ,，、/-—·") if end else value


def _people(text: str) -> list[str]:
    """Split and check the names in a text; none when it names nobody."""
    text = REPORTER.sub("", text.strip())
    if re.fullmatch(r"[\u4e00-\u9fff]\s{1,3}[\u4e00-\u9fff]", text):
        text = "".join(text.split())
    separators = r"[\s、，,;；&/／]+" if HAN.search(text) else r"\s*[、，,;；&/／]\s*"
    names = (name.strip("*＊·.：:") for name in re.split(separators, text))
    return _named(part for name in names for part in _apart(name))


def _apart(name: str) -> list[str]:
    """Two names of two characters that stand together, as two."""
    halves = [name[:2], name[2:]]
    if len(name) == 4 and not is_chinese_name(name) and all(map(is_chinese_name, halves)):
        return halves
    return [name]


def _named(names: Iterable[str]) -> list[str]:
    """The names that name somebody, each once."""
    return [
        name
        for name in dict.fromkeys(names)
        if 2 <= len(name) <= LONGEST_NAME and not NOBODY.fullmatch(name) and not JUNK.search(name)
    ][:MOST_AUTHORS]


def _bracketed(lines: Sequence[str]) -> Iterator[list[str]]:
    for line in lines[:40]:
        if match := BRACKETED.search(line[:HEAD]):
            yield [name for name in _people(match["value"]) if is_chinese_name(name)]


def _by_words(lines: Sequence[str]) -> Iterator[list[str]]:
    """文/张三, 【文/观察者网专栏作者 王文】, (文/图 张三 李四), 记者张三/文."""
    for line in lines:
        for text in (line[:SHORT], line[-SHORT:] if len(line) > SHORT else ""):
            if match := WORDS_BY.search(text):
                words = match["value"] or match["plain"]
                yield _persons(re.sub(r"^.{0,16}?(?:作者|记者|撰稿人)\s?", "", words))
            elif match := WORDS_AFTER.search(text):
                yield _persons(re.sub(r"^.{0,16}记者", "", match["value"]))


def _persons(text: str) -> list[str]:
    return [name for name in _people(text) if is_chinese_name(name) or not HAN.search(name)]


def _reporters(lines: Sequence[str]) -> Iterator[list[str]]:
    """Reporters in lines of their own, then （记者 张三）beside the first or last words."""
    yield from _reporter_lines(lines)
    for line in lines:
        for text in _ends(line):
            if match := REPORTER_ASIDE.search(text):
                yield _persons(f"{match['value']} {match['more'] or ''}")


def _reporter_lines(lines: Sequence[str]) -> Iterator[list[str]]:
    """本报记者 张三 李四 as a line of its own, with the lines of the same kind that follow it."""
    names: list[str] = []
    for line in lines:
        match = None
        if len(line) <= SHORT and REPORTS.search(line):
            match = REPORTER_LINE.fullmatch(line.lstrip("□■●◆★▲（(【[*-—　 "))
        if match:
            names += _persons(match["value"])
        elif names:
            yield names
            names = []
    yield names


def _declared_chinese(meta: Meta, outlets: Set[str]) -> Iterator[list[str]]:
    """Declared authors that are people: many Chinese sites put themselves or their CMS there."""
    for names in _declared(meta):
        yield [
            name
            for name in names
            if len(name) <= 12
            and not OUTLET.search(name)
            and fold(name) not in outlets
            and not (HAN.search(name) and re.search(r"[\s：:，。]", name))
        ]


def _signed(lines: Sequence[str]) -> Iterator[list[str]]:
    """（张三）after the last sentence, as newspapers sign short reports."""
    for line in reversed(lines):
        match = SIGNED.search(line[-20:])
        if match:
            names = _people(match["value"])
            if all(map(is_chinese_name, names)):
                yield names


def _western_authors(lines: Sequence[str], meta: Meta, sites: Set[str]) -> list[str]:
    """The first place that names somebody else than the site; the site where none does."""
    site: list[str] = []
    labelled = _labelled(lines, AUTHOR)
    for names in chain(_declared(meta), _written_by(lines), _beside_the_date(lines), labelled):
        people = [name for name in names if not _is_site(name, sites)]
        if people or (names and names == site):
            return people or names
        site = site or names
    return site


def _is_site(name: str, sites: Set[str]) -> bool:
    key = fold(name)
    return key in OFFICES or any(
        site in key or (key in site and 2 * len(key) > len(site)) for site in sites if len(site) > 2
    )


def _written_by(lines: Sequence[str]) -> Iterator[list[str]]:
    for number, line in enumerate(lines):
        explicit = line[:40].lower().startswith(("written by", "authored by", "words by"))
        if len(line) <= 160 and (number < 30 or explicit) and (match := EN_BY.search(line)):
            yield [name for name in _western(match["value"]) if _capitalised(name)]


def _beside_the_date(lines: Sequence[str]) -> Iterator[list[str]]:
    """A person's name in the line before or after the date, under the headline."""
    for above, line in pairwise(lines[:16]):
        for name, other in ((above, line), (line, above)):
            if DATED.search(other[:SHORT]) and len(other) <= SHORT and PERSON.fullmatch(name):
                yield _western(name)


def _capitalised(name: str) -> bool:
    """Whether a name is written like one: not the start of a sentence, not in small letters."""
    words = name.split()
    return len(words) <= 6 and not words[0][0].islower() and not words[-1][0].islower()


def _declared(meta: Meta) -> Iterator[list[str]]:
    """Authors by JSON-LD, by meta tags, by elements that are named for them."""
    for value in meta.stated("author"):
        yield [name for text in texts(value) for name in _western(text)][:MOST_AUTHORS]
    for key in AUTHOR_NAMES:
        yield [name for text in meta.names.get(key, ()) for name in _western(text)][:MOST_AUTHORS]
    for mark in _own_marks(meta):
        yield [name for name in _western(mark.text) if _capitalised(name)]


def _own_marks(meta: Meta) -> list[Mark]:
    """The elements named for an author, nearest to the headline first.

    The same name with several texts far apart is a list: of comments, of other articles.
    """
    texts_of: dict[str, set[str]] = {}
    places: dict[str, list[int]] = {}
    marks = [mark for mark in meta.marked("author") if 2 <= len(mark.text) <= 80]
    for mark in marks:
        texts_of.setdefault(mark.name, set()).add(mark.text)
        places.setdefault(mark.name, []).append(mark.place)
    top = next((mark.place for mark in meta.marked("heading")), 0)
    own = [
        mark
        for mark in marks
        if mark.place - top < CLOSE
        and not (len(texts_of[mark.name]) > 2 and places[mark.name][-1] - places[mark.name][0] > 60)
    ]
    return sorted(own, key=lambda mark: abs(mark.place - top))[:8]


def _western(text: str) -> list[str]:
    """The names in a declared author or in the words after `by`."""
    if JUNK.search(text) and " " not in text.strip():
        return []
    text = BY.sub("", text)
    end = EN_STOP.search(text)
    names = re.split(r"\s*[,;、，；&]\s*", text[: end.start()] if end else text)
    return _named(" ".join(part.split()) for name in names for part in _both(name))


def _both(name: str) -> list[str]:
    """The two people that `and` joins, unless it stands inside the name of an office."""
    parts = re.split(r"\s+(?:and|und|et|y|e|og|och)\s+", name)
    return parts if all(1 < len(part.split()) <= 4 for part in parts) else [name]


def _editor(lines: Sequence[str]) -> tuple[str, str]:
    """The editor, and the medium where the same words name it (`editor of X: Y`)."""
    for line in lines:
        for text in _ends(line):
            if (match := EDITOR.search(text)) and (
                names := _people(re.split(r"_|\s?[A-Z]{1,4}\d{3,}", _value(text, match.end()))[0])
            ):
                return "、".join(names), ""
            if match := EN_EDITOR.search(text):
                name = re.split(r"_|\s{2}|\b[A-Z]{1,4}\d", match["value"])[0].strip(" .-")
                if len(text) <= 160:
                    return name, (match["origin"] or "").strip()
    return "", ""


def _origin(lines: Sequence[str], meta: Meta, chinese: bool) -> str:
    """The medium by a label, on Chinese pages beside the date, at last by meta tags."""
    labelled = (_origin_in(text, chinese) for line in lines for text in _ends(line))
    beside = (_beside_clock(line) for line in lines[:UNDER_HEADLINE] if chinese)
    declared = (_medium(re.sub(r"^\W*来源\W*", "", meta.first(name))) for name in ORIGIN_NAMES)
    return next(filter(None, chain(labelled, beside, declared)), "")


def _origin_in(text: str, chinese: bool) -> str:
    if match := ORIGIN.search(text):
        return _medium(_value(text, match.end()))
    if not chinese and (match := EN_FIRST.search(text) or EN_SOURCE.search(text[:120])):
        return _medium(match["value"])
    return ""


def _beside_clock(line: str) -> str:
    match = BESIDE_CLOCK.search(line) if len(line) <= SHORT else None
    medium = match["after"] or match["before"] if match else ""
    return _medium(medium) if OUTLET.search(medium) else ""


def _medium(text: str) -> str:
    text = clean(text).strip(" .,，、-—*")
    usable = 2 <= len(text) <= LONGEST_ORIGIN and not NOBODY.fullmatch(text)
    return text if usable and not JUNK.search(text) else ""


def _tags(lines: Iterable[str], meta: Meta) -> tuple[str, ...]:
    """Tags by meta tags and links, by a labelled line, at last the page's keywords."""
    declared = [*meta.names.get("article:tag", ()), *(m.text for m in meta.marked("tag"))]
    shown = (match["value"] for line in lines if (match := TAGS.match(line[:HEAD])))
    stated = [text for value in meta.stated("keywords") for text in texts(value)]
    named = [*meta.names.get("news_keywords", ()), *meta.names.get("keywords", ())]
    for texts_ in (declared, shown, stated, named):
        tags = [tag for text in texts_ for tag in _split_tags(text)]
        if tags:
            return tuple(dict.fromkeys(tags))[:MOST_TAGS]
    return ()


def _split_tags(text: str) -> list[str]:
    separators = r"[,，;；、|｜/]+|\s+" if HAN.search(text) else r"[,，;；、|｜]+"
    tags = (clean(tag).strip("# ") for tag in re.split(separators, text))
    return [tag for tag in tags if 2 <= len(tag) <= LONGEST_TAG and not NO_TAG.search(tag)]


def _views(lines: Sequence[str]) -> int | None:
    for pattern in (VIEWS, VIEWED):
        for line in lines[:40]:
            match = pattern.search(line) if len(line) <= 3 * SHORT else None
            if match:
                number = float(match["count"].replace(",", ""))
                return round(number * SCALES[(match["scale"] or "").lower()])
    return None


def _image(meta: Meta, url: str) -> str:
    declared = meta.first("og:image", "og:image:url", "twitter:image", "twitter:image:src")
    for value in (declared, *meta.stated("image"), *meta.stated("thumbnailUrl")):
        if found := _absolute(url, _address(value)):
            return found
    return ""


def _address(value: object) -> str:
    """The address in an image as JSON-LD gives it: a text, a node, or a list of either."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl")
    return value.strip() if isinstance(value, str) else ""


def _absolute(url: str, link: str) -> str:
    try:
        link = urljoin(url, link)
    except ValueError:
        return ""
    return (
        link
        if link != url and link.startswith(("http://", "https://")) and len(link) <= 2_000
        else ""
    )
