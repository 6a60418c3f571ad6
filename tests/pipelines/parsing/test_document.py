"""Bytes to text and tree: charsets, and what no parser may see."""

import time

import pytest

from shopwire.pipelines.parsing.document import (
    UnreadableError,
    decode_text,
    is_plain_text,
    parse_html,
)

ZH = "平台在周一公布了新的商家入驻规则，把保证金从两万元下调到五千元，淘宝与抖音的商家都在观望。"
TW = "平臺在週一公佈了新的商家進駐規則，把保證金從兩萬元下調到五千元，許多店主還在觀望。"


def page(text: str, charset: str = "") -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<html><head>{meta}<title>t</title></head><body><p>{text * 8}</p></body></html>"


@pytest.mark.parametrize(
    ("text", "really", "declared", "header"),
    [
        (ZH, "utf-8", "", "text/html"),
        (ZH, "utf-8", "gbk", "text/html; charset=gbk"),
        (ZH, "utf-8", "", "text/html; charset=ISO-8859-1"),
        (ZH, "utf-8-sig", "", "text/html"),
        (ZH, "gbk", "gbk", "text/html"),
        (ZH, "gbk", "utf-8", "text/html"),
        (ZH, "gbk", "utf-8", "text/html; charset=utf-8"),
        (ZH, "gbk", "", "text/html; charset=ISO-8859-1"),
        (ZH, "gbk", "no-such-charset", "text/html"),
        (ZH + "镕㐀", "gb18030", "gb2312", "text/html"),
        (ZH, "utf-16", "", "text/html"),
        (ZH, "utf-16-le", "", "text/html"),
        (ZH, "utf-16-be", "utf-16", "text/html"),
        (TW, "big5", "big5", "text/html"),
        (TW, "big5", "utf-8", "text/html"),
        (TW, "big5hkscs", "", "text/html"),
        ("淘宝の配送ロッカーが四十の村に置かれるのは来年の春です。", "cp932", "", "text/html"),
        ("Le café à côté a rouvert, déjà très fréquenté. ", "cp1252", "utf-8", "text/html"),
        ("ร้านค้าออนไลน์ลดค่าธรรมเนียมตั้งแต่เดือนหน้า ", "cp874", "tis-620", "text/html"),
        ("온라인 상점의 수수료가 다음 달부터 내려간다. ", "cp949", "ks_c_5601-1987", "text/html"),
        (ZH, "gbk", "hz-gb-2312", "text/html; charset=utf-16le"),
        (ZH, "gbk", "unicode_escape", "text/html; charset=idna"),
        ("“Smart” quotes — and a dash. ", "cp1252", "iso-8859-1", "text/html"),
    ],
)
def test_the_charset_is_what_the_bytes_say(text: str, really: str, declared: str, header: str) -> None:
    body = page(text, declared).encode(really, "ignore")
    assert text * 8 in decode_text(body, header)
    paragraph = parse_html(body, header).find(".//p")
    assert paragraph is not None
    assert paragraph.text == text * 8


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_one_broken_byte_does_not_change_the_charset(codec: str) -> None:
    body = page(ZH, codec).encode(codec)
    text = decode_text(body.replace(b"</p>", b"\xff</p>"))
    assert text.count("淘宝") == 8


def test_null_bytes_and_a_cut_end_are_no_matter() -> None:
    body = page(ZH).encode()
    assert ZH in (parse_html(body[:-60].replace("淘宝".encode(), "淘\0宝".encode())).findtext(".//p") or "")


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7 ...",
        b"PK\x03\x04" + b"x" * 99,
        b"\x89PNG\r\n\x1a\n",
        bytes(range(1, 9)) * 400,
        b"",
    ],
)
def test_what_is_no_text_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        parse_html(body)


def test_a_tag_with_forty_thousand_attributes_is_refused_at_once() -> None:
    body = b"<html><body><p " + b" ".join(b"a%d='>'" % i for i in range(40_000)) + b">x</p>"
    started = time.process_time()
    with pytest.raises(UnreadableError, match="attributes"):
        parse_html(body)
    assert time.process_time() - started < 1


def test_a_large_inlined_image_is_no_attack() -> None:
    body = b'<html><body><img src="data:image/png;base64,' + b"A" * 300_000 + b'"><p>x</p>'
    assert parse_html(body).findtext(".//p") == "x"


def test_a_hundred_thousand_nested_elements_do_no_harm() -> None:
    tree = parse_html(b"<html><body>" + b"<div>" * 100_000 + b"x")
    depth, element = 0, tree
    while len(element):
        depth, element = depth + 1, element[0]
    assert depth <= 200


@pytest.mark.parametrize(
    ("body", "header", "plain"),
    [
        (b"Good morning,\n\nthe parcel is late.\n", "text/plain; charset=utf-8", True),
        (b"Good morning,\n\nthe parcel is late.\n", "text/html", True),
        (b"<!DOCTYPE html><p>x", "text/plain", False),
        (b"<div>x</div>", "", False),
    ],
)
def test_plain_text_is_known_by_its_bytes(body: bytes, header: str, plain: bool) -> None:
    assert is_plain_text(body, header) is plain
