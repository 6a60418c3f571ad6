"""Expected results of a crawl of the newsroom, page by page; the articles are in `expected.csv`.

`published` is as precise as the page prints it: a day, or a minute with its time zone (Asia/Shanghai on
Chinese pages); `mirror` prints times without a zone, on English pages.
"""

import csv
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).parent / "expected.csv"


class Expected(NamedTuple):
    """One article: its URL, its fields, and the article it duplicates."""

    host: str
    path: str
    published: str
    language: str
    kind: str  # article, or a duplicate: exact, near, contains
    of: str  # host and path of the article it duplicates
    story: str  # articles with equal names tell one story
    edition: int  # the first edition that has it
    changes_in: int  # the edition that changes its text, 0 for none
    title: str


class Refused(NamedTuple):
    """One listed URL that must not become an article, and the outcome to record."""

    host: str
    path: str
    outcome: str
    why: str


class Seed(NamedTuple):
    """A page with a labelled body in `gold/<name>.txt`, and boilerplate that must be removed."""

    name: str
    host: str
    path: str
    chrome: tuple[str, ...]


def _articles() -> tuple[Expected, ...]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Expected._make([*texts, int(edition), int(changes_in or 0), title])
            for *texts, edition, changes_in, title in list(csv.reader(lines))[1:]
        )


ARTICLES = _articles()

REFUSED = (
    Refused("crown.localhost", "/news/show-1031.html", "thin", "a login wall"),
    Refused("crown.localhost", "/private/roster-2022.html", "robots", "disallowed by robots.txt"),
    Refused("zhuanzai.localhost", "/post/98.html", "not_found", "a soft 404: 页面不存在 with status 200"),
    Refused("zhuanzai.localhost", "/post/99.html", "blocked", "redirects to a private address"),
)

SEEDS = (
    Seed(
        "000",
        "crown.localhost",
        "/news/show-1028.html",
        (
            "Current location",
            "2022-10-27",
            "Tags for this article",
            "Back to list",
            "Privacy Policy",
            "Platform Information Submission",
            "No content yet",
            "Golden Crown Club",
            "third-party service provider",
            "Recommended news",
            "浙ICP备",
        ),
    ),
    Seed(
        "001",
        "meigong.localhost",
        "/news/1950.html",
        (
            "浏览:950",
            "疯狂美工萱萱",
            "1.jpg",
            "2.jpg",
            "3.jpg",
            "关注疯狂的美工官网",
            "【随机内容】",
            "返回顶部",
            "当前位置",
            "分享到",
            "粤ICP备",
        ),
    ),
    Seed(
        "002",
        "mirror.localhost",
        "/article/20718.htm",
        (
            "Photo source: visual China",
            "Wang Fengzhi_ NT2541",
            "Comments 326",
            "Send to a friend",
            "Hot today",
            "京ICP备",
        ),
    ),
    Seed(
        "003",
        "xiaoxi.localhost",
        "/2024/1018/kaiping.html",
        (
            "小玺君也大家带来了",
            "福利不止一个",
            "戳戳小玺君",
            "来源：小玺君",
            "字号",
            "猜你喜欢",
            "扫一扫",
            "返回顶部",
            "登录后领取",
            "苏ICP备",
        ),
    ),
    Seed(
        "004",
        "eastgate.localhost",
        "/2021/06/kung-fu-live",
        (
            "Iris Tang",
            "Eastgate Daily",
            "Tagged:",
            "Share on Facebook",
            "You may also like",
            "Your email address",
            "Manage cookies",
        ),
    ),
)
