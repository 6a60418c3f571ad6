"""`sources.toml`: tables become sources, and what is wrong is named with its line."""

from pathlib import Path

import pytest

from shopwire.commands.common.source_registry import get_loader, load_settings, load_sources
from shopwire.spiders.api import ApiSource
from shopwire.spiders.base import Source
from shopwire.spiders.feed import FeedSource
from shopwire.spiders.http.resolver import LOOPBACK_SETTING
from shopwire.spiders.listing import ListingSource
from shopwire.spiders.sitemap import SitemapSource
from shopwire.spiders.user_sources.build_source import load_user_sources
from shopwire.spiders.user_sources.detected_source import DetectedSource
from shopwire.spiders.user_sources.loader import SourceLoader
from shopwire.spiders.user_sources.source_file import LARGEST_FILE

GOOD = '[sources.good]\nfeeds = ["https://good.example/feed/"]\n'


class Shipped(ListingSource):
    name = "shipped"
    title = "Shipped"
    home = "https://shipped.example/"
    region = "CN"
    topic = "trade"
    lists = ["https://shipped.example/news"]
    links = ".old a"
    on_by_default = False


def read(
    folder: Path, text: str | bytes, allows_loopback: bool = False
) -> tuple[dict[str, type[Source]], list[str]]:
    path = folder / "sources.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    sources, problems = load_user_sources(path, {"shipped": Shipped}, allows_loopback)
    return sources, [str(problem).removeprefix(str(path)) for problem in problems]


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ('feeds = ["https://a.example/feed"]', FeedSource),
        ('sitemaps = ["https://a.example/sitemap.xml"]\npages = "/news/"', SitemapSource),
        ('lists = ["https://a.example/news"]\nlinks = ".news a"', ListingSource),
        ('lists = ["https://a.example/news"]\ncms = "dedecms"', DetectedSource),
        ('lists = ["https://a.example/news"]', DetectedSource),
        ('lists = ["https://a.example/api"]\nrows = "data"\nlink = "https://a.example/{id}"', ApiSource),
    ],
)
def test_the_keys_choose_the_kind(tmp_path: Path, lines: str, kind: type[Source]) -> None:
    sources, problems = read(tmp_path, f"[sources.mine]\n{lines}\n")
    assert problems == []
    assert sources["mine"].__mro__[1] is kind
    assert sources["mine"].home == "https://a.example/"
    assert sources["mine"]().name == "mine"


def test_all_attributes_and_settings_are_taken_over(tmp_path: Path) -> None:
    text = """
[sources.mine]
title = "样例"
home = "https://www.a.example/"
language = "en"
feeds = ["https://a.example/feed"]
hosts = ["b.example"]
enabled = false
delay = 3
cookies = { session = "1", theme = "2" }
headers = { Referer = "https://a.example/" }
proxy = "http://proxy.example:8080"
[sources.mine.aliases]
"m.a.example" = "www.a.example"
"""
    source = read(tmp_path, text)[0]["mine"]
    assert (source.title, source.language, source.on_by_default) == ("样例", "en", False)
    assert source.aliases == {"m.a.example": "www.a.example"}
    settings = source.custom_settings
    assert settings is not None
    assert settings["DOWNLOAD_DELAY"] == 3.0
    assert settings["SHOPWIRE_SOURCE_HEADERS"] == {
        "Referer": "https://a.example/",
        "Cookie": "session=1; theme=2",
    }
    assert settings["SHOPWIRE_PROXY"] == "http://proxy.example:8080"


def test_a_table_with_a_shipped_name_changes_only_the_keys_given(tmp_path: Path) -> None:
    sources, problems = read(tmp_path, '[sources.shipped]\nlinks = ".new a"\nenabled = true\n')
    changed = sources["shipped"]
    assert problems == []
    assert (changed.links, changed.on_by_default) == (".new a", True)  # type: ignore[attr-defined]
    assert (changed.title, changed.lists) == ("Shipped", Shipped.lists)  # type: ignore[attr-defined]
    assert Shipped.links == ".old a"


def test_a_table_may_read_a_shipped_source_in_another_way(tmp_path: Path) -> None:
    changed = read(tmp_path, '[sources.shipped]\nfeeds = ["https://shipped.example/feed"]\n')[0]["shipped"]
    assert issubclass(changed, FeedSource)
    assert (changed.title, changed.region, changed.on_by_default) == ("Shipped", "CN", False)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (
            "feed = ['https://a.example/feed']",
            "line 5: [sources.bad] unknown key 'feed'; did you mean 'feeds'?",
        ),
        (
            "lists = ['https://a.example/']\nlinkz = 'a'",
            "line 6: [sources.bad] unknown key 'linkz'; did you mean 'links'?",
        ),
        (
            "feeds = 'https://a.example/feed'",
            "line 5: [sources.bad] 'feeds' must be a list of strings, not 'https:",
        ),
        ("feeds = [1]", "'feeds' must be a list of strings, not [1]"),
        (
            "feeds = ['https://a.example/feed']\nenabled = 'no'",
            "line 6: [sources.bad] 'enabled' must be true or false",
        ),
        ("feeds = ['https://a.example/feed']\naliases = ['x']", "'aliases' must be a table of strings"),
        (
            "feeds = ['https://a.example/feed']\nheaders = {X = \"a\\nb\"}",
            "the value of 'X' must be printable",
        ),
        (
            "feeds = ['https://a.example/feed']\nheaders = {host = 'b.example'}",
            "line 6: [sources.bad] 'headers': 'host' is set by the crawler for each request: leave it out",
        ),
        (
            "feeds = ['https://a.example/feed']\nheaders = {Proxy-Authorization = 'x'}",
            "a password belongs into 'proxy'",
        ),
        ("feeds = ['https://a.example/feed']\nheaders = {'X: a' = 'b'}", "'X: a' is no name"),
        ("feeds = ['https://a.example/feed']\ncookies = {'' = 'b'}", "'cookies': '' is no name"),
        ("feeds = ['https://a.example/feed']\nhosts = ['b.example:80']", "in lower case, without scheme and"),
        ("feeds = ['https://a.example/feed']\naliases = {'M.a.example' = 'a.example'}", "is no host such as"),
        ("feeds = ['https://a.example/feed']\ndelay = 0.1", "'delay': from 1 to 3600 seconds"),
        ("feeds = ['https://a.example/feed']\ndelay = 1e9", "'delay': from 1 to 3600 seconds"),
        ("lists = ['https://a.example/']\nmost_pages = 0", "'most_pages': at least 1 page"),
        (
            "feeds = ['https://a.example/feed']\nlanguage = 'Chinese'",
            "'language': 'Chinese' is not a code of two letters",
        ),
        ("feeds = ['https://a.example/feed']\ntopic = 'retial'", "did you mean 'retail'?"),
        ("feeds = ['https://a.example/feed']\nhosts = ['https://b.example/']", "is no host such as"),
        ("feeds = ['https://a.example/feed']\nzone = 'Asia/Tokio'", "did you mean 'Asia/Tokyo'?"),
        (
            "feeds = ['https://a.example/feed']\nabout = 3",
            "'about' must be true or false or a string",
        ),
        ("feeds = ['https://a.example/feed']\nabout = '('", "'about': '(' is not a regular expression"),
        (
            "feeds = ['ftp://a.example/feed']",
            "'feeds': 'ftp://a.example/feed' is not an http or https address",
        ),
        (
            "lists = ['https://a.example/']\ncms = 'dedecm'",
            "unknown system 'dedecm'; did you mean 'dedecms'?",
        ),
        ("lists = ['https://a.example/']\nlinks = 'a['", "'links': 'a[' is neither CSS nor XPath"),
        ("lists = ['https://a.example/']\nlinks = '//a['", "'links': '//a[' is neither CSS nor XPath"),
        ("sitemaps = ['https://a.example/s.xml']\npages = '('", "'pages': '(' is not a regular expression"),
        ("feeds = ['https://a.example/feed']\nrows = 'data'", "has feeds, rows: a source is read in one way"),
        ("feeds = ['https://a.example/feed']\nlinks = '.a'", "has feeds, links: a source is read in one way"),
        ("feeds = ['https://a.example/feed']\ndated = 'time'", "'dated' is not for a FeedSource"),
        ("lists = ['https://a.example/']\nrows = 'data'", "has no 'link'"),
        ("lists = ['https://a.example/']\nlink = '.news a'", "has no name in braces"),
        ("title = 'nothing to read'", "line 4: [sources.bad] has no address to read"),
        ("feeds = ['https://a.example/feed'", "is not TOML"),
        ("feeds = ", "is not TOML"),
    ],
)
def test_a_bad_table_is_named_and_the_others_are_read(tmp_path: Path, table: str, says: str) -> None:
    sources, problems = read(tmp_path, f"# mine\n\n\n[sources.bad]\n{table}\n\n{GOOD}")
    assert list(sources) == ["good"]
    assert len(problems) == 1
    assert says in problems[0]


PRIVATE = (
    "http://127.0.0.1:8000/feed",
    "http://localhost/feed",
    "http://news.localhost/feed",
    "http://[::1]/feed",
    "http://2130706433/feed",
    "http://10.1.2.3/feed",
    "http://192.168.0.9:8080/feed",
    "http://169.254.169.254/latest",
    "http://[fd00::1]/feed",
    "http://nas/feed",
    "http://wiki.intranet/feed",
)


@pytest.mark.parametrize("url", PRIVATE)
@pytest.mark.parametrize("key", ["feeds", "sitemaps", "lists", "watch"])
def test_an_address_in_a_private_network_is_one_line(tmp_path: Path, url: str, key: str) -> None:
    sources, problems = read(tmp_path, f"[sources.bad]\ntitle = 'x'\n{key} = ['{url}']\n{GOOD}")
    assert list(sources) == ["good"]
    assert problems == [f", line 3: [sources.bad] '{key}': {url} is on this machine or in a private network"]


def test_this_machine_is_allowed_by_the_configuration_and_other_private_addresses_never(
    tmp_path: Path,
) -> None:
    for url in PRIVATE[:5]:
        assert read(tmp_path, f"[sources.mine]\nfeeds = ['{url}']\n", allows_loopback=True)[1] == []
    for url in PRIVATE[5:9]:
        assert read(tmp_path, f"[sources.mine]\nfeeds = ['{url}']\n", allows_loopback=True)[1] != []


def test_an_override_with_a_private_address_leaves_the_shipped_source(tmp_path: Path) -> None:
    assert read(tmp_path, "[sources.shipped]\nlists = ['http://10.0.0.1/']\n")[0] == {}


def test_the_loader_asks_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    (tmp_path / "sources.toml").write_text("[sources.mine]\nfeeds = ['http://127.0.0.1:9/feed']\n")
    for is_allowed in (False, True):
        loader = SourceLoader.from_settings(load_settings({LOOPBACK_SETTING: is_allowed}))
        assert ("mine" in loader.own) is is_allowed


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{GOOD}\n{GOOD}", ", line 4: [sources.good] is defined twice: the table of line 1 is used"),
        (
            f"{GOOD}[source.x]\nfeeds = []\n",
            "'source' is not read here: each source is a table [sources.NAME]",
        ),
        (f"{GOOD}[sources.Bad-Name]\nfeeds = ['https://a.example/']\n", "such as [sources.bad_name]"),
        (f"{GOOD}[sources.x\nfeeds = []\n", ", line 3: [sources.x] is not TOML"),
    ],
)
def test_what_is_wrong_outside_of_a_table_stops_no_source(tmp_path: Path, text: str, says: str) -> None:
    sources, problems = read(tmp_path, text)
    assert "good" in sources
    assert len(problems) == 1
    assert says in problems[0]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"[sources.x]\ntitle = '\xff\xfe'\n", ", line 2: is not UTF-8"),
        (b"#" * (LARGEST_FILE + 1), "is larger than"),
        (b"sources = 3", "'sources' must be tables"),
        (b"[sources]\nx = 1", "[sources.x] must be a table of attributes"),
        (b"x = " + b"[" * 100_000, "is not TOML"),
        (b"x = " + b"9" * 5_000, "is not TOML"),
        (b"x = [{y = 0x" + b"f" * 5_000 + b"}]", "is not TOML: an integer has more than 64 bits"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path, body: bytes, says: str) -> None:
    sources, problems = read(tmp_path, body)
    assert sources == {}
    assert len(problems) == 1
    assert says in problems[0]


def test_without_a_file_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert load_user_sources(tmp_path / "sources.toml", {}, False) == ({}, [])


def test_own_sources_are_loaded_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    (tmp_path / "sources.toml").write_text(f'{GOOD}[sources.ebrun]\nlinks = ".x a"\n[sources.bad]\nx = 1\n')
    loader = get_loader()
    assert list(loader.own) == ["good", "ebrun"]
    assert [problem.table for problem in loader.problems] == ["bad"]
    assert loader.list().count("ebrun") == 1
    sources = load_sources(loader)
    assert sources["ebrun"].links == ".x a"  # type: ignore[attr-defined]
    assert "good" in sources
    with pytest.raises(KeyError):
        loader.load("bad")
