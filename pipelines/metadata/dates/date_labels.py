"""Names and labels of dates in JSON-LD, meta tags and lines."""

import re
from collections.abc import Mapping
from typing import Literal

from shopwire.storage.text.characters import SENTENCE_ENDS

DateKind = Literal["published", "updated"]

DECLARATIONS: tuple[tuple[Literal["json-ld", "meta"], DateKind, tuple[str, ...], int], ...] = (
    ("json-ld", "published", ("datePublished", "pubDate", "dateCreated", "uploadDate"), 20),
    ("json-ld", "updated", ("dateModified", "upDate"), 20),
    (
        "meta",
        "published",
        (
            "article:published_time",
            "og:article:published_time",
            "article:published",
            "datepublished",
            "og:published_time",
            "publishdate",
            "publish_date",
            "publish-date",
            "published_time",
            "publication_date",
            "pubdate",
            "og:release_date",
            "og:time",
            "og:pubdate",
            "weibo: article:create_at",
            "weibo:article:create_at",
            "parsely-pub-date",
            "sailthru.date",
            "cxenseparse:recs:publishtime",
            "cxenseparse:publishtime",
            "citation_publication_date",
            "citation_date",
            "prism.publicationdate",
            "dc.date.issued",
            "dcterms.created",
            "datecreated",
        ),
        21,
    ),
    (
        "meta",
        "updated",
        (
            "article:modified_time",
            "og:updated_time",
            "weibo: article:update_at",
            "datemodified",
            "dateupdate",
            "dcterms.modified",
            "lastmod",
            "last-modified",
        ),
        21,
    ),
    # Some sites change these with every edit, so a line near the headline is trusted more.
    ("meta", "published", ("date", "dc.date", "dcterms.date", "article.created", "revised"), 33),
)
"""Where pages declare dates: place, kind, names, and trust (a lower number is trusted more)."""

ZONE_OFFSETS: Mapping[str, str | float] = {
    "z": 0,
    "utc": 0,
    "ut": 0,
    "gmt": 0,
    "bst": "Europe/London",
    "cet": "Europe/Berlin",
    "cest": "Europe/Berlin",
    "mez": "Europe/Berlin",
    "mesz": "Europe/Berlin",
    "est": -5,
    "edt": -4,
    "et": "America/New_York",
    "cst": -6,
    "cdt": -5,
    "ct": "America/Chicago",
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    "pt": "America/Los_Angeles",
    "ist": 5.5,
    "ast": -4,
    "akst": -9,
    "hst": -10,
    "brt": -3,
    "wet": "Europe/Lisbon",
    "west": "Europe/Lisbon",
    "eet": "Europe/Athens",
    "eest": "Europe/Athens",
    "msk": 3,
    "pkt": 5,
    "ict": 7,
    "wib": 7,
    "myt": 8,
    "awst": 8,
    "nzst": 12,
    "nzdt": 13,
    "sgt": 8,
    "hkt": 8,
    "jst": 9,
    "kst": 9,
    "aest": 10,
    "aedt": 11,
    **dict.fromkeys(("北京时间", "北京時間", "京港台时间", "香港时间", "香港時間"), 8),
    **dict.fromkeys(("台北時間", "台灣時間", "新加坡时间"), 8),
    **dict.fromkeys(("东京时间", "日本时间", "日本時間", "首尔时间", "한국시간"), 9),
    **dict.fromkeys(("美东时间", "纽约时间"), "America/New_York"),
    "美西时间": "America/Los_Angeles",
    "伦敦时间": "Europe/London",
    "beijing time": 8,
    "hong kong time": 8,
    "singapore time": 8,
    "eastern time": "America/New_York",
    "pacific time": "America/Los_Angeles",
    "london time": "Europe/London",
}
"""Offset in hours, or the zone that determines which of two offsets applies."""

# The words for parts of a day that precede a clock, longest first.
MORNING = ("凌晨", "清晨", "早上", "早间", "早間", "上午", "午前", "오전", "早", "晨", "上晝", "AM")
NOON = ("中午", "正午", "午间", "午間")
NIGHT = ("晚上", "晚间", "晚間", "夜间", "夜間", "夜里", "深夜", "晚", "夜")
EVENING = ("午后", "午後", "下午", "傍晚", "下晝", "오후", "PM", *NIGHT)
CLOCK_WORDS = (*MORNING, *NOON, *EVENING)

UPDATED_LABEL = re.compile(
    r"更新|修改|修订|最后编辑|updat|modif|edited|revi[se]|latest|aktualis|stand:|mis à jour"
    r"|actualiz|aggiorn|güncelle|수정",
    re.IGNORECASE,
)
FIRST_PUBLISHED = re.compile(
    r"首发|首次发|first published|original(?:ly)? (?:post|publ)|erstveröff", re.IGNORECASE
)
DATE_LABEL = re.compile(
    r"发布|發布|发表|發表|时间|時間|日期|来源|來源|作者|浏览|阅读|点击|编辑|字号|published|posted|publié"
    r"|veröffentlicht|publicado|pubblicato|\bby\b(?!\s?[\d$€£])|\bdate\b|\bdat(?:um|a)\b"
    r"|\bfecha\b|geplaatst|gepubliceerd|publicerad|opublikowano|erschienen|erstellt|created|작성|입력|등록|登録|公開|掲載|投稿",
    re.IGNORECASE,
)
OTHER_DATE_LABEL = re.compile(
    r"版权|copyright|©|备案|查看旧版|评论|回复|reply|comment|截至|活动时间|deadline|expires",
    re.IGNORECASE,
)
PROSE_SIGN = re.compile(rf"[；;{SENTENCE_ENDS}]|[a-z]{{2}}\. [A-Z]")
