"""From bytes to text and tree: the right charset, and no parser for what would choke one."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import cast

from lxml import etree, html

from shopwire.spiders.precheck import MOST_ATTRIBUTES, has_absurd_tag

DEPTH_LIMIT = 200
"""What is nested deeper than any layout is cut off, so that recursion over a tree stays safe."""

BINARY_SIGNATURES = {
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "a RIFF medium",
    b"\x1f\x8b": "gzip data",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"Rar!": "a RAR archive",
    b"\x7fELF": "a program",
}

# What a label means in practice: the largest superset that browsers use for it
# (https://encoding.spec.whatwg.org/#names-and-labels).
CODEC_OF_LABEL = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "ks_c_5601-1987": "cp949",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "shift-jis": "cp932",
    "shift_jis": "cp932",
    "sjis": "cp932",
    "us-ascii": "cp1252",
    "x-gbk": "gb18030",
    "x-sjis": "cp932",
}
LEGACY_CODECS = ("gb18030", "big5hkscs", "cp932", "cp949", "cp1252")

# The commonest characters of each script with its punctuation: text read with the wrong codec consists
# of rare ones, so their share tells the right one.
FAMILIAR = re.compile(
    "[的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后么多然"
    "於這個國來時說們為學對過還後會發經現動開無業電從當間點長產實東進種體關見場與車將應機問題數據請網"
    "业电商平台公司市场直播发经现动开无从当间点长产实进种体关见与车将应机问题数据请网日月本新用方行"
    "、。，；：？！“”‘’（）《》【】…—–ぁ-んァ-ヶー"
    "이다는가을를의에고하지도로서한시사자기대어나인정부은들만그것해라리과수일보전있상제국스아면여장원주와으게"
    "àâäáãåæçèéêëìíîïñòóôöøùúûüßÀÄÅÇÉÈÖØÜ€]"
)
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
META_CHARSET = re.compile(
    rb"<meta[^<>]{0,300}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE
)
XML_ENCODING = re.compile(rb"^\s*<\?xml[^<>]{0,100}encoding\s*=\s*[\"']([a-zA-Z0-9_:.-]{2,40})")
HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)
CONTROLS = bytes(set(range(32)) - {0, 9, 10, 12, 13, 27})
HTML_START = re.compile(rb"\s*<(?:!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)
ANY_TAG = re.compile(rb"<(?:p|div|br|a|span|table|body|html|article|h[1-6])[\s>/]", re.IGNORECASE)

IN_HEAD = frozenset(("base", "link", "meta", "noscript", "script", "style", "template", "title"))

PARSER = html.HTMLParser(
    encoding="utf-8",
    collect_ids=False,
    remove_comments=True,
    remove_pis=True,
)
DEEPEST = etree.XPath("/*" * DEPTH_LIMIT)


class UnreadableError(ValueError):
    """Raised by `parse` and `decode`: these bytes are no text. The message is for the ledger."""


def is_plain_text(body: bytes, content_type: str) -> bool:
    """Tell a mail or a `.txt` from HTML: by the bytes first, because servers mislabel both."""
    head = body[:4096]
    if HTML_START.match(head.removeprefix(BOM_UTF8)):
        return False
    if content_type.partition(";")[0].strip().lower() == "text/plain":
        return True
    return b"\0" not in head and not ANY_TAG.search(body)


def decode(body: bytes, content_type: str = "") -> str:
    """Text of a page or a plain text in whatever charset it really is.

    The ladder: byte order mark, UTF-16 by its zero bytes, valid UTF-8 whatever anybody claims, the
    declared charset where it fits (each label as its superset, so gb2312 means GB18030), UTF-8 with
    a few broken bytes, and at last the codec that gives the most familiar characters.
    Raises `UnreadableError` for binary data.
    """
    refuse_binary(body)
    if codec := _utf16(body):
        return body.decode(codec, "replace").lstrip("\ufeff").replace("\0", "")
    body = body.removeprefix(BOM_UTF8).replace(b"\0", b"")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(body, content_type)


def parse(body: bytes, content_type: str = "") -> html.HtmlElement:
    """The tree of an HTML page, parsed once, without comments and processing instructions.

    Raises `UnreadableError` for binary data, for a tag with an absurd number of attributes (before
    any parser sees it, because libxml2 is quadratic in them) and for a page without any element.
    """
    data = decode(body, content_type).encode("utf-8", "replace")
    if has_absurd_tag(data):
        raise UnreadableError(f"one tag has more than {MOST_ATTRIBUTES:,} attributes")
    try:
        tree = html.document_fromstring(data, parser=PARSER)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableError(f"no HTML parser can read this page: {error}") from error
    for element in cast("list[html.HtmlElement]", DEEPEST(tree)):
        element[:] = []
    _part_body_from_head(tree)
    return tree


def _part_body_from_head(tree: html.HtmlElement) -> None:
    """Where `<body>` is left out, as HTML allows, libxml2 leaves `<article>` and its like in the head."""
    head = tree.find("head")
    if head is None or tree.find("body") is not None:
        return
    first = next((at for at, part in enumerate(head) if part.tag not in IN_HEAD), len(head))
    body = html.Element("body")
    body.extend(head[first:])
    tree.append(body)


def refuse_binary(body: bytes) -> None:
    """Raise `UnreadableError` where the first bytes are those of a known binary format, or where
    control characters abound."""
    for signature, what in BINARY_SIGNATURES.items():
        if body.startswith(signature):
            raise UnreadableError(f"this is {what}, not a page")
    if _utf16(body):
        return
    head = body[:8192]
    if not _utf16(body) and len(head) - len(head.translate(None, CONTROLS)) > len(head) / 50:
        raise UnreadableError("this is binary data, not a page")


def _utf16(body: bytes) -> str:
    if body.startswith(BOM_UTF16_LE):
        return "utf-16-le"
    if body.startswith(BOM_UTF16_BE):
        return "utf-16-be"
    head = body[:1024]
    if len(head) < 16:
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > len(head) / 64 and even < odd / 2:
        return "utf-16-le"
    if even > len(head) / 64 and odd < even / 2:
        return "utf-16-be"
    return ""


def _declared(body: bytes, content_type: str) -> list[str]:
    head = body[:4096]
    labels = [m[1].decode() for m in (META_CHARSET.search(head), XML_ENCODING.match(head)) if m]
    labels += [m[1] for m in [HEADER_CHARSET.search(content_type)] if m]
    return [CODEC_OF_LABEL.get(label.lower(), label.lower()) for label in labels]


def _decode_legacy(body: bytes, content_type: str) -> str:
    """What is not valid UTF-8."""
    for codec in _declared(body, content_type):
        # A western label is what servers send by default, and fits any bytes: it proves nothing.
        if codec in ("utf-8", "utf8", "cp1252") or codec.startswith("utf-16"):
            continue
        try:
            text = body.decode(codec, "replace")
        except LookupError:
            continue
        if _broken_share(text) < 0.02:
            return text
    text = body.decode("utf-8", "replace")
    if _broken_share(text) < 0.1:
        return text
    return max((body.decode(codec, "replace") for codec in LEGACY_CODECS), key=_familiarity)


def _broken_share(text: str) -> float:
    return text.count("\ufffd") / max(1, len(NOT_ASCII.findall(text)))


def _familiarity(text: str) -> float:
    others = len(NOT_ASCII.findall(text))
    return (len(FAMILIAR.findall(text)) - 3 * text.count("\ufffd")) / max(1, others)
