"""Articles that a script draws, in the shapes that platforms and frameworks write."""

import html
import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.extract_article import extract_article
from shopwire.pipelines.extraction.embedded_json import extract_embedded_lines
from shopwire.pipelines.parsing.document import parse_html
from shopwire.spiders.page import Page

LINES = [
    "The furniture dealer Möbel Tessin will rent a hall of 9,000 square metres beside the canal in March.",
    "Until now the firm sent every sofa from a rented barn, where “nothing ever dried”, its founder said.",
    "Two carriers will collect from the new hall twice a day, and returns are to be sorted on Saturdays.",
]
FLASH = [
    "芦苇仓配周二表示，位于德清的新仓已经试运行，每天可以处理九万件包裹。",
    "公司称，年底前还将再租两座厂房。",
]
HTML = "".join(f"<p>{line}</p>\n" for line in LINES)
STORY = {
    "title": "Tessin rents a hall",
    "author": {"name": "Ada Rehn"},
    "publishTime": 1770000000,
    "body": HTML,
}
CONSENT = {"notice": "We use cookies to count readers. Cookies are small files. Cookies live for a year." * 9}

PICTURE = {"type": "image", "caption": "scan me", "data": "A. Picture. Of. It."}


def paragraphs(kind: str, text: str) -> list[dict[str, object]]:
    return [{"type": kind, text: line} for line in LINES]


def quoted(value: object) -> str:
    return json.dumps(json.dumps(value))


SCRIPTS = {
    "assignment": f"window.pageData = {json.dumps({'list': [1], 'post': STORY})};",
    "after other values": f"var a={{'b':1}};f({{x:2}});window.q={{}};window.d={json.dumps(STORY)}",
    "parsed string": f"window.__S = JSON.parse({quoted(STORY)});",
    "string in json": f"window.a = {json.dumps({'data': json.dumps(STORY)})}",
    "encoded": quote(json.dumps(STORY)),
    "stream": "self.__next_f.push([1,"
    + json.dumps("5:" + json.dumps(["$", "main", None, {"story": STORY}]))
    + "])",
    "text row": f"self.__next_f.push([1,{json.dumps(f'1a:T{len(HTML.encode()):x},{HTML}2:{{}}')}])",
    "object literal": "cgi = { name: 'x', content_noencode: '" + "\\x0a\\x0a".join(LINES) + "', n: 2 }",
    "state with a notice": f"window.s = {json.dumps({'consent': CONSENT, 'post': STORY})}",
    "editor blocks": f"window.s = {json.dumps([*paragraphs('text', 'data'), PICTURE])}",
    "draft": f"window.s = {json.dumps({'blocks': paragraphs('unstyled', 'text'), 'entityMap': {}})}",
    "escaped": f"var d = {{content: '{html.escape(HTML, quote=False)}'}}".replace("\n", ""),
    "rendered": f"var d = {json.dumps({'title': {'rendered': 'Hall'}, 'content': {'rendered': HTML}})}",
    "sentences": f"window.s = {json.dumps({'paragraphs': LINES})}",
    "nodes": "window.s = "
    + json.dumps(
        {
            "doc": {
                "type": "doc",
                "content": [
                    {
                        "type": "figure",
                        "content": [{"type": "text", "text": "A picture of the hall. Of it. Yes."}],
                    },
                    *(
                        {
                            "type": "paragraph",
                            "content": [
                                {"type": "text", "text": line[:9]},
                                {"type": "link", "children": [{"type": "text", "value": line[9:30]}]},
                                {"type": "text", "text": line[30:]},
                            ],
                        }
                        for line in LINES
                    ),
                ],
            }
        }
    ),
    "react": "self.__next_f.push([1,"
    + json.dumps(
        "5:"
        + json.dumps(
            ["$", "div", None, {"children": [["$", "p", None, {"children": line}] for line in LINES]}]
        )
    )
    + "])",
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_a_body_is_found_in_a_script(script: str) -> None:
    page = (
        f"<html><body><div id=app></div><script>var a = 'b';</script><script>{script}</script></body></html>"
    )
    assert extract_embedded_lines(parse_html(page.encode())) == LINES


@pytest.mark.parametrize(
    "script",
    [
        "var css = '.a { color: red; } .b { margin: 0; } .c { top: 1px. }';" * 20,
        f"window.c = {json.dumps(CONSENT)}",
        "window.t = {'share': 'Share', 'next': 'Next article'}",
        "'" + "\\'" * 5_000,
        "window.a=" + "[" * 90_000,
    ],
)
def test_code_and_notices_are_no_body(script: str) -> None:
    page = f"<html><body><div id=app></div><script>{script}</script></body></html>"
    assert extract_embedded_lines(parse_html(page.encode())) == []


def extract_state(state: object) -> Article | Refusal:
    page = (
        "<html><head><title>示例快讯</title></head><body><div id=root></div>"
        f"<script>window.INIT = {json.dumps(state)}</script></body></html>"
    )
    return extract_article(Page("https://a.example/1", "a", page.encode(), datetime(2026, 3, 1, tzinfo=UTC)))


def test_the_fields_beside_a_body_are_declared() -> None:
    found = extract_state(
        {
            "hot": {"title": "另一条", "author": "某人", "content": "<p>别的。</p>" * 3},
            "story": {
                "source": "货架日记",
                "title": "芦苇仓配试运行新仓",
                "createTime": "2026-02-03 10:15",
                "content": "\n".join(FLASH),
            },
        }
    )
    assert isinstance(found, Article)
    assert (found.title, found.author) == ("芦苇仓配试运行新仓", "货架日记")
    assert found.published == "2026-02-03T10:15+08:00"
    assert found.text.splitlines() == FLASH


def test_the_second_of_a_state_is_its_time() -> None:
    found = extract_state(STORY)
    assert isinstance(found, Article)
    assert (found.title, found.author) == (STORY["title"], "Ada Rehn")
    assert found.published == "2026-02-02T02:40+00:00"
