"""What a page declares, however badly it does so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from shopwire.pipelines.parsing.json_ld import list_texts
from shopwire.pipelines.parsing.meta_tags import Meta, read_meta
from shopwire.pipelines.parsing.visible_text import clean_line


def meta_of(page: str) -> Meta:
    return read_meta(html.fromstring(page))


def ld(json: str) -> Meta:
    return meta_of(f'<html><head><script type="application/ld+json">{json}</script></head></html>')


def test_meta_tags_are_read_by_name_property_and_itemprop() -> None:
    meta = meta_of(
        '<html lang="zh-CN"><head><title> A &amp; B\n </title>'
        '<meta name="Author" content="张三"><meta property="og:title" content="A &amp;amp; B">'
        '<meta itemprop="datePublished" content="2026-01-05">'
        '<meta name="weibo: article:create_at" content="2026-01-05 08:30:00">'
        '<meta name="empty" content=""><link rel="canonical" href="https://example.com/a"></head>'
    )
    assert meta.title == "A & B"
    assert meta.language == "zh-cn"
    assert meta.find_tag("missing", "author") == "张三"
    assert meta.find_tag("og:title") == "A & B"
    assert meta.find_tag("datepublished") == "2026-01-05"
    assert meta.find_tag("weibo: article:create_at") == "2026-01-05 08:30:00"
    assert meta.canonical == "https://example.com/a"
    assert "empty" not in meta.tags


def test_the_node_of_the_article_comes_first() -> None:
    meta = ld(
        '{"@graph": [{"@type": "WebPage", "headline": "page"}, {"@type": "Organization"},'
        ' {"@type": ["Thing", "NewsArticle"], "headline": "article"}]}'
    )
    assert list(meta.find_values("headline")) == ["article", "page"]


@pytest.mark.parametrize(
    "json",
    [
        '[[{"@type": "NewsArticle", "headline": "H"}]]',
        '<!-- {"@type": "NewsArticle", "headline": "H"} -->',
        '{"@type": "NewsArticle", "headline": "H",}',
        '{"@type": "NewsArticle", "headline": "H"};',
        '{"@type": "NewsArticle", "text": "raw\nbreak", "headline": "H"}',
        '{"@type": "WebPage", "mainEntity": {"@type": "BlogPosting", "headline": "H"}}',
        '{"@type": "NewsArticle", "headline": "H", "author": {"name": "no end"',
    ],
)
def test_json_ld_is_read_as_sites_write_it(json: str) -> None:
    assert list(ld(json).find_values("headline")) == ["H"]


@pytest.mark.parametrize(
    "json",
    [
        "",
        "null",
        "17",
        '"text"',
        "{",
        "[" * 100_000,
        "9" * 100_000,
        '{"@type": 7, "author": 9}',
        '{"@type": {"a": 1}}',
        '{"@graph": "no", "@type": []}',
        '{"headline": {"@value": 3}, "author": [null, 4, {"name": 5}]}',
    ],
)
def test_hostile_json_ld_names_nobody(json: str) -> None:
    meta = ld(json)
    assert [
        name for key in ("author", "headline") for v in meta.find_values(key) for name in list_texts(v)
    ] == []


def test_marked_elements_are_read_and_containers_are_not() -> None:
    meta = meta_of(
        f'<html><body class="author-page"><div class="author">{"long " * 100}</div>'
        '<h1>标题<button>播放</button></h1><span class="post-author">李四</span>'
        '<time datetime="2026-01-05T08:30Z">today</time><a rel="tag">电商</a></body></html>'
    )
    assert [element.text for element in meta.list_elements("heading")] == ["标题"]
    assert [element.text for element in meta.list_elements("author")] == ["李四"]
    assert [element.value for element in meta.list_elements("date")] == ["2026-01-05T08:30Z"]
    assert [element.text for element in meta.list_elements("tag")] == ["电商"]


def test_clean_makes_one_line_without_unseen_characters() -> None:
    assert clean_line("  Ver\u00adfas&amp;amp;sung\n\u200b \u202e x\x00 ") == "Verfas&sung x"


def test_reading_leaves_the_tree_as_it_was() -> None:
    tree = html.fromstring("<html><body><h1>A<!-- c --></h1><?php x ?><p class='author'>B</body>")
    before = etree.tostring(tree)
    read_meta(tree)
    assert etree.tostring(tree) == before


SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["@type", "@graph", "name", "author", "headline"]), inner)
    ),
    max_leaves=20,
)


@given(SHAPES)
def test_names_of_any_shape_are_texts(value: object) -> None:
    assert all(isinstance(text, str) and text for text in list_texts(value))


def test_json_ld_of_other_pages_comes_last() -> None:
    nodes = ", ".join(
        f'{{"@type": "NewsArticle", "headline": "{name}", {link}}}'
        for name, link in (
            ("Old", '"url": "https://a.example/old"'),
            ("Own", '"mainEntityOfPage": {"@id": "https://www.a.example/own/#page"}'),
        )
    )
    script = f'<script type="application/ld+json">[{nodes}]</script>'
    for head in ('<link rel="canonical" href="https://a.example/own">', "<title>Own | A</title>"):
        articles = meta_of(f"<html><head>{head}{script}</head><body></body></html>").articles
        assert [node["headline"] for node in articles] == ["Own", "Old"]


def test_elements_of_comments_are_left_out() -> None:
    comment = '<div class="comment-list"><b class="author">Bert</b></div><i class="author">Ada</i>'
    assert [element.text for element in meta_of(f"<html><body>{comment}</body></html>").elements] == ["Ada"]
