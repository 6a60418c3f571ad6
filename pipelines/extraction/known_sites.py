"""Where the big platforms put the body, for the pages where that is known.

A host (with all its subdomains) maps to the regions to look for, the first that holds text wins:
`#id` or `.class`.
"""

from urllib.parse import urlsplit

from shopwire.pipelines.extraction.layout import Layout, Region

CONTAINERS = {
    "163.com": ("#endText", ".post_body", "#content"),
    "36kr.com": (".articleDetailContent",),
    "baijiahao.baidu.com": ("#ssr-content",),
    "caixin.com": ("#Main_Content_Val",),
    "cctv.com": ("#content_area", "#text_area"),
    "chinanews.com.cn": (".left_zw",),
    "cnblogs.com": ("#cnblogs_post_body",),
    "csdn.net": ("#content_views",),
    "eastmoney.com": ("#ContentBody",),
    "guancha.cn": (".all-txt",),
    "huxiu.com": (".article__content", "#article-content"),
    "ifeng.com": ("#main_content",),
    "ithome.com": ("#paragraph",),
    "jiemian.com": (".article-content",),
    "mp.weixin.qq.com": ("#js_content",),
    "mydrivers.com": (".news_info",),
    "news.cn": ("#detail", "#detailContent"),
    "news.qq.com": ("#ArticleContent", ".content-article"),
    "people.com.cn": ("#rwb_zw", ".rm_txt_con", "#p_content"),
    "sina.cn": ("#artibody", ".art_content"),
    "sina.com.cn": ("#artibody", "#article"),
    "sohu.com": ("#mp-editor", "#contentText"),
    "thepaper.cn": (".news_txt",),
    "xinhuanet.com": ("#detail", "#detailContent", "#p-detail"),
    "yicai.com": ("#multi-text",),
    "zhihu.com": (".RichText",),
}

LEAST = 50.0
"""A container with less text (in units of `blocks.units`) is a placeholder."""


def known_container(layout: Layout, url: str) -> Region | None:
    """The region that holds the body on a platform of the table, if it holds anything."""
    for selector in _selectors((urlsplit(url).hostname or "").lower()):
        for region in layout.regions:
            if region.units >= LEAST and _matches(region, selector):
                return region
    return None


def _selectors(host: str) -> tuple[str, ...]:
    while host:
        if host in CONTAINERS:
            return CONTAINERS[host]
        host = host.partition(".")[2]
    return ()


def _matches(region: Region, selector: str) -> bool:
    wanted = selector[1:]
    if selector.startswith("#"):
        return bool(region.element.get("id") == wanted)
    return wanted in region.element.get("class", "").split()
