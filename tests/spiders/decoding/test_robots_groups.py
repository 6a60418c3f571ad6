"""The rules of a robots.txt for one crawler are those that Protego finds in all of it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from protego import Protego

from shopwire.spiders.decoding.robots_groups import reduce_robots

AGENT = "shopwire/0.1 (+https://news-desk.example/bot)"
NAMES = (
    "*",
    "shopwire",
    "Shopwire",
    "shop",
    "wire",
    "news",
    "desk",
    "bot",
    "*bot*",
    "other",
    "",
    "shopwire*",
)
PATHS = ("/", "/a", "/a/b", "/*.php", "/a$", "")
LINES = st.one_of(
    st.sampled_from(NAMES).map("User-agent: {}".format),
    st.sampled_from(NAMES).map("useragent {}".format),
    st.sampled_from(PATHS).map("Disallow: {}".format),
    st.sampled_from(PATHS).map("allow:{} # why".format),
    st.sampled_from(
        (
            "",
            "useragent",
            "disallow",
            "Disallow /b",
            "for all",
            "Sitemap /s.xml",
            "# User-agent: *",
            "Sitemap: /s.xml",
            "Host: x",
            "Crawl-delay: 3",
            "Noindex: /",
        )
    ),
)


@given(st.lists(LINES, max_size=14))
# Two names of one length, of which the first counts.
@example(["User-agent: shop", "Disallow: /a", "User-agent: news", "Disallow: /b"])
@example(["User-agent: *", "Disallow: /a", "User-agent: s", "Disallow: /b"])
@example(["User-agent: s", "User-agent: *", "Disallow: /a", "User-agent: *", "Disallow: /b"])
# Neither a comment nor the line of a sitemap ends a group.
@example(["User-agent: shop", "# Note: x", "User-agent: news", "Disallow: /a"])
@example(["User-agent: shop", "Sitemap: /s.xml", "User-agent: news", "Disallow: /a"])
@example(["User-agent: shop", "", "User-agent: news", "Disallow: /a"])
def test_rules_are_the_same_as_in_the_whole_file(lines: list[str]) -> None:
    body = "\n".join(lines)
    whole, reduced = Protego.parse(body), Protego.parse(reduce_robots(body.encode(), AGENT).decode())
    for path in ("/", "/a", "/a/b", "/x.php", "/b"):
        url = f"https://news.example{path}"
        assert reduced.can_fetch(url, AGENT) == whole.can_fetch(url, AGENT), body
    assert reduced.crawl_delay(AGENT) == whole.crawl_delay(AGENT), body


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        ("User-agent: shop|Disallow: /a # why||User-agent: *|Disallow: /b", "User-agent: shop|Disallow: /a|"),
        ("User-agent: shop|Disallow: /a|User-agent: news|Disallow: /b", "User-agent: shop|Disallow: /a|"),
        ("User-agent: s|Disallow: /a|User-agent: *|Disallow: /b", "User-agent: s|Disallow: /a|"),
        ("User-agent: *bot*|Disallow: /a", "User-agent: bot|Disallow: /a|"),
        ("User-agent: *|Disallow: /a|User-agent: *|Disallow: /b", "User-agent: *|Disallow: /a|Disallow: /b|"),
        # Neither a sitemap nor an empty line ends a group, a rule does.
        ("User-agent: shop|Sitemap: /s||User-agent: other|Disallow: /a", "User-agent: shop|Disallow: /a|"),
        (
            "User-agent: other|Disallow: /|User-agent: shop|User-agent: another|Disallow: /a",
            "User-agent: shop|Disallow: /a|",
        ),
        # No product of ours begins with it, or no name of a group is ours.
        ("User-agent: wire|Disallow: /a", ""),
        ("User-agent: other|Disallow: /a", ""),
    ],
)
def test_the_rules_of_our_longest_name_are_kept(lines: str, kept: str) -> None:
    assert reduce_robots(lines.replace("|", "\n").encode(), AGENT) == kept.replace("|", "\n").encode()


def test_a_byte_that_is_no_text_costs_no_rule() -> None:
    assert reduce_robots(b"User-agent: *\nDisallow: /a\xff\n", AGENT) == b"User-agent: *\nDisallow: /a\n"


@pytest.mark.fault("22a", "robots.txt: thousands of agents in one group with thousands of rules", "read")
def test_rules_are_kept_once_for_all_agents_of_a_group() -> None:
    agents = b"".join(b"User-agent: a%d\n" % number for number in range(20_000))
    rules = b"".join(b"Disallow: /%d\n" % number for number in range(20_000))
    assert reduce_robots(agents + rules, AGENT) == b""
    kept = reduce_robots(agents + b"User-agent: *\n" + rules, AGENT)
    assert kept == b"User-agent: *\n" + rules


def test_names_that_are_all_parts_of_ours_count_once() -> None:
    parts = [AGENT[start:end].encode() for start in range(10) for end in range(start + 1, len(AGENT))]
    agents = b"".join(b"User-agent: %s\n" % part for part in parts)
    kept = reduce_robots(agents + b"Disallow: /x\n", AGENT)
    assert kept.count(b"\n") == 2
    assert not Protego.parse(kept.decode()).can_fetch("https://a.example/x", AGENT)
