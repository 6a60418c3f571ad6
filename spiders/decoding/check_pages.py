"""Recognize pages that ask for proof of a human reader, by their words or by their script."""

import re

CHALLENGE = re.compile(
    r"验证码|安全验证|滑动验证|拖动滑块|人机验证|访问(?:过于|太)频繁|异常访问|环境异常|完成验证|"
    r"access denied|403 forbidden|just a moment|checking your browser|"
    r"verify (?:that )?you are (?:a )?human|are you a robot|not a robot|unusual traffic|captcha|"
    r"(?:enable|turn on|requires) javascript|enable cookies",
    re.IGNORECASE,
)
# Cookies and files of the services that send such pages: of Alibaba, Cloudflare, Knownsec, Imperva, DataDome,
# Amazon, Sucuri, Qihoo.
MARKS = (
    b"acw_sc__v2",
    b"acw_sc__v3",
    b"aliyun_waf",
    b"x5secdata",
    b"cdn-cgi/challenge-platform/h/",
    b"__jsl_clearance",
    b"_incapsula_resource",
    b"captcha-delivery.com",
    b"awswafintegration",
    b"sucuri_cloudproxy",
    b"wzws-waf-cgi",
)
COOKIE = re.compile(rb"document\.cookie\s*=")
RELOAD = re.compile(rb"location\.(?:reload|replace|assign)\s*\(|location(?:\.href)?\s*=[^=]")
# What a page has beside its script if it is nothing but a check.
TAG = re.compile(rb"<(?!/?(?:html|head|meta|title|body|!doctype)\b)[a-z!]")
HIDDEN = (b"script", b"style", b"noscript", b"textarea", b"title")
# Bytes of a page, and of the text that it shows.
LARGEST_CHECK_PAGE, LONGEST_TEXT = 100_000, 300


def find_script_check(body: bytes) -> str:
    """Return the mark of a page whose script alone decides whether a reader is human, as one that sets a
    cookie and loads the page again; empty if a page is none."""
    if len(body) > LARGEST_CHECK_PAGE or b"<script" not in (low := body.lower()):
        return ""
    mark = next((one for one in MARKS if one in low), b"")
    sets_cookie = COOKIE.search(low) and RELOAD.search(low)
    if not mark and not sets_cookie:
        return ""
    shown = remove_hidden(low)
    if mark and len(read_text(shown)) < LONGEST_TEXT:
        return mark.decode()
    is_bare = not read_text(shown) and not TAG.search(shown)
    return "a script that sets a cookie and loads the page again" if sets_cookie and is_bare else ""


def find_words_of_check(body: bytes) -> str:
    """Return the words by which a short page says that it is a check; empty if it has none."""
    if len(body) > LARGEST_CHECK_PAGE:
        return ""
    text = re.sub(rb"<[^<>]*>", b" ", remove_hidden(body.lower(), HIDDEN[:2])).decode("utf-8", "replace")
    found = CHALLENGE.search(text) if len(" ".join(text.split())) < 5 * LONGEST_TEXT else None
    return found[0] if found else ""


def remove_hidden(low: bytes, names: tuple[bytes, ...] = HIDDEN) -> bytes:
    """Return a page in lower case without the elements that show no text; linear in its length."""
    for name in names:
        first, *others = re.split(rb"<" + name + rb"\b", low)
        low = first + b"".join(one.partition(b"</" + name + b">")[2] for one in others)
    return low


def read_text(shown: bytes) -> bytes:
    """Return the text between the tags of a page."""
    return b" ".join(re.sub(rb"<[^<>]*>", b" ", shown).split())
