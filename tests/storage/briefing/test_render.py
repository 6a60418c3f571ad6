"""A briefing as Markdown, HTML, JSON and Atom says the same, and scraped text stays text."""

import json
from datetime import date

import feedparser

from shopwire.storage.briefing.build import (
    Briefing,
    Mover,
    NewFigure,
    NewSource,
    Report,
    SourceInTrouble,
    TopStory,
)
from shopwire.storage.briefing.feed import build_feed
from shopwire.storage.briefing.render import render_json, render_markdown, render_page

HOME = "https://news.example/"
DAY = date(2026, 11, 20)


def a_report(number: int = 1, **more: str) -> Report:
    values = {"title": f"Title {number}", "url": f"https://blog.example/{number}", "source": "A blog"}
    return Report(number, **values | {"language": "en", "time": "2026-11-20T08:00"} | more)


def a_briefing(report: Report, until: date = DAY) -> Briefing:
    chinese = a_report(2, title="义乌新仓", language="zh")
    return Briefing(
        since=DAY,
        until=until,
        articles=1200,
        sources=1,
        stories=(TopStory(9, 2, 3, chinese, chinese, report),),
        movers=(Mover("Temu", "platform", 1, 0.25, (report,)),),
        figures=(NewFigure(1.2e9, "cny", "It cost 1.2 billion yuan.", report),),
        new_sources=(NewSource("A blog", "The first paragraph.", report),),
        attention=(SourceInTrouble("B", "blocked", "3 of 3 requests got 403", None),),
        more_attention=4,
    )


def test_markdown_links_articles_on_the_web() -> None:
    text = render_markdown(a_briefing(a_report()))
    assert text.startswith("# E-commerce news of 2026-11-20\n\n1,200 articles from 1 source.")
    assert (
        "- **[义乌新仓](https://blog.example/2)** · **[Title 1](https://blog.example/1)**: "
        "3 articles, 2 sources; first A blog, 2026-11-20 08:00\n"
    ) in text
    assert "- **Temu** (platform): 1 article instead of 0.2 on average: [Title 1](https" in text
    assert "- **1,200,000,000 CNY**: It cost 1.2 billion yuan. ([Title 1](https" in text
    assert "- **A blog**: [Title 1](https://blog.example/1): The first paragraph.\n" in text
    assert "- **B** is blocked: 3 of 3 requests got 403; last article: never\n- 4 more\n" in text


def test_with_an_address_of_our_site_links_lead_there() -> None:
    text = render_markdown(a_briefing(a_report()), HOME)
    assert "[Title 1](https://news.example/article/1)" in text
    assert "[3 articles, 2 sources](https://news.example/story/9)" in text
    assert "blog.example" not in text


def test_an_empty_section_says_so() -> None:
    empty = Briefing(DAY, date(2026, 11, 21), 0, 0, (), (), (), (), (), 0)
    text = render_markdown(empty)
    assert text.startswith("# E-commerce news from 2026-11-20 to 2026-11-21\n")
    assert text.count("Nothing in this period.") == text.count("\n## ") == 5


def test_scraped_text_stays_text() -> None:
    hostile = a_report(
        title="# *a* <script>x</script> [b](http://c.example)\n\u202e", url="javascript:alert(1)"
    )
    page = render_page(a_briefing(hostile))
    assert "# *a* &lt;script&gt;x&lt;/script&gt; [b](http://c.example)" in page
    assert "<script" not in page
    assert "javascript:" not in page
    assert "\u202e" not in page


def test_an_address_cannot_end_its_link() -> None:
    strange = a_report(url="https://blog.example/a) [b](c) <d>")
    page = render_page(a_briefing(strange))
    assert 'href="https://blog.example/a%29%20%5Bb%5D%28c%29%20%3Cd%3E"' in page


def test_json_has_all_fields_and_the_rules() -> None:
    fields = json.loads(render_json(a_briefing(a_report())))
    assert fields["since"] == "2026-11-20"
    assert fields["stories"][0]["chinese"]["title"] == "义乌新仓"
    assert fields["movers"][0]["expected"] == 0.25
    assert "28 days" in fields["movers_rule"]


def test_the_feed_has_one_entry_a_day_which_ends_at_midnight() -> None:
    feed = feedparser.parse(build_feed([a_briefing(a_report())], HOME))
    (entry,) = feed.entries
    assert not feed.bozo
    assert entry.id == "urn:shopwire:brief:2026-11-20"
    assert entry.link == "https://news.example/brief/2026-11-20"
    assert entry.updated == "2026-11-21T00:00:00+00:00"
    assert 'href="https://news.example/article/1"' in entry.content[0].value


def test_a_feed_without_days_is_a_feed() -> None:
    feed = feedparser.parse(build_feed([], HOME))
    assert not feed.bozo
    assert feed.entries == []
