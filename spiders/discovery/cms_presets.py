"""Content management systems: how to recognize one, and where its feeds and lists are.

Read from the default templates of each system; a theme may have changed all of it, so that nothing here is
believed without a look at the site.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class System:
    """One system. `marks` is a regular expression of its pages; `feeds` are paths from the root, the most
    probable first; `{id}` in them is the number of a section that `ids` finds on a page. `links` and
    `next_page` are expressions for a list, empty if it has no usual markup."""

    marks: str
    feeds: tuple[str, ...] = ()
    links: str = ""
    next_page: str = ""
    ids: str = ""


SYSTEMS: Mapping[str, System] = {
    "dedecms": System(
        r"templets/[\w/.-]*(dedecms|style)|dedecms|class=[\"']?(articlelist|articleview)\b|/plus/(list|view)\.php",
        ("/plus/rss.php?tid={id}", "/data/rss/{id}.xml", "/data/rssmap.html"),
        ".listbox ul.e2 > li a.title, .listbox ul.e1 > li > a",
        "//*[contains(@class, 'dede_pages') or contains(@class, 'pagelist')]//a[contains(., '下一页')]",
        r"[?&;]tid=(\d+)",
    ),
    "empirecms": System(
        r"Powered by EmpireCMS|/skin/default/[\w/]+\.(css|js)|/e/(action|public|web|data/js)/",
        ("/e/web/?type=rss2&classid={id}", "/e/web/?type=rss2&classid=1"),
        "td.news_list .box ul li > a[title], .news_list ul li > a[title]",
        "//*[contains(@class, 'epages')]//a[contains(., '下一页')]",
        r"classid=(\d+)",
    ),
    "phpcms": System(
        r"index\.php\?m=content&(amp;)?c=|/statics/(css|js)/\w*(reset|zh-cn|history)|Powered by PHPCMS",
        ("/index.php?m=content&c=rss&rssid={id}", "/index.php?m=content&c=rss&siteid=1"),
        ".col-left ul.list > li > a",
        "//*[@id='pages']//a[contains(., '下一页')]",
        r"catid=(\d+)",
    ),
    "discuz": System(
        r"content=[\"']Discuz!|Powered by Discuz!|/(portal|forum)\.php\?mod=",
        ("/portal.php?mod=rss&catid={id}", "/forum.php?mod=rss&fid={id}", "/forum.php?mod=rss"),
        ".xld dl.bbda dt.xs2 a, .xld dl dt a.xi2",
        ".pgs a.nxt, .pg a.nxt",
        r"(?:[?&;](?:catid|fid)=|forum-)(\d+)",
    ),
    "zblog": System(
        r"content=[\"']Z-?Blog|zb_system/|zb_users/",
        ("/feed.php",),
        ".post.multi h2.post-title a, .post.item h2 a",
        "//*[contains(@class, 'pagebar')]//a[contains(., '›') or contains(., '下一页')]",
    ),
    "pbootcms": System(
        r"Powered by PbootCMS|/template/default/|/skin/js/|pbootcms",
        (),
        "ul li.lh-3 a",
        "//*[contains(@class, 'pagination')]//a[contains(., '下一页')]",
    ),
    "yzmcms": System(
        r"content=[\"']YzmCMS|Powered by YzmCMS|class=[\"']yzm-",
        (),
        ".yzm-text-list li a[title], .yzm-list li a[title]",
        "//*[@id='page' or contains(@class, 'pages')]//a[contains(., '下一页')]",
    ),
    "eyoucms": System(
        r"content=[\"']eyoucms|pintuer\.css|Powered by EyouCMS",
        (),
        ".list-news h3 a",
        "//*[contains(@class, 'pagination')]//a[contains(., '下一页')]",
    ),
    "wordpress": System(
        r"/wp-(content|includes|json)/|https://api\.w\.org/|content=[\"'](WordPress|Elementor)",
        ("/feed/", "/?feed=rss2", "/wp-json/wp/v2/posts"),
        "article h2.entry-title a, article h3.entry-title a, article .entry-title a, .post h2 a",
        "a.next.page-numbers, .nav-previous a",
    ),
    "typecho": System(r"content=[\"']Typecho|/usr/themes/", ("/feed/", "/index.php/feed/")),
    "ghost": System(r"content=[\"']Ghost|/ghost/api/|ghost-(sdk|portal)", ("/rss/",)),
    "substack": System(r"substackcdn\.com|content=[\"']Substack", ("/feed",)),
    "medium": System(r"content=[\"']Medium[\"']|cdn-client\.medium\.com", ("/feed",)),
    "shopify": System(
        r"cdn\.shopify\.com|Shopify\.theme", ("/blogs/{id}.atom", "/blogs/news.atom"), ids=r"/blogs/([\w-]+)"
    ),
    "wix": System(r"static\.wixstatic\.com|content=[\"']Wix\.com", ("/blog-feed.xml",)),
    "typo3": System(r"content=[\"']TYPO3|typo3temp/|/typo3conf/", ("/?type=100", "/feed.xml", "/rss.xml")),
    "blogger": System(r"content=[\"']blogger|blogger\.com/static", ("/feeds/posts/default",)),
    "joomla": System(
        r"content=[\"']Joomla!|/media/(jui|system|vendor/joomla)[\w-]*/|/components/com_content/",
        ("/?format=feed&type=rss",),
    ),
    "drupal": System(r"content=[\"']Drupal|/sites/default/files/|drupal-settings-json", ("/rss.xml",)),
    "hexo": System(r"content=[\"'](Hexo|Hugo|Jekyll)", ("/atom.xml", "/index.xml", "/feed.xml")),
}
# Those that a source can name: a list is all it takes.
PRESETS: Mapping[str, System] = {name: one for name, one in SYSTEMS.items() if one.links}
