"""The sites: each with the default markup of a system, a list without one, or nothing to be found."""

from collections.abc import Sequence

from bench.discovery.documents import (
    Article,
    Document,
    Site,
    add_articles,
    make_articles,
    render_atom,
    render_index,
    render_list,
    render_page,
    render_rss,
    render_sitemap,
)
from bench.discovery.list_sites import build_list_sites

ROBOTS = "text/plain"


def alternate(href: str, kind: str = "application/rss+xml", title: str = "Sample") -> str:
    """Return a `link` element of a feed."""
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


def cards(articles: Sequence[Article]) -> str:
    """Return teasers as most systems have them."""
    return render_list(
        articles,
        lambda one: (
            f"<article class='post'><h2 class='entry-title'><a href='{one.path}'>{one.title}</a></h2>"
            f"<time>{one.day:%B %d, %Y}</time></article>"
        ),
        "<main>{}</main>",
    )


def build_sites(base: str) -> list[Site]:
    """Return all sites; `base` is the address of each, with `{}` for its name."""
    return [
        *build_feed_sites(base),
        *build_chinese_sites(base),
        *build_sitemap_sites(base),
        *build_list_sites(),
        *build_empty_sites(),
    ]


def build_feed_sites(base: str) -> list[Site]:
    """Return sites with a feed, of systems from the west."""
    sites = []

    def add(name: str, head: str, address: str, pattern: str, kind: str = "rss", body: str = "") -> None:
        articles = make_articles(pattern)
        url = base.format(name)
        feed = render_atom(url, articles) if kind == "atom" else render_rss(url, articles)
        page = render_page(head, body or cards(articles))
        sites.append(Site(name, "feed", address, {"/": page, address: feed, **add_articles(articles)}))

    wordpress = "<link rel='stylesheet' href='/wp-content/themes/sample/style.css'>"
    comments = alternate("/comments/feed/", title="Sample » Comments Feed")
    add("wordpress", wordpress + comments + alternate("/feed/"), "/feed/", "/{d:%Y/%m}/{s}/")
    add("wordpressbare", wordpress, "/feed/", "/{d:%Y/%m/%d}/{s}/")
    elementor = "<meta name='generator' content='Elementor 3.20'>" + wordpress
    add("elementor", elementor, "/feed/", "/{s}/")
    add(
        "ghost",
        "<meta name='generator' content='Ghost 5.80'>" + alternate("/rss/"),
        "/rss/",
        "/{s}/",
    )
    add("ghostbare", "<meta name='generator' content='Ghost 5.80'>", "/rss/", "/{s}/")
    shopify = "<script src='https://cdn.shopify.com/s/files/theme.js'></script>"
    blog = cards(make_articles("/blogs/journal/{s}"))
    add(
        "shopify",
        shopify,
        "/blogs/journal.atom",
        "/blogs/journal/{s}",
        "atom",
        "<a href='/blogs/journal'>Journal</a>" + blog,
    )
    add("substack", "<link rel='preconnect' href='https://substackcdn.com'>", "/feed", "/p/{s}")
    joomla = "<meta name='generator' content='Joomla! - Open Source Content Management'>"
    add("joomla", joomla, "/?format=feed&type=rss", "/news/{n}-{s}")
    add("typo3", "<meta name='generator' content='TYPO3 CMS'>", "/?type=100", "/aktuelles/{s}/")
    add(
        "blogger",
        "<meta content='blogger' name='generator'>",
        "/feeds/posts/default",
        "/{d:%Y/%m}/{s}.html",
        "atom",
    )
    add(
        "hugo",
        "<meta name=generator content='Hugo 0.120'>"
        "<link href=/index.xml rel=alternate type=application/rss+xml>",
        "/index.xml",
        "/posts/{s}/",
    )
    articles = make_articles("/stories/{s}")
    url = base.format("jsonfeed")
    items = ",".join(
        f'{{"id":"{one.path}","url":"{url}{one.path}","title":"{one.title}","date_published":"{one.day.isoformat()}"}}'
        for one in articles
    )
    feed = Document(
        f'{{"version":"https://jsonfeed.org/version/1.1","title":"Sample","items":[{items}]}}'.encode(),
        "application/feed+json",
    )
    head = alternate("/feed.json", "application/feed+json")
    sites.append(
        Site(
            "jsonfeed",
            "feed",
            "/feed.json",
            {"/": render_page(head, cards(articles)), "/feed.json": feed, **add_articles(articles)},
        )
    )
    articles = make_articles("/n/{n}")
    guessed = {
        "/": render_page("", cards(articles)),
        "/rss.xml": render_rss(base.format("guessed"), articles),
    }
    sites.append(Site("guessed", "feed", "/rss.xml", {**guessed, **add_articles(articles)}))
    return sites


# Name, what is to be found, its address, the pages of articles, and the list around `{}`.
CHINESE = (
    (
        "dedecms",
        "feed",
        "/plus/rss.php?tid=12",
        "/dianshang/{d:%Y/%m%d}/{n}.html",
        "<div class='listbox'><ul class='e2'>{}</ul></div>",
    ),
    (
        "dedecmslist",
        "list",
        "/kuajing/",
        "/kuajing/{n}.html",
        "<div class='listbox'><ul class='e2'>{}</ul></div>",
    ),
    (
        "empirecms",
        "feed",
        "/e/web/?type=rss2&classid=3",
        "/news/{n}.html",
        "<div class='news_list'><ul>{}</ul></div><a href='/e/web/?type=rss2&amp;classid=3'>RSS订阅</a>",
    ),
    ("discuz", "feed", "/portal.php?mod=rss&catid=2", "/article-{n}-1.html", "<div class='xld'>{}</div>"),
    (
        "discuzforum",
        "feed",
        "/forum.php?mod=rss&fid=36",
        "/thread-{n}-1-1.html",
        "<table><tr><td>{}</td></tr></table>",
    ),
    (
        "phpcms",
        "feed",
        "/index.php?m=content&c=rss&rssid=9",
        "/html/{n}.html",
        "<ul class='list'>{}</ul><a href='/index.php?m=content&amp;c=index&amp;a=lists&amp;catid=9'>更多</a>",
    ),
    ("zblog", "feed", "/feed.php", "/post/{n}.html", "<div class='posts'>{}</div>"),
    ("typecho", "feed", "/feed/", "/archives/{n}/", "<div id='main'>{}</div>"),
    ("pbootcms", "sitemap", "/sitemap.xml", "/xinwen/{n}.html", "<ul>{}</ul><p>Powered by PbootCMS</p>"),
    ("yzmcms", "list", "/zixun/", "/zixun/{n}.html", "<ul class='yzm-text-list'>{}</ul>"),
    ("eyoucms", "sitemap", "/sitemap.xml", "/news/{n}.html", "<div class='list-news'>{}</div>"),
    ("gbk", "feed", "/rss.xml", "/a/{n}.shtml", "<ul>{}</ul>"),
    ("gbklist", "list", "/info/", "/info/{n}.html", "<div class='left'><ul>{}</ul></div>"),
)
CHINESE_HEADS = {
    "dedecms": "<link href='/templets/default/style/dedecms.css' rel='stylesheet'>"
    "<meta http-equiv='mobile-agent' content='format=xhtml; url=/m/list.php?tid=12'>",
    "dedecmslist": "<link href='/templets/default/style/dedecms.css' rel='stylesheet'>",
    "discuz": "<meta name='generator' content='Discuz! X3.4'>"
    "<link rel='alternate' type='application/rss+xml' href='portal.php?mod=rss&amp;catid=2'>",
    "discuzforum": "<meta name='generator' content='Discuz! X3.5'>",
    "zblog": "<meta name='generator' content='Z-BlogPHP 1.7'>",
    "typecho": "<meta name='generator' content='Typecho 1.2' />"
    "<link rel='alternate' type='application/atom+xml' title='样例 » Atom' href='/feed/' />"
    "<link rel='alternate' type='application/rss+xml' title='样例 的评论' href='/feed/comments/' />",
    "yzmcms": "<meta name='author' content='YzmCMS内容管理系统'>",
    "eyoucms": "<link rel='stylesheet' href='/template/pc/skin/css/pintuer.css'>",
    "gbk": "<link rel=alternate type='application/rss+xml' href='rss.xml'>",
}
CHINESE_STARTS = {"discuzforum": "/forum-36-1.html"}


def build_chinese_sites(base: str) -> list[Site]:
    """Return sites of Chinese systems, with a feed, a sitemap or a list."""
    sites = []
    for name, kind, address, pattern, around in CHINESE:
        charset = "gb18030" if name.startswith("gbk") else "utf-8"
        articles = make_articles(pattern, "zh")
        items = render_list(
            articles,
            lambda one: (
                f"<li><a class='title' href='{one.path}' title='{one.title}'>{one.title}</a>"
                f"<span class='info'>{one.day:%m-%d}</span></li>"
            ),
            "{}",
        )
        start = CHINESE_STARTS.get(name, address if kind == "list" else "/")
        pages = {start: render_page(CHINESE_HEADS.get(name, ""), around.format(items), "样例网", charset)}
        if kind == "feed":
            pages[address] = render_rss(base.format(name), articles, charset)
        if kind == "sitemap":
            pages[address] = render_sitemap(base.format(name), articles)
        sites.append(Site(name, kind, address, {**pages, **add_articles(articles, charset)}, start))
    return sites


def build_sitemap_sites(base: str) -> list[Site]:
    """Return sites with a sitemap only."""
    articles = make_articles("/magazine/{s}")
    url = base.format("newsmap")
    lines = f"User-agent: *\nDisallow: /in/\nSitemap: {url}/sitemap.xml\nSitemap: {url}/news-sitemap.xml\n"
    robots = Document(lines.encode(), ROBOTS)
    news = {
        "/": render_page("", "<div id='app'></div>"),
        "/robots.txt": robots,
        "/sitemap.xml": render_sitemap(url, []),
        "/news-sitemap.xml": render_sitemap(url, articles, has_news=True),
        **add_articles(articles),
    }
    posts = make_articles("/blog/{s}/")
    url = base.format("mapindex")
    index = {
        "/": render_page("", "<div id='root'></div>"),
        "/sitemap.xml": render_index([f"{url}/page-sitemap.xml", f"{url}/post-sitemap.xml"]),
        "/page-sitemap.xml": render_sitemap(url, []),
        "/post-sitemap.xml": render_sitemap(url, posts),
        **add_articles(posts),
    }
    return [
        Site("newsmap", "sitemap", "/news-sitemap.xml", news),
        Site("mapindex", "sitemap", "/post-sitemap.xml", index),
    ]


def build_empty_sites() -> list[Site]:
    """Return sites at which nothing may be found."""
    application = render_page("<script src='/app.js'></script>", "<div id='app'></div>")
    wall = Document(
        b"<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>",
        status=403,
    )
    check = render_page(
        "",
        "<h1>Just a moment...</h1><p>Checking your browser before accessing the site.</p>",
        "Just a moment...",
    )
    grid = "".join(
        f"<div class='product'><a href='/p/oak-table-{number}'>Oak table with drawers, number {number}</a>"
        f"<span>€ {number}49</span></div>"
        for number in range(1, 13)
    )
    company = render_page(
        "",
        "<h1>We sell invented chairs</h1><a href='/chairs'>Chairs</a><a href='/tables'>Tables</a>",
    )
    return [
        Site("softapp", "nothing", "", {"/": application}, fallback=application),
        Site("wall", "blocked", "", {"/robots.txt": Document(b"", ROBOTS, 404)}, fallback=wall),
        Site(
            "checkpage",
            "blocked",
            "",
            {"/": check, "/robots.txt": Document(b"", ROBOTS, 404)},
            fallback=check,
        ),
        Site("company", "nothing", "", {"/": company}),
        Site("shop", "nothing", "", {"/": render_page("", f"<div class='grid'>{grid}</div>")}),
    ]
