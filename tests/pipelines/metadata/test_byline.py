"""Author, editor, origin, tags and image, from pages and from plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from shopwire.pipelines.metadata.authors.person_names import is_chinese_name
from shopwire.pipelines.metadata.byline import Byline, find_byline
from shopwire.pipelines.parsing.meta_tags import Meta, read_meta
from shopwire.pipelines.parsing.visible_text import clean_line, read_visible_lines

BODY = "10月24日晚，天猫官方账号在抖音开启了直播，时长约两个小时，共有一百三十万人次观看。"


def chinese(*lines: str, title: str = "天猫在抖音开播") -> Byline:
    return find_byline(Meta(), [title, *lines], title=title, language="zh")


def english(*lines: str, title: str = "Tmall goes live on Douyin") -> Byline:
    return find_byline(Meta(), [title, *lines], title=title, language="en")


def page(head: str, body: str, language: str = "en") -> Byline:
    tree = html.fromstring(f"<html><head>{head}</head><body>{body}</body></html>")
    url = "https://www.example.com/news/1"
    return find_byline(read_meta(tree), read_visible_lines(tree), url=url, language=language)


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("2022-10-27 09:08:46 浏览:950 作者:疯狂美工萱萱", "疯狂美工萱萱"),
        ("2019-09-26 12:11来源：证券时报网作者：李在山", "李在山"),
        ("作者： 宋怡 杨志华", "宋怡、杨志华"),
        ("作者: 赵 培：北京物资学院，北京", "赵培"),
        ("作者： 周思博 (Joel Spolsky)", "周思博"),
        ("作者:zboygirl 阅读(1660) 评论(5) 编辑 发表于:2005-07-31 12:30", "zboygirl"),
        ("《棱镜》作者 周纯", "周纯"),
        ("作者 | 王小明", "王小明"),
        ("作者：陳怡君 點擊：1024", "陳怡君"),
        ("文/李小红", "李小红"),
        ("文 | 陈大文 编辑 | 刘欢", "陈大文"),
        ("【文/某某网专栏作者 王文】", "王文"),
        ("采写：南方日报见习记者 林子沛", "林子沛"),
        ("执笔人：闵乐夫 赵兰波 刘韬", "闵乐夫、赵兰波、刘韬"),
        ("本报记者 王燕平 方云凤", "王燕平、方云凤"),
        ("□ 本报记者 葛灵丹", "葛灵丹"),
        ("新京报记者 彭冲 山东冠县报道", "彭冲"),
        ("本报记者罗科苏盈发自北京", "罗科、苏盈"),
        ("河南商报记者马俊峰/文受访者供图", "马俊峰"),
        ("新京报讯（记者 陆一夫）11月25日，平台上线。", "陆一夫"),
        ("新华社北京2月29日电（记者 张三丰、李四光）28日。", "张三丰、李四光"),
        ("2004年7月16日08:19 [ 黄宇 ] 来源：[ 国际金融报 ]", "黄宇"),
        ("作者：未知 责任编辑：棒棒不是糖", ""),
        ('作者： size="20" 来源： size="20"', ""),
        ("作者最新文章", ""),
        ("记者了解到，多家平台已经停止合作。", ""),
        ("图片来源：视觉中国", ""),
    ],
)
def test_chinese_authors_in_their_usual_places(line: str, author: str) -> None:
    assert chinese(line, BODY).author == author


def test_authors_at_the_end_of_the_body_count() -> None:
    assert chinese(BODY, BODY + "(文/图 刘玺东 易赛楠)").author == "刘玺东、易赛楠"
    assert chinese(BODY, BODY + "（袁源）").author == "袁源"
    assert chinese(BODY, "记者 刘涛").author == "刘涛"
    assert chinese(BODY, "歌曲: 第一次爱的人(王心凌)").author == ""


def test_reporters_under_the_headline_come_before_the_blogger_below() -> None:
    byline = chinese("本报实习生 刘国栋 周炜", "本报记者 王燕平", *[BODY] * 20, "作者：流泉")
    assert byline.author == "刘国栋、周炜、王燕平"


@pytest.mark.parametrize(
    ("line", "editor"),
    [
        ("责任编辑：霍琦", "霍琦"),
        ("本文来源：新京报 责任编辑：姚立伟_NT6056", "姚立伟"),
        ("责任编辑：史建磊_NBJ11331", "史建磊"),
        ("（松花江网编辑 孙桂芳）", "孙桂芳"),
        ("编辑 刘晓阳 校对 李铭", "刘晓阳"),
        ("【编辑:刘欢】 返回搜狐，查看更多", "刘欢"),
        ("（责任编辑：系统管理员）", ""),
    ],
)
def test_editors_are_kept_apart_from_authors(line: str, editor: str) -> None:
    byline = chinese(BODY, line)
    assert (byline.editor, byline.author) == (editor, "")


@pytest.mark.parametrize(
    ("line", "origin"),
    [
        ("2019-11-25 11:01:53 来源: 新京报 举报", "新京报"),
        ("来源：21世纪经济报道", "21世纪经济报道"),
        ("本文来源：每日经济新闻 责任编辑：史建磊", "每日经济新闻"),
        ("转载自：界面新闻", "界面新闻"),
        ("信息来源: 中国空间技术研究院", "中国空间技术研究院"),
        ("2005年03月31日03:18 北京娱乐信报", "北京娱乐信报"),
        ("中国网 2019-11-25 10:37:31", "中国网"),
        ("来源：商讯", "商讯"),
        ("图片来源：摄图网", ""),
        ("来源：网络", ""),
    ],
)
def test_the_medium_an_article_was_taken_from(line: str, origin: str) -> None:
    assert chinese(line, BODY).origin == origin


def test_the_account_of_a_wechat_post_is_its_origin() -> None:
    body = '<h1>打包台的一年</h1><a class="wx_tap_link" id="js_name">小店研究</a><p>作者　赞赏</p>'
    byline = page("", body, "zh")
    assert (byline.origin, byline.author) == ("小店研究", "")


def test_a_source_that_is_a_person_wrote_it() -> None:
    assert chinese(BODY, "来源: 尹娟") == Byline(author="尹娟")


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Jane Doe", "Jane Doe"),
        ("by Jane Doe and John Roe, The Daily", "Jane Doe, John Roe"),
        ("Written by Jane Doe on January 5, 2026", "Jane Doe"),
        ("By 3i Global", "3i Global"),
        ("By learning from the positive examples", ""),
    ],
)
def test_english_bylines(line: str, author: str) -> None:
    assert english(line, "Body text follows here.").author == author


def test_a_name_beside_the_date_is_the_author() -> None:
    assert english("Trevor Jackins", "9 min read", "Body.").author == "Trevor Jackins"
    assert english("Our Products", "Body text follows here.").author == ""


@pytest.mark.parametrize(
    ("line", "origin"),
    [
        ("This article first appeared on TechCrunch.", "TechCrunch"),
        ("Originally published by The Daily on May 5", "The Daily"),
        ("Source: Reuters", "Reuters"),
        ("Photo source: visual China", ""),
    ],
)
def test_english_origins(line: str, origin: str) -> None:
    assert english("Body text follows here.", line).origin == origin


def test_the_machine_translated_editor_line_names_medium_and_editor() -> None:
    byline = english("Source: responsible editor of interface news: Wang Fengzhi_ NT2541")
    assert (byline.origin, byline.editor, byline.author) == ("interface news", "Wang Fengzhi", "")


def test_a_posting_names_its_account_before_the_date() -> None:
    assert chinese("货架青年2026-11-16 09:41湖南商业领域创作者", BODY).author == "货架青年"
    assert chinese("青禾网2026-11-16 09:41", BODY) == Byline(origin="青禾网")
    assert chinese("发布时间 2026-11-16 09:41", BODY).author == ""


def test_tags_come_from_links_lines_or_keywords() -> None:
    assert page("", '<a rel="tag">电商</a><a rel="tag">直播</a>', "zh").tags == ("电商", "直播")
    assert chinese(BODY, "标签： 抖音 天猫").tags == ("抖音", "天猫")
    assert page('<meta name="keywords" content="a b,c d,a b">', "").tags == ("a b", "c d")
    assert english("Tags for this article: Back to list").tags == ()


@pytest.mark.parametrize(
    ("head", "image"),
    [
        ('<meta property="og:image" content="/i.jpg">', "https://www.example.com/i.jpg"),
        ('<meta property="og:image" content="javascript:alert(1)">', ""),
        ('<meta property="og:image" content="http://[">', ""),
        ('<meta name="twitter:image" content="//a.cn/i.png">', "https://a.cn/i.png"),
        ('<script type="application/ld+json">{"@type": "Article", "image": 7}</script>', ""),
    ],
)
def test_the_image_is_an_address_on_the_web(head: str, image: str) -> None:
    assert page(head, "<p>Body</p>").image == image


def test_the_image_of_json_ld_may_be_a_list_of_nodes() -> None:
    node = '{"@type": "Article", "image": [{"url": "https://cdn.example.com/a.png"}]}'
    found = page(f'<script type="application/ld+json">{node}</script>', "").image
    assert found == "https://cdn.example.com/a.png"


def test_declared_people_come_before_the_site_that_declares_itself() -> None:
    head = '<meta property="og:site_name" content="Market Today"><meta name="author" content="Market Today">'
    assert page(head, "<h1>T</h1><p class='byline'>By Jane Doe</p>").author == "Jane Doe"
    assert page(head, "<h1>T</h1><p>Body</p>").author == "Market Today"


def test_json_ld_authors_of_any_shape() -> None:
    script = '<script type="application/ld+json">{"@type": "NewsArticle", "author": %s}</script>'
    people = '[{"@type": "Person", "name": "Jane Doe"}, {"name": ["John Roe"]}]'
    assert page(script % people, "").author == "Jane Doe, John Roe"
    assert page(script % '{"name": 42}', "").author == ""
    graph = (
        '<script type="application/ld+json">{"@graph": [{"@type": "Article", "author":'
        ' [{"@id": "#j"}]}, {"@type": "Person", "@id": "#j", "name": "Jane Doe"}]}</script>'
    )
    assert page(graph, "").author == "Jane Doe"
    assert page(script % '"https://example.com/jane"', "").author == ""


def test_chinese_sites_that_declare_themselves_are_no_authors() -> None:
    head = '<meta name="author" content="网易"><meta property="article:author" content="参考消息">'
    body = "<h1>标题在此处</h1><p>2019年11月25日 18:57 来源：参考消息</p>"
    byline = page(head, body, "zh")
    assert (byline.author, byline.origin) == ("", "参考消息")
    assert page('<meta name="author" content="L_104485">', body, "zh").author == ""
    assert page('<meta name="author" content="李楠">', body, "zh").author == "李楠"


def test_names_in_a_list_of_comments_are_no_authors() -> None:
    comments = "".join(f"<i class='tie-author'>user{'abc'[n]} x</i>" + "<b></b>" * 40 for n in range(3))
    assert page("", f"<h1>T</h1><p>Body</p>{comments}").author == ""


@pytest.mark.parametrize("name", ["李楠", "欧阳小明", "陆一夫", "張三丰"])
def test_chinese_names(name: str) -> None:
    assert is_chinese_name(name)


@pytest.mark.parametrize("text", ["", "李", "新京报", "平台公司", "Jane", "李楠说今天", "周刊"])
def test_what_is_no_chinese_name(text: str) -> None:
    assert not is_chinese_name(text)


@given(
    st.lists(
        st.text(max_size=60)
        | st.text("作者编辑来源记者文/：: 王小明（）[]|0123456789浏览bySourced ", max_size=60),
        max_size=12,
    ),
    st.sampled_from(["zh", "en", "und"]),
)
def test_any_lines_give_a_byline_and_the_same_twice(lines: list[str], language: str) -> None:
    lines = [clean_line(line) for line in lines]
    byline = find_byline(Meta(), lines, title="标题", language=language)
    assert byline == find_byline(Meta(), lines, title="标题", language=language)
    assert all("\n" not in text for text in (byline.author, byline.editor, byline.origin))


@pytest.mark.parametrize("piece", ["记者 ", "作者：", "王小明 ", "（", "by A ", "1,", "文/"])
def test_a_megabyte_on_one_line_takes_no_time(piece: str) -> None:
    line = piece * (1_000_000 // len(piece))
    assert len(chinese(line).author) < 200
    assert len(english(line).author) < 200
