"""Names and labels of dates in JSON-LD, meta tags and lines."""

import re
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
    r"|veröffentlicht|publicado|pubblicato|\bby\b(?!\s?[\d$€£])|\bdate\b|작성|입력|登録",
    re.IGNORECASE,
)
OTHER_DATE_LABEL = re.compile(
    r"版权|copyright|©|备案|查看旧版|评论|回复|reply|comment|截至|活动时间|deadline|expires",
    re.IGNORECASE,
)
PROSE_SIGN = re.compile(rf"[；;{SENTENCE_ENDS}]|[a-z]{{2}}\. [A-Z]")
