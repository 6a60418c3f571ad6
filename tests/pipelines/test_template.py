"""The short way to an article: taken where a page is made like others of its site, and only there."""

from dataclasses import replace

import pytest

from shopwire.pipelines.article import Article
from shopwire.pipelines.extract_article import refine
from shopwire.pipelines.site import Site
from shopwire.pipelines.template import Template
from shopwire.spiders.page import Page
from tests.support.makers import a_page

SENTENCES = (
    "The platform said that its warehouse in Yiwu now ships 2.6 million parcels a day to sellers abroad.",
    "Merchants who tried it in the spring report that returns fell by a third within two months.",
    "A second warehouse is to open before the autumn, the company told our reporter on Tuesday.",
)
BYLINE = "<p class='byline'>By Jane Miller</p><time>2026-11-20 08:30</time>"
LAYOUT = """<html lang="en"><head><title>{title} - The Parcel</title></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<div class="page"><div class="column" id="post-{number}"><h1>{title}</h1>{byline}
<div class="text">{text}</div></div>
<div class="side">{side}</div></div><footer>All rights reserved.</footer></body></html>"""


def site_page(number: int, **parts: str) -> Page:
    """A page of one site: `parts` go in place of what its layout, byline, text and side are."""
    values = {
        "title": f"Warehouse {number} opens its doors to sellers",
        "number": str(number),
        "byline": BYLINE,
        "text": "".join(f"<p>{sentence} ({number})</p>" for sentence in SENTENCES),
        "side": "",
    }
    body = parts.pop("layout", LAYOUT).format(**{**values, **parts})
    return a_page(f"https://parcel.example/{number}", body.encode())


def learned(page: Page) -> Template:
    """What studying a page teaches."""
    article = refine(page, Site(to_study=True))
    assert isinstance(article, Article)
    assert article.lesson
    assert article.lesson.template
    return article.lesson.template


@pytest.fixture
def warm() -> Site:
    return Site(templates=(learned(site_page(1)),))


def test_a_page_made_alike_gives_the_article_of_the_whole_page(warm: Site) -> None:
    page = site_page(22)
    article = refine(page, warm)
    assert article == refine(page)
    assert isinstance(article, Article)
    assert article.author == "Jane Miller"
    assert article.published.startswith("2026-11-20T08:30")


def test_nothing_else_of_such_a_page_is_read() -> None:
    layout = LAYOUT.replace("{side}", "").replace("All rights reserved.", "{side}")
    warm = Site(templates=(learned(site_page(1, layout=layout)),))
    advertorial = "".join(f"<p>{sentence} Order now.</p>" for sentence in SENTENCES * 4)
    page = site_page(23, layout=layout, side=advertorial)
    assert "Order now." in str(refine(page))
    assert "Order now." not in str(refine(page, warm))


@pytest.mark.parametrize(
    "text",
    [
        '{text}</div><div class="text">{more}',
        '{text}</div><div class="advert">Advertisement</div><div class="rest">{more}',
        "{text}</div>{more}<div>",
        '{text}</div></div><div class="live">{more}',
    ],
)
def test_an_article_that_goes_on_outside_of_its_container_loses_nothing(
    warm: Site, text: str
) -> None:
    first, *more = (f"<p>{sentence} {sentence}</p>" for sentence in SENTENCES * 2)
    page = site_page(24, text=text.format(text=first * 2, more="".join(more)))
    article = refine(page, warm)
    assert isinstance(article, Article)
    assert article == refine(page)
    assert all(sentence in article.text for sentence in SENTENCES)


MOVED = LAYOUT.replace('class="column"', 'class="story"')
FALLS_BACK = {
    "made otherwise": site_page(24, layout=MOVED),
    "a container that says little": site_page(
        25, text="<p>Read the whole story.</p>", side=f"<p>{' '.join(SENTENCES * 2)}</p>"
    ),
    "mostly links": site_page(
        26, text=f"<p><a href='/x'>{' '.join(SENTENCES)}</a></p>", side=f"<p>{' '.join(SENTENCES)}"
    ),
    "a field that stands elsewhere": site_page(27, byline="", side=BYLINE),
    "no article": site_page(28, title="Oops", text="<p>404: this page does not exist.</p>"),
}


@pytest.mark.parametrize("page", FALLS_BACK.values(), ids=FALLS_BACK)
def test_any_other_page_is_read_as_a_whole(warm: Site, page: Page) -> None:
    assert refine(page, warm) == refine(page)


def test_a_template_that_leads_elsewhere_is_told_of() -> None:
    right = learned(site_page(1))
    wrong = Template("div#.page/div#.side", 0, beside=9)
    advertorial = "".join(f"<p>{sentence} Order now.</p>" for sentence in SENTENCES)
    site = Site(templates=(wrong, right), to_study=True)
    article = refine(site_page(2, side=advertorial), site)
    assert isinstance(article, Article)
    assert article.lesson
    assert article.lesson.template
    assert article.lesson.template.path == right.path
    assert article.lesson.wrong == (wrong,)


def test_a_page_whose_text_stands_in_its_body_alone_teaches_nothing() -> None:
    bare = site_page(1, layout="<body><h1>{title}</h1>{byline}{text}</body>")
    article = refine(bare, Site(to_study=True))
    assert isinstance(article, Article)
    assert article.lesson
    assert article.lesson.template is None


def test_what_a_page_teaches_is_no_part_of_the_article() -> None:
    page = site_page(1)
    article = refine(page, Site(to_study=True))
    assert isinstance(article, Article)
    assert article == refine(page) == replace(article, lesson=None)
