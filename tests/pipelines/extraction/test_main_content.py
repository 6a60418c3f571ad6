"""The body of a page is its article: all of it, and nothing of other articles."""

import pytest

from shopwire.pipelines.extraction.main_content import Body, Engine, extract_body
from shopwire.pipelines.parsing.document import parse_html

TOWNS = ("Aldwick", "Brenford", "Corby", "Dunmore", "Elsham", "Farley")
TOWNS += ("Garsdale", "Hexton", "Ilmer", "Jarrow", "Kelso", "Lydd")
SENTENCES = [
    f"The depot near {town} sorted {1300 + 71 * i} parcels an hour on its first day, and its manager "
    f"wants to rent {i + 2} more halls before the spring sale begins."
    for i, town in enumerate(TOWNS)
]
P = [f"<p>{sentence}</p>" for sentence in SENTENCES]
OTHER = [sentence.replace("depot", "bakery").replace("parcels", "loaves") for sentence in SENTENCES]
H1 = "<h1>Depots open in twelve towns</h1>"
HEADINGS = "<h2>What the halls cost</h2>", "<h2>Who pays for them</h2>"


def extract(html: str, url: str = "https://news.example/1") -> Body:
    """Return the body of a page with a menu and a footer round `html`."""
    page = f"<body><nav><a href=/>Home</a></nav>{html}<footer><p>Example Media, Leeds</p></footer></body>"
    return extract_body(parse_html(f"<html>{page}</html>".encode(), ""), url)


def make_cards(count: int) -> str:
    """Return teasers of other articles."""
    return "".join(
        f'<div class="card"><h3><a href="/{i}">Sofa maker number {i} files for help</a></h3>'
        f"<p>{OTHER[i % 12][:60]}</p></div>"
        for i in range(count)
    )


WHOLE = {
    "a state in the class name": f'<div class="piece comments-enabled">{H1}{"".join(P)}</div>'
    f'<div class="list">{make_cards(10)}</div>',
    "parts named after the layout": "".join(
        f'<div class="sidebar-layout"><div class="sidebar-layout__text">{"".join(P[i : i + 3])}</div></div>'
        for i in range(0, 12, 3)
    ),
    "sections named after their headings": f"<article>{H1}{''.join(P[:4])}"
    f'<section id="share-of-the-new-halls"><h2>The share of the new halls</h2>{"".join(P[4:8])}</section>'
    f'<section id="related-rents-in-towns"><h2>Related rents in towns</h2>{"".join(P[8:])}</section>'
    "</article>",
    "a list of links before a column": f"<article>{H1}<div>{''.join(P[:6])}</div>"
    "<div class=row><div><aside><div>"
    "<div>Most read</div><ol><li><a href=/1>Ten shops that closed</a><li><a href=/2>Cardboard dearer</a></ol>"
    f"</div></aside></div><div>{''.join(P[6:])}</div></div></article>",
    "illustrated sections": f"<article>{H1}<section class=part>{''.join(P[:8])}</section>"
    + "".join(
        f'<section class="part part--photo photo"><h2>The town hall</h2><img src=a.jpg>{paragraph}</section>'
        for paragraph in P[8:]
    )
    + "</article>",
    "paragraphs in nested sections": "<article>"
    + "".join(f"<section><section><span>{sentence}</span></section></section>" for sentence in SENTENCES)
    + "</article>",
    "a table for the layout": f"<table><tr><td>{H1}{''.join(P)}</td><td><a href=/>Home</a></td></tr></table>",
    "a paragraph that is a link": f"<article>{H1}{''.join(P[:5])}"
    f'<div><p><b><a href="/2">{SENTENCES[5]}</a></b></p></div>{"".join(P[6:])}</article>',
    "an aside with the headline": f"<aside>{H1}{''.join(P)}</aside><div>{make_cards(3)}</div>",
    "text between blocks": f"<article>{SENTENCES[0]}<br><br>{SENTENCES[1]}{''.join(P[2:])}</article>",
    "cards with links to other sites": f"<article>{H1}{''.join(P[:6])}"
    + "".join(
        f'<div class="entry"><h3><a href="https://shop{i}.test/">Shop {i}</a></h3>{P[i]}'
        "<a href=/go>Visit</a></div>"
        for i in range(6, 11)
    )
    + f"{P[11]}</article>",
    "numbered cards": f"<article>{H1}{''.join(P[:6])}"
    + "".join(f'<div class=tip><h3><a href="/go/{i}">{i}. Rent</a></h3>{P[i]}</div>' for i in range(6, 12))
    + "</article>",
    "items that begin with a link": f"<article>{H1}{''.join(P[:6])}<ul>"
    + "".join(f'<li><a href="/{i}">Brindle Post</a> says: {SENTENCES[i]}</li>' for i in range(6, 12))
    + "</ul></article>",
    "items that end with a link": f"<article>{H1}{''.join(P[:6])}<ul>"
    + "".join(f'<li>{SENTENCES[i][:-1]}, <a href="/{i}">as we said here</a></li>' for i in range(6, 12))
    + "</ul></article>",
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_body_is_whole(kind: str) -> None:
    text = "\n".join(extract(WHOLE[kind]).lines)
    assert [sentence for sentence in SENTENCES if sentence[:-1] not in text] == []
    assert "Sofa maker" not in text


WITHOUT = {
    "a nested second article": f"<main><article>{H1}{''.join(P)}<div><article><h2><a href=/2>Bread</a></h2>"
    f"<p>{'</p><p>'.join(OTHER[:7])}</p></article></div></article></main>",
    "an appended second article": f"<div><article>{H1}<div>By Ann Lee 19 Nov 2026</div>{''.join(P)}</article>"
    f"<article><h1>Bread</h1><div>By Bo Kay 18 Nov 2026</div><p>{'</p><p>'.join(OTHER)}</p></article></div>",
    "cards": f"<article>{H1}{''.join(P)}<div>{make_cards(6)}</div></article>",
    "links in a box of the body": f"<article>{H1}{''.join(P)}<ul><li><a href=/1>{OTHER[0][:50]}</a>"
    f"<li><a href=/2>{OTHER[1][:50]}</a></ul></article>",
}


@pytest.mark.parametrize("kind", WITHOUT)
def test_other_articles_are_left_out(kind: str) -> None:
    text = "\n".join(extract(WITHOUT[kind]).lines)
    assert [sentence for sentence in SENTENCES if sentence not in text] == []
    assert "bakery" not in text


def test_a_post_of_a_live_blog_is_part_of_it() -> None:
    posts = "".join(
        f"<article><h2>Post {i}</h2><div>19 Nov 2026 10:0{i}</div><p>{SENTENCES[i]}</p><p>{OTHER[i]}</p>"
        f"<p>{OTHER[i + 6]}</p></article>"
        for i in range(6)
    )
    text = "\n".join(extract(f"<main><article>{H1}{''.join(P[6:])}{posts}</article></main>").lines)
    assert [sentence for sentence in SENTENCES if sentence not in text] == []


def test_a_short_notice_is_not_the_list_below_it() -> None:
    events = "".join(f"<div><a href=/{i}>Event</a><div>{OTHER[i]}</div></div>" for i in range(6))
    notice = f"<div class=note>{H1}<div>{P[0]}{P[1]}</div></div>"
    text = "\n".join(extract(f"<div>{notice}<div><h2>Other dates</h2>{events}</div></div>").lines)
    assert SENTENCES[0] in text
    assert SENTENCES[1] in text
    assert "bakery" not in text


@pytest.mark.parametrize("heading", ["<a name=1 href=#1>What the halls cost</a>", "What the halls cost"])
def test_a_heading_stays_also_as_a_link(heading: str) -> None:
    body = extract(f"<article>{H1}{''.join(P[:4])}<h2>{heading}</h2>{''.join(P[4:])}</article>")
    assert "What the halls cost" in body.lines


def test_a_row_of_a_table_is_one_line() -> None:
    rows = "<tr><th>Platform<th>Fee<tr><td><p>Cartwheel</p><td>6 %<tr><td>Velmart<td><b>8</b> %"
    lines = extract(f"<article>{H1}{''.join(P[:6])}<table>{rows}</table>{''.join(P[6:])}</article>").lines
    assert {"Platform | Fee", "Cartwheel | 6 %", "Velmart | 8 %"} <= set(lines)


def test_a_text_that_a_page_has_twice_is_kept_once() -> None:
    lines = extract(f"<article>{H1}<div>{''.join(P)}</div><div>{''.join(P)}</div></article>").lines
    assert [lines.count(sentence) for sentence in SENTENCES] == [1] * 12


def test_a_question_that_is_asked_three_times_stays() -> None:
    asked = f"<p>{OTHER[0]}</p>"
    lines = extract(f"<article>{H1}{asked}{P[0]}{asked}{P[1]}{asked}{''.join(P[2:])}</article>").lines
    assert lines.count(OTHER[0]) == 3


def test_joiners_stay() -> None:
    word = "\u0646\u0645\u06cc\u200c\u0634\u0648\u062f"
    assert f"{word}." in "\n".join(extract(f"<article>{H1}{''.join(P)}<p>{word}.</p></article>").lines)


def test_trafilatura_gives_the_body_unless_it_keeps_little() -> None:
    assert extract(f"<article>{H1}{''.join(P)}</article>").engine is Engine.TRAFILATURA
    # trafilatura takes this class for a rating.
    boxes = "".join(f'<div class="rating">{P[i]}{P[i + 1]}</div>' for i in (6, 8, 10))
    body = extract(f"<article>{H1}{''.join(P[:6])}{boxes}</article>")
    assert body.engine is Engine.OWN
    assert [sentence for sentence in SENTENCES if sentence not in body.lines] == []
