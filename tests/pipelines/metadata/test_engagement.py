"""Views, comments and likes, as pages show and declare them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwire.pipelines.article import Article
from shopwire.pipelines.metadata.engagement import LARGEST_COUNT, Engagement, find_engagement
from shopwire.pipelines.parsing.meta_tags import Meta
from tests.pipelines.test_golden_pages import PAGES, refined

BODY = "10月24日晚，天猫官方账号在抖音开启了直播，时长约两个小时，共有一百三十万人次观看。"


def shown(*lines: str) -> Engagement:
    return find_engagement(Meta(), ["天猫在抖音开播", *lines])


@pytest.mark.parametrize(
    ("line", "views"),
    [
        ("2022-10-27 09:08:46 浏览:950 作者:疯狂美工萱萱", 950),
        ("HTML, XML, 被引量 下载: 1,038 浏览: 6,323", 6_323),
        ("阅读 3.4万", 34_000),
        ("已被阅读178次", 178),
        ("1.2k views", 1_200),
        ("相关阅读 2026-01-05 10:26", None),
        ("浏览 99,999,999亿", None),
    ],
)
def test_views_are_counted(line: str, views: int | None) -> None:
    assert shown(line, BODY).views == views


@pytest.mark.parametrize(
    ("line", "comments"),
    [
        ("作者:zboygirl 阅读(1660) 评论(5) 编辑 发表于:2005-07-31 12:30", 5),
        ("评论：1.2万", 12_000),
        ("共有12条评论", 12),
        ("跟帖 36 条", 36),
        ("留言(0)", 0),
        ("By Jane Doe | 3 Comments", 3),
        ("Comments (1,024)", 1_024),
        ("May 3, 2024 Comments", None),
        ("2005 评论(5)", 5),
        ("评论员 12 人", None),
        ("评论 2026-01-05 10:26", None),
        ("The post drew 12 comments within an hour.", None),
    ],
)
def test_comments_are_counted(line: str, comments: int | None) -> None:
    assert shown(line, BODY).comments == comments


@pytest.mark.parametrize(
    ("line", "likes"),
    [
        ("点赞 326", 326),
        ("赞(33) 踩(2)", 33),
        ("3.4万人点赞", 34_000),
        ("阅读178次点赞5次", 5),
        ("1.2k likes", 1_200),
        ("Likes: 7", 7),
        ("Like (7)", 7),
        ("Like 3 other brands", None),
        ("赞助商 12 家", None),
        ("33赞助", None),
        ("该直播间点赞300万。", None),
    ],
)
def test_likes_are_counted(line: str, likes: int | None) -> None:
    assert shown(line, BODY).likes == likes


def test_below_the_article_only_a_number_that_stands_alone_is_believed() -> None:
    article = [BODY] * 30
    assert shown(*article, "点赞 33", "5 条评论").likes == 33
    assert shown(*article, "评论 3", "评论 8").comments is None


@pytest.mark.parametrize(
    ("name", "counts"),
    [("counted_zh", (34_000, 12, 326)), ("counted_en", (56_000, 41, 1_280))],
)
def test_whole_pages(name: str, counts: tuple[int, int, int]) -> None:
    article = refined((PAGES / f"{name}.html").read_bytes(), name)
    assert isinstance(article, Article)
    assert (article.views, article.comments, article.likes) == counts


@pytest.mark.parametrize("count", [None, "many", -3, 1.5, "9" * 13, [7], {"value": 7}])
def test_what_json_ld_declares_is_read_only_where_it_is_a_count(count: object) -> None:
    counter = {"interactionType": "http://schema.org/LikeAction", "userInteractionCount": count}
    meta = Meta(articles=[{"interactionStatistic": counter, "commentCount": count}])
    assert find_engagement(meta, []) == Engagement()


@given(st.lists(st.text("评论点赞浏览(): 0123456789.,万kviewscommentslikes", max_size=80)))
def test_engagement_fits_into_the_store(lines: list[str]) -> None:
    engagement = find_engagement(Meta(), lines)
    for count in (engagement.views, engagement.comments, engagement.likes):
        assert count is None or 0 <= count <= LARGEST_COUNT


@pytest.mark.parametrize(
    ("line", "comments", "likes"),
    [
        ("12 likes 5 comments", 5, 12),
        ("5 comments 12 likes", 5, 12),
        ("12 赞 5 评论", 5, 12),
        ("Likes 5 Comments 3", 3, 5),
        ("阅读 1200 评论 5 点赞 3", 5, 3),
        ("likes 5 million", None, None),
        ("He likes 3 cats", None, None),
    ],
)
def test_each_label_has_its_own_count(line: str, comments: int | None, likes: int | None) -> None:
    found = shown(line)
    assert (found.comments, found.likes) == (comments, likes)
