"""Headings, lists, quotations, tables, links and emphasis of an article are in its Markdown."""

from pathlib import Path

import pytest

from shopwire.pipelines.article import Article
from shopwire.pipelines.extract_article import extract_article
from shopwire.storage.text.folding import hash_line
from shopwire.storage.text.markdown import read_plain_lines
from tests.newsroom.content import load
from tests.newsroom.pages import article_page
from tests.newsroom.sites import SITES, Site
from tests.support.makers import a_page

TESTS = Path(__file__).parents[2]
GOLDEN = sorted(path.with_suffix(".html") for path in (TESTS / "pages").glob("*.txt"))
SEEDS = sorted((TESTS / "seeds").glob("???.txt"))

LEAD = (
    "<p>The port of Rotterdam <b>raises its fees</b> for parcels from January, as it "
    '<a href="/2026/plan?a=(1)">announced in its plan</a> for the coming year.</p>'
    "<p>Sellers with fewer than ten parcels a day pay nothing, the port authority told the traders.</p>"
)
END = (
    "<p>Traders have until the end of March to object, and the port will answer each of them in writing.</p>"
    "<p>The last change of the fees was in 2019, when the port had asked for a third more than before.</p>"
)


def extract(html: str, site_lines: tuple[str, ...] = ()) -> Article:
    body = f"<html><title>Port raises fees</title><body><article><h1>Port raises fees</h1>{html}</article>"
    page = a_page("https://news.example/2026/fees.html", body.encode())
    article = extract_article(page, frozenset(map(hash_line, site_lines)))
    assert isinstance(article, Article), article
    assert read_plain_lines(article.markdown) == article.text.split("\n")
    return article


def between(html: str, site_lines: tuple[str, ...] = ()) -> str:
    """Return the Markdown of what is between lead and end of the article."""
    markdown = extract(LEAD + html + END, site_lines).markdown
    return markdown.partition("told the traders.\n\n")[2].partition("\n\nTraders have")[0]


def test_links_and_emphasis() -> None:
    article = extract(LEAD + END)
    assert article.markdown.startswith(
        "The port of Rotterdam **raises its fees** for parcels from January, as it "
        "[announced in its plan](<https://news.example/2026/plan?a=(1)>) for the coming year.\n\nSellers"
    )
    assert article.text.startswith("The port of Rotterdam raises its fees for parcels")


STRUCTURES = {
    "headings": (
        (
            "<h2>What <b>it</b> costs</h2><p>It costs as much as a parcel weighs, in euros.</p><h3>C #</h3>"
            "<p>The letter C is for crates that two people cannot lift.</p>"
        ),
        (
            "## What it costs\n\nIt costs as much as a parcel weighs, in euros.\n\n### C \\#\n\n"
            "The letter C is for crates that two people cannot lift."
        ),
    ),
    "lists": (
        (
            "<ol><li>Weigh the parcel on the scales</li><li>Pay at the gate before noon</li></ol>"
            "<ul><li>Boxes and bags<ul><li>of paper or of cloth</li></ul></li><li>Crates of wood</li></ul>"
        ),
        (
            "1. Weigh the parcel on the scales\n2. Pay at the gate before noon\n\n"
            "- Boxes and bags\n    - of paper or of cloth\n- Crates of wood"
        ),
    ),
    "a quotation": (
        "<blockquote><p>We pay for every crane, says the port.</p><p>Nobody else does.</p></blockquote>",
        "> We pay for every crane, says the port.\n>\n> Nobody else does.",
    ),
    "a table of fees": (
        (
            "<table><tr><th>Weight<th>Fee<th>Note</tr><tr><td>to 2 kg<td>€ 1.20<td></tr>"
            "<tr><td>to 5 kg<td>-<td>* on <a href='https://b.example/r'>request</a></tr>"
            "<tr><td>a|b<td>€ 4<td><b>new</b></tr></table>"
        ),
        (
            "| Weight | Fee | Note |\n|---|---|---|\n| to 2 kg | € 1.20 | |\n"
            "| to 5 kg | - | \\* on [request](https://b.example/r) |\n| a\\|b | € 4 | **new** |"
        ),
    ),
    "a table with cells over several rows and columns": (
        (
            "<table><tr><th rowspan=2>Goods<th colspan=2>Fee</tr><tr><td>to 2 kg<td>more</tr>"
            "<tr><td rowspan=2>Shoes<td>€ 1<td>€ 2</tr><tr><td>5 %<td>6 %<td>7 %</tr></table>"
        ),
        (
            "| Goods | Fee | | |\n|---|---|---|---|\n| | to 2 kg | more | |\n"
            "| Shoes | € 1 | € 2 | |\n| | 5 % | 6 % | 7 % |"
        ),
    ),
    "emphasis round punctuation": (
        "<p><strong>注意：</strong>平台将从明年一月起对<b>“小包裹”</b>收费，<i>卖家需提前准备。</i>请查看通知。</p>",
        "**注意**：平台将从明年一月起对“**小包裹**”收费，*卖家需提前准备*。请查看通知。",
    ),
    "links within emphasis": (
        (
            '<p>It was in <em><a href="https://a.example/s">Science</a></em> and '
            '<em><a href="https://a.example/n">Nature</a></em>, respectively, '
            "<b>and <i>also</i></b> in the news.</p>"
        ),
        (
            "It was in [Science](https://a.example/s) and [Nature](https://a.example/n), respectively, "
            "**and also** in the news."
        ),
    ),
    "text that looks like Markdown": (
        (
            "<p># 1 of *all* ports_in_Europe &lt;b&gt; [sic](javascript:alert(1)) says the paper today.</p>"
            "<p>1. Not a list, as a human reader of this paragraph can see.</p>"
        ),
        (
            "\\# 1 of \\*all\\* ports\\_in\\_Europe \\<b> \\[sic\\](javascript:alert(1)) says the paper "
            "today.\n\n1\\. Not a list, as a human reader of this paragraph can see."
        ),
    ),
    "links that lead nowhere": (
        (
            '<p>See <a href="javascript:alert(1)">the notice</a>, <a href="mailto:a@b.example">write</a> '
            "or <a>ask at the gate</a>, "
            'where <a href="//cdn.example/x y">maps</a> are sold as well.</p>'
        ),
        (
            "See the notice, write or ask at the gate, where [maps](<https://cdn.example/x y>) "
            "are sold as well."
        ),
    ),
}


@pytest.mark.parametrize("kind", STRUCTURES)
def test_structure_is_kept(kind: str) -> None:
    html, expected = STRUCTURES[kind]
    assert between(html) == expected


def test_what_is_no_part_of_the_text_is_no_part_of_the_markdown() -> None:
    html = (
        "<p><b>Subscribe</b> to our <a href='/letter'>morning letter</a> today.</p>"
        "<table><tr><th>Our shops<th>Town</tr><tr><td>to 2 kg<td>€ 1</tr><tr><td>to 5 kg<td>€ 3</tr></table>"
    )
    learned = ("Subscribe to our morning letter today.", "Our shops | Town")
    assert between(html, learned) == "| to 2 kg | € 1 |\n|---|---|\n| to 5 kg | € 3 |"


def test_a_body_in_a_script_is_paragraphs() -> None:
    lines = [f"Line {i} of the report: *all* fees of port {i} rise again, its owner said." for i in range(9)]
    body = "\\n".join(lines)
    html = f'<script type="application/ld+json">{{"@type":"NewsArticle","articleBody":"{body}"}}</script>'
    page = a_page(body=f"<html><title>Port raises fees</title>{html}<body><p>Loading".encode())
    article = extract_article(page)
    assert isinstance(article, Article)
    assert article.markdown.split("\n\n")[0] == lines[0].replace("*", "\\*")
    assert read_plain_lines(article.markdown) == article.text.split("\n") == lines


@pytest.mark.parametrize("file", [*GOLDEN, *SEEDS], ids=lambda path: path.name)
def test_the_text_of_a_golden_page_is_the_plain_form_of_its_markdown(file: Path) -> None:
    kind = "text/plain" if file.suffix == ".txt" else "text/html"
    article = extract_article(a_page(body=file.read_bytes(), content_type=kind))
    assert isinstance(article, Article)
    assert read_plain_lines(article.markdown) == article.text.split("\n")


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_the_text_of_a_newsroom_page_is_the_plain_form_of_its_markdown(site: Site) -> None:
    articles = load(site.name, 1)
    pages = [article_page(site, article, articles, "http://news.example") for article in articles]
    results = [extract_article(a_page(body=one.body, content_type=one.content_type)) for one in pages]
    extracted = [result for result in results if isinstance(result, Article)]
    assert extracted
    for article in extracted:
        assert read_plain_lines(article.markdown) == article.text.split("\n")


def test_a_short_text_keeps_its_lines() -> None:
    sentences = [
        "青禾仓配宣布明年春天关闭两座分拨中心。",
        "两地共有三百四十名员工。",
        "补偿方案的谈判下周开始。",
    ]
    html = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    head = "<html><title>青禾仓配关闭两座中心</title><body><main><h1>青禾仓配关闭两座中心</h1>"
    page = f"{head}<time>2026-11-21</time>{html}</main>"
    article = extract_article(a_page("https://news.example/2026/qinghe.html", page.encode()))
    assert isinstance(article, Article), article
    assert article.text.split("\n") == sentences
