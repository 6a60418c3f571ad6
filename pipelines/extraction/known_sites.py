"""Containers of the body on sites where they are known.

A host (with all its subdomains) maps to the selectors to look for, `#id` or `.class`. The first one
that has text is used.
"""

from urllib.parse import urlsplit

from shopwire.pipelines.extraction.layout import Layout, Region

SITE_CONTAINERS = {
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

MIN_CONTAINER_LENGTH = 50.0
"""A container with less text (see `layout.measure_length`) is a placeholder."""


def find_known_container(layout: Layout, url: str) -> Region | None:
    """Return the container of the body on a known site, None where there is none with text."""
    for selector in _get_selectors((urlsplit(url).hostname or "").lower()):
        for region in layout.regions:
            if region.text_length >= MIN_CONTAINER_LENGTH and _is_match(region, selector):
                return region
    return None


def _get_selectors(host: str) -> tuple[str, ...]:
    while host:
        if host in SITE_CONTAINERS:
            return SITE_CONTAINERS[host]
        host = host.partition(".")[2]
    return ()


def _is_match(region: Region, selector: str) -> bool:
    wanted = selector[1:]
    if selector.startswith("#"):
        return bool(region.element.get("id") == wanted)
    return wanted in region.element.get("class", "").split()
