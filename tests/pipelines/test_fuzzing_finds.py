"""What `bench/fuzz.py` found, as small as it could be made, and what it led to."""

import re

import pytest

from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.extract_article import extract_article
from shopwire.pipelines.parsing.document import decode_text
from shopwire.storage.text.characters import CONTROLS
from tests.faults import pages
from tests.support.makers import a_page

# A terminal's colour and its window title, in C0 and C1, as bytes and as references; text turned round.
ORDERS = "\x1b[31m \x9b2J \x1b]0;owned\x07 &#27;[2J \u202e\u2066"
HOSTILE = f"""<title>A sale {ORDERS} ended</title><meta name=author content="Jo {ORDERS} Peel">
<h1>A sale {ORDERS} ended</h1><p>By Jo {ORDERS} Peel<p>{ORDERS}{pages.SENTENCE * 2}""".encode()
UNSAFE = re.compile(f"[{CONTROLS}]")

RAISED = {
    # lxml reads control characters but writes none.
    "a control character behind a form": b"<p>a</p><form></form>\x0c tail",
}


@pytest.mark.fault("46l", "What the fuzzer found", "article or reason")
@pytest.mark.parametrize("name", RAISED)
def test_what_once_raised_is_an_article_or_a_reason(name: str) -> None:
    assert isinstance(extract_article(a_page(body=RAISED[name])), Article | Refusal)


@pytest.mark.fault("38a", "Orders to the terminal in title, byline and text", "none is left")
def test_no_order_to_the_terminal_is_left_in_an_article() -> None:
    article = extract_article(a_page(body=b"<meta charset=utf-8>" + HOSTILE))
    assert isinstance(article, Article)
    for said in (article.title, article.text, article.author):
        assert said
        assert not UNSAFE.search(said)


@pytest.mark.fault("29e", "A charset that is none: `undefined`, `idna`", "read as if none were said")
@pytest.mark.parametrize("label", ["undefined", "idna", "unicode_escape", "utf-7", "hex", "nosuch"])
def test_a_codec_of_python_that_is_no_charset_is_not_used(label: str) -> None:
    text = "平台周一表示，包裹平均九天到达买家手中。\\ud800 +2AA-"
    assert decode_text(text.encode("gb18030"), f"text/html; charset={label}") == text


def test_the_reason_of_a_refusal_is_one_line_without_orders() -> None:
    refusal = extract_article(a_page(body=f"<h1>{ORDERS} please log in to continue {ORDERS}</h1>".encode()))
    assert isinstance(refusal, Refusal)
    assert "log in to continue" in refusal.reason
    assert refusal.reason.isprintable()


def test_a_title_taken_from_a_line_has_no_soft_hyphens() -> None:
    body = f"<title>Forty lockers open</title><div>Forty lock\xaders open</div>{pages.SENTENCE * 3}"
    article = extract_article(a_page(body=body.encode()))
    assert isinstance(article, Article)
    assert article.title == "Forty lockers open"
