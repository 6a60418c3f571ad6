"""What of a page is displayed, and what is named for boilerplate."""

import pytest
from lxml import html

from shopwire.pipelines.extraction.layout import build_layout
from shopwire.pipelines.extraction.main_content import extract_body

P = [
    "The ferry company Nordsund will carry parcels for three online shops from the first of May.",
    "Its night boats have room for nine hundred cages, of which a third has been empty until now.",
    "A driver takes the cages from the quay to the sorting hall before the first train leaves.",
    "The shops pay by the cage and not by weight, which suits sellers of lamps and of pillows.",
    "Insurers asked for sealed doors, so that every cage is now closed with a numbered wire.",
    "The contract runs for two years and may be ended by either side at the turn of a year.",
]
MORE = [f"From autumn on, the firm wrote, {line}" for line in P]
BOX = "You may want to know that this box was written by the shop department and not by us."


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def extract(body: str) -> list[str]:
    return extract_body(html.fromstring(f"<html><body>{body}</body></html>")).lines


@pytest.mark.parametrize(
    "box",
    [
        f"<p class='sr-only'>{BOX}</p>",
        f"<div class='u-visually-hidden note'><p>{BOX}</p></div>",
        f"<div class='hidden'><p>{BOX}</p></div>",
        f"<div style='Visibility: HIDDEN'><p>{BOX}</p></div>",
        f"<p style='position:absolute; left:-9999px'>{BOX}</p>",
        f"<amp-consent><div><p>{BOX}</p></div></amp-consent>",
        f"<div fallback><p>{BOX}</p></div>",
        f"<x-facts role='complementary'><h3>Facts</h3><ul><li>{BOX}</li></ul></x-facts>",
        f"<div role='dialog'><p>{BOX}</p></div>",
        f"<div class='css-1'><p>{BOX}</p><input type='email'></div>",
        f"<div class='fact-box'><p>{BOX}</p></div>",
        f"<section class='sign-in-group'><p>{BOX}</p></section>",
        "<div>" + "".join(f"<h4>{n}/4 Lamp</h4><p>{BOX}</p>" for n in range(1, 5)) + "</div>",
        "".join(f"<div><h4>{n} of 3</h4><p>{BOX}</p></div>" for n in range(1, 4)),
    ],
)
def test_a_box_in_the_body_goes(box: str) -> None:
    text = f"{paragraphs(P[:3])}<section>{box}</section>{paragraphs(P[3:] + MORE)}"
    assert extract(f"<article>{text}</article>") == [*P, *MORE]


@pytest.mark.parametrize(
    "names",
    [
        "class='story comments-open share_enabled'",
        "class='sidebar-grid sidebar-grid--narrow'",
        "class='post category-newsletter tag-share'",
        "class='hidden md:block'",
        "id='menu-of-lamps-and-pillows'",
    ],
)
def test_switches_layouts_and_slugs_are_no_boilerplate(names: str) -> None:
    parts = (
        f"<section {names}><h2>The menu of lamps and pillows</h2>{paragraphs([line])}</section>" for line in P
    )
    assert [line for line in extract(f"<article>{''.join(parts)}</article>") if line in P] == P


def test_a_section_named_for_its_picture_stays() -> None:
    section = f"<section class='entry image'><h2>On the quay</h2><img src=a.png>{paragraphs(P[5:])}</section>"
    assert [line for line in extract(f"<article>{paragraphs(P[:5])}{section}</article>") if line in P] == P


def test_an_article_that_is_hidden_behind_its_lead_is_found() -> None:
    notice = f"<div class='cookie-note' hidden>{paragraphs([BOX] * 9)}</div>"
    rest = f"<div class='rest' hidden>{paragraphs(P[2:])}</div>"
    assert extract(f"<article>{paragraphs(P[:2])}{rest}</article>{notice}") == P


def test_hidden_text_is_left_out_of_a_long_page() -> None:
    long = paragraphs([*P, *MORE] * 2)
    layout = build_layout(html.fromstring(f"<body>{long}<div hidden>{long}{long}</div></body>"))
    assert len(layout.lines) == 24


def test_the_caption_is_the_text_of_a_photo_story() -> None:
    caption = f"{P[0]} {P[1]}"
    photo = f"<div class=shot><figure><img src=a.png><figcaption>{caption}</figcaption></figure></div>"
    rights = f"<div class=three>Copyright 2009 - 2026. All rights reserved. {P[4]} {P[5]}</div>"
    assert caption in extract(f"<h1>Night boats</h1>{photo}{rights}")
