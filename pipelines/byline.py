"""Who wrote an article, who edited it, where it first stood, and what else its byline says."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from shopwire.pipelines.byline_words import (
    AUTHOR,
    BRACKETED,
    DOUBLE_SURNAMES,
    EDITOR,
    EN_BY,
    EN_EDITOR,
    EN_FIRST,
    EN_SOURCE,
    EN_STOP,
    JUNK,
    NOBODY,
    ORIGIN,
    OUTLET,
    REPORTER_ASIDE,
    REPORTER_LINE,
    SCALES,
    SIGNED,
    STOP,
    SURNAMES,
    TAGS,
    VIEWS,
    WORDS_AFTER,
    WORDS_BY,
)
from shopwire.pipelines.meta import Meta, clean, texts
from shopwire.pipelines.title import fold

HAN = re.compile("[\u4e00-\u9fff]")
LONGEST_NAME, LONGEST_ORIGIN, LONGEST_TAG = 60, 40, 40
HEAD, TAIL, SHORT = 240, 80, 60
"""Characters at the start and end of a line that may hold a byline; a short line is all of one."""

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
    authors = _chinese_authors(near, meta) if chinese else _western_authors(near, meta)
    if chinese and not authors and is_chinese_name(origin):
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


def _chinese_authors(lines: Sequence[str], meta: Meta) -> list[str]:
    """The first of the places in which Chinese pages name their authors that names anybody."""
    for place in (
        _labelled(lines, AUTHOR),
        _bracketed(lines),
        _by_words(lines),
        _declared_chinese(meta),
        _reporters(lines),
        _signed(lines),
    ):
        for names in place:
            if names:
                return names
    return []


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
    end = STOP.search(value)
    return value[: end.start()].strip(" ,，、/-—·") if end else value


def _people(text: str) -> list[str]:
    """Split and check the names in a text; none when it names nobody."""
    text = re.sub(r"^(?:本报|本刊|见习|实习|特约|特派|首席|\S{0,8}?)记者\s{0,3}", "", text.strip())
    if re.fullmatch(r"[\u4e00-\u9fff]\s{1,3}[\u4e00-\u9fff]", text):
        text = "".join(text.split())
    separators = r"[\s、，,;；&/／]+" if HAN.search(text) else r"\s*[、，,;；&/／]\s*"
    names = [name.strip("*＊·.：:") for name in re.split(separators, text)]
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
    """本报记者 张三 李四 as a line of its own, then （记者 张三）beside the first words."""
    for line in lines:
        if len(line) <= SHORT and "记者" in line or "通讯员" in line[:SHORT]:
            stripped = line[:SHORT].lstrip("□■●◆★▲（(【[*-—　 ")
            if match := REPORTER_LINE.fullmatch(stripped):
                yield _persons(match["value"])
    for line in lines:
        for text in _ends(line):
            if match := REPORTER_ASIDE.search(text):
                yield _persons(f"{match['value']} {match['more'] or ''}")


def _declared_chinese(meta: Meta) -> Iterator[list[str]]:
    """Declared authors that are people: many Chinese sites put themselves or their CMS there."""
    outlets = {fold(text) for text in (*_publishers(meta), meta.title[-12:])}
    for names in _declared(meta):
        yield [
            name
            for name in names
            if len(name) <= 12 and not OUTLET.search(name) and fold(name) not in outlets
        ]


def _signed(lines: Sequence[str]) -> Iterator[list[str]]:
    """（张三）at the end of a paragraph, as newspapers sign short reports; the last one counts."""
    for line in reversed(lines):
        text = line[-16:]
        match = SIGNED.search(text)
        if match and match.end() == len(text):
            names = _people(match["value"])
            if names and all(map(is_chinese_name, names)):
                yield names


def _western_authors(lines: Sequence[str], meta: Meta) -> list[str]:
    for names in (*_declared(meta), *_written_by(lines)):
        if names:
            return names
    return next((names for names in _labelled(lines, AUTHOR) if names), [])


def _written_by(lines: Sequence[str]) -> Iterator[list[str]]:
    for line in lines[:60]:
        if len(line) <= 160 and (match := EN_BY.search(line)):
            end = EN_STOP.search(match["value"])
            yield _western(match["value"][: end.start()] if end else match["value"])


def _declared(meta: Meta) -> Iterator[list[str]]:
    """Authors by JSON-LD, by meta tags, by elements that are named for them."""
    for value in meta.stated("author"):
        yield [name for text in texts(value) for name in _western(text)][:MOST_AUTHORS]
    for key in AUTHOR_NAMES:
        yield [name for text in meta.names.get(key, ()) for name in _western(text)][:MOST_AUTHORS]
    for mark in meta.marked("author")[:8]:
        if len(mark.text) <= 80:
            yield _western(mark.text)


def _western(text: str) -> list[str]:
    text = re.sub(
        r"^\s*(?:written |posted )?(?:by|von|par|por|di|av|door)[:\s]\s*", "", text, flags=re.I
    )
    text = re.split(r"\s[|–—]\s|\s-\s|\n", text)[0]
    names = re.split(r"\s*[,;、，；&]\s*|\s+(?:and|und|et|y|e|og|och)\s+", text)
    return [
        name
        for name in dict.fromkeys(" ".join(name.split()) for name in names)
        if 2 <= len(name) <= LONGEST_NAME and not NOBODY.fullmatch(name) and not JUNK.search(name)
    ]


def _publishers(meta: Meta) -> Iterator[str]:
    yield from meta.names.get("og:site_name", ())
    yield from (name for value in meta.stated("publisher") for name in texts(value))


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
    for line in lines:
        for text in _ends(line):
            match = ORIGIN.search(text)
            if match and (found := _medium(_value(text, match.end()))):
                return found
            western = EN_FIRST.search(text) or EN_SOURCE.search(text[:120])
            if western and not chinese and (found := _medium(western["value"])):
                return found
    declared = (re.sub(r"^\W*来源\W*", "", meta.first(name)) for name in ORIGIN_NAMES)
    return next((found for text in declared if (found := _medium(text))), "")


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
    return [tag for tag in tags if 2 <= len(tag) <= LONGEST_TAG]


def _views(lines: Sequence[str]) -> int | None:
    for line in lines[:30]:
        match = VIEWS.search(line) if len(line) <= SHORT * 3 else None
        if match:
            number = (match["count"] or match["before"]).replace(",", "")
            scale = (match["scale"] or match["size"] or "").lower()
            return round(float(number) * SCALES[scale])
    return None


def _image(meta: Meta, url: str) -> str:
    declared = meta.first("og:image", "og:image:url", "twitter:image", "twitter:image:src")
    for value in (declared, *meta.stated("image"), *meta.stated("thumbnailUrl")):
        while isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl")
        if isinstance(value, str) and (found := _absolute(url, value.strip())):
            return found
    return ""


def _absolute(url: str, link: str) -> str:
    try:
        link = urljoin(url, link)
    except ValueError:
        return ""
    return link if link.startswith(("http://", "https://")) and len(link) <= 2_000 else ""
