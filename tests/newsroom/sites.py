"""The six sites: their titles, the markup of their CMS, and where they list their articles."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.newsroom import feeds
from tests.newsroom.content import Article
from tests.newsroom.document import Document

Feed = Callable[[str, Sequence[Article], str], Document]


@dataclass(frozen=True)
class Site:
    """One virtual host, `<name>.localhost`; its templates and articles are in folders of its name."""

    name: str
    title: str
    # How the CMS formats the three kinds of line in a body.
    paragraph: str
    heading: str
    picture: str
    date: str  # strftime, as printed on the article page
    feeds: Mapping[str, Feed] = field(default_factory=dict)
    # Listing pages: the first page's path, the later ones' pattern, articles on each.
    first_page: str = "/"
    later_pages: str = ""
    page_size: int = 100
    next_label: str = ""
    origin: str = ""

    @property
    def host(self) -> str:
        """The name in the Host header, without its port."""
        return f"{self.name}.localhost"


SITES = (
    # A merchant portal's machine-translated newsroom: listing pages, div soup, modals.
    Site(
        name="crown",
        title="Golden Crown Club",
        paragraph='<p><span style="font-size: 16px;">{text}</span></p><p><br/></p>',
        heading='<p><strong style="font-size: 18px;">{text}</strong></p><p><br/></p>',
        picture='<p style="text-align: center;"><img src="/upload/image/{number}.png" alt=""/></p>',
        date="%Y-%m-%d",
        first_page="/news/",
        later_pages="/news/page_{}.html",
        page_size=4,
        next_label="Next",
    ),
    # A Chinese blog on shop decoration: RSS with short descriptions, captions left in the text.
    Site(
        name="meigong",
        title="疯狂的美工官网",
        paragraph="<p>{text}</p>",
        heading="<h2>{text}</h2>",
        picture='<p align="center"><img src="/upload/{number}.jpg" title="{text}"><br>{text}</p>',
        date="%Y-%m-%d %H:%M:%S",
        feeds={"/rss.xml": feeds.rss},
    ),
    # An English daily on a modern CMS: Atom, <article>, JSON-LD, comments.
    Site(
        name="eastgate",
        title="Eastgate Daily",
        paragraph="<p>{text}</p>",
        heading="<h2>{text}</h2>",
        picture='<figure><img src="/{number}.jpg"><figcaption>{text}</figcaption></figure>',
        date="%d %B %Y",
        feeds={"/feed.atom": feeds.atom},
    ),
    # A translating mirror in a table layout of 2004: its only list is a JSON API.
    Site(
        name="mirror",
        title="Trade Mirror",
        paragraph='<p><font size="3">{text}</font></p>',
        heading='<p><font size="3"><b>{text}</b></font></p>',
        picture='<p align="center"><img src="/pic/{number}.jpg" border="0"></p>',
        date="%Y-%m-%d %H:%M:%S",
        origin="interface news",
    ),
    # A seller-tool firm's notes: sitemap index, gzip sitemap, news sitemap.
    Site(
        name="xiaoxi",
        title="小玺君电商笔记",
        paragraph='<section><p style="margin-bottom:24px">{text}</p></section>',
        heading='<section><p style="text-align:center"><strong>{text}</strong></p></section>',
        picture='<section><img data-src="/img/{number}.webp" /></section>',
        date="%Y年%m月%d日 %H:%M",
        feeds={
            "/sitemap.xml": feeds.sitemap_index,
            "/sitemaps/articles.xml.gz": feeds.sitemap,
            "/sitemaps/news.xml": feeds.news_sitemap,
        },
        origin="小玺君",
    ),
    # A reposting portal of several ages and charsets: listing pages, reposts, refusals.
    Site(
        name="zhuanzai",
        title="网商快讯",
        paragraph="<p>　　{text}</p>",
        heading="<p>　　<strong>{text}</strong></p>",
        picture='<p align="center"><img src="/d/file/{number}.jpg" alt="{text}" /></p>',
        date="%Y-%m-%d %H:%M",
        first_page="/list.php",
        later_pages="/list.php?page={}",
        page_size=5,
        next_label="下一页",
        origin="网络",
    ),
)

BY_HOST = {site.host: site for site in SITES}
