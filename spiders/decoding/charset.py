"""Detects the charset of pages and feeds: what servers and documents declare is often wrong."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder

import webencodings

# Many pages labelled with the first contain characters of the second, its superset.
SUPERSETS = {"gbk": "gb18030"}
# Labels that are ignored: UTF-16 is detected from the bytes, and the last two are not text encodings.
NO_CHARSETS = frozenset(("utf-16le", "utf-16be", "replacement", "x-user-defined"))
LEGACY_CODECS = ("gb18030", "big5hkscs", "cp932", "cp949", "cp1252")

# The most frequent characters of each script, with its punctuation. Text decoded with the wrong codec
# consists of rare characters, so the share of these identifies the right codec.
FAMILIAR = re.compile(
    "[的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后么多然"
    "於這個國來時說們為學對過還後會發經現動開無業電從當間點長產實東進種體關見場與車將應機問題數據請網"
    "业电商平台公司市场直播发经现动开无从当间点长产实进种体关见与车将应机问题数据请网日月本新用方行"
    "、。，；：？！“”‘’（）《》【】…—–ぁ-んァ-ヶー"
    "이다는가을를의에고하지도로서한시사자기대어나인정부은들만그것해라리과수일보전있상제국스아면여장원주와으게"
    "àâäáãåæçèéêëìíîïñòóôöøùúûüßÀÄÅÇÉÈÖØÜ€]"
)
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
META_CHARSET = re.compile(rb"<meta[^<>]{0,300}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)
XML_ENCODING = re.compile(rb"^\s*<\?xml[^<>]{0,100}encoding\s*=\s*[\"']([a-zA-Z0-9_:.-]{2,40})")
HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]{2,40})", re.IGNORECASE)


def decode_bytes(body: bytes, content_type: str = "") -> str:
    """Return the text of a body in any charset; undecodable bytes become U+FFFD.

    Tried in this order: byte order mark, UTF-16 by its zero bytes, valid UTF-8 whatever is declared, the
    declared charset if it fits (as its superset: gb2312 means GB18030), UTF-8 with a few invalid bytes,
    then the codec whose result has the largest share of frequent characters.
    """
    if codec := detect_utf16(body):
        return body.decode(codec, "replace").lstrip("\ufeff").replace("\0", "")
    body = _drop_marks(body)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_detect_legacy(body, content_type), "replace")


def detect_codec(head: bytes, content_type: str = "") -> str:
    """Return the codec of a text that begins with `head`, as `decode_bytes` chooses it."""
    if codec := detect_utf16(head):
        return codec
    try:
        getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return _detect_legacy(head, content_type)
    return "utf-8"


def convert_to_utf8(body: bytes, content_type: str = "") -> bytes:
    """Return the body in UTF-8, for a parser; see `decode_bytes`."""
    plain = _drop_marks(body)
    # Nearly all pages are in UTF-8 already, and encoding takes as long as decoding.
    if not detect_utf16(body) and _is_utf8(plain):
        return plain
    return decode_bytes(body, content_type).encode()


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _drop_marks(body: bytes) -> bytes:
    """Return a body that is not in UTF-16 without its byte order mark and without zero bytes."""
    return body.removeprefix(BOM_UTF8).replace(b"\0", b"")


def detect_utf16(body: bytes) -> str:
    """Return the codec of a text in UTF-16, by its byte order mark or zero bytes; else an empty string."""
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


def _list_declared_codecs(body: bytes, content_type: str) -> list[str]:
    """Return the codecs that a body and its header declare, by the labels of
    https://encoding.spec.whatwg.org/#names-and-labels."""
    head = body[:4096]
    labels = [m[1].decode() for m in (META_CHARSET.search(head), XML_ENCODING.match(head)) if m]
    labels += [m[1] for m in [HEADER_CHARSET.search(content_type)] if m]
    known = [encoding for encoding in map(webencodings.lookup, labels) if encoding]
    codecs = [one.codec_info.name for one in known if one.name not in NO_CHARSETS]
    return [SUPERSETS.get(codec, codec) for codec in codecs]


def _detect_legacy(body: bytes, content_type: str) -> str:
    """Return the codec of a body that is not valid UTF-8."""
    for codec in _list_declared_codecs(body, content_type):
        # Servers send a western label by default, and it fits any bytes.
        if codec != "cp1252" and _measure_broken_share(body.decode(codec, "replace")) < 0.02:
            return codec
    if _measure_broken_share(body.decode("utf-8", "replace")) < 0.1:
        return "utf-8"
    return max(LEGACY_CODECS, key=lambda codec: _score_familiarity(body.decode(codec, "replace")))


def _measure_broken_share(text: str) -> float:
    return text.count("\ufffd") / max(1, len(NOT_ASCII.findall(text)))


def _score_familiarity(text: str) -> float:
    others = len(NOT_ASCII.findall(text))
    return (len(FAMILIAR.findall(text)) - 3 * text.count("\ufffd")) / max(1, others)
