"""Which addresses a crawl may reach, each at the bounds of its block."""

from ipaddress import ip_address
from typing import Any

import pytest
from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from scrapy.spiders import Spider
from scrapy.utils.test import get_crawler
from twisted.internet import defer
from twisted.internet.error import DNSLookupError

from shopwire.spiders.http.resolver import (
    PublicResolver,
    is_private_url,
    is_public_address,
    is_public_host,
)

PUBLIC = [
    "1.1.1.1", "9.255.255.255", "11.0.0.0", "126.255.255.255", "128.0.0.0", "100.63.255.255", "100.128.0.0",
    "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
    "223.255.255.255", "2606:4700::1111", "::ffff:8.8.8.8", "2002:808:808::1", "64:ff9b::8.8.8.8",
]  # fmt: skip
PRIVATE = [
    "0.0.0.0", "10.0.0.0", "10.255.255.255", "127.0.0.0", "127.255.255.255", "100.64.0.0", "100.127.255.255",
    "169.254.0.0", "169.254.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255",
    "224.0.0.1", "239.255.255.255", "240.0.0.0", "255.255.255.255", "::", "::1", "fc00::1", "fdff::1",
    "fe80::1", "ff02::1", "ff0e::1", "::ffff:10.0.0.1", "::ffff:224.0.0.1", "2002:a00:1::1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::224.0.0.1", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_reached(address: str) -> None:
    assert is_public_address(ip_address(address))
    assert is_public_address(ip_address(address), allow_loopback=True)


@pytest.mark.parametrize("address", PRIVATE)
def test_any_other_address_may_not(address: str) -> None:
    assert not is_public_address(ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
def test_with_loopback_allowed_nothing_else_is(address: str) -> None:
    is_loopback = address.startswith("127.") or address == "::1"
    assert is_public_address(ip_address(address), allow_loopback=True) is is_loopback


def test_loopback_is_allowed_inside_another_address_too() -> None:
    for address in ("::ffff:127.0.0.1", "2002:7f00:1::"):
        assert is_public_address(ip_address(address), allow_loopback=True)
        assert not is_public_address(ip_address(address))


def resolve(name: str, address: str, monkeypatch: pytest.MonkeyPatch, **settings: str) -> str:
    """Return what a host resolves to in a crawl with settings, where the system's resolver says `address`."""
    asked: list[tuple[str, object]] = []

    def ask(_: object, host: str, timeout: object = ()) -> defer.Deferred[str]:
        asked.append((host, timeout))
        return defer.succeed(address)

    monkeypatch.setattr(CachingThreadedResolver, "getHostByName", ask)
    crawler: Crawler = get_crawler(Spider, settings)
    reactor: Any = object()
    resolver = PublicResolver.from_crawler(crawler, reactor)
    assert resolver.reactor is reactor
    found: list[Any] = []
    resolver.getHostByName(name, (1, 2)).addBoth(found.append)
    if asked:
        assert asked == [(name, (1, 2))]
    if not isinstance(found[0], str):
        found[0].trap(DNSLookupError)
        assert PublicResolver.refused.pop(name) == address
        return str(found[0].value).removeprefix("DNS lookup failed: ").rstrip(".")
    return f"{found[0]}{'' if asked else ' unasked'}"


LOOPBACK = {"SHOPWIRE_ALLOW_LOOPBACK": "1"}
PROXY = {"SHOPWIRE_PROXY": "http://user:word@proxy.example:8080/"}


@pytest.mark.parametrize(
    ("name", "address", "settings", "found"),
    [
        ("a.example", "8.8.8.8", {}, "8.8.8.8"),
        ("a.example", "10.0.0.1", {}, "not public"),
        ("a.example", "127.0.0.1", {}, "not public"),
        ("a.example", "127.0.0.1", LOOPBACK, "127.0.0.1"),
        ("a.example", "10.0.0.1", LOOPBACK, "not public"),
        ("localhost", "10.0.0.1", LOOPBACK, "127.0.0.1 unasked"),
        ("a.localhost", "10.0.0.1", LOOPBACK, "127.0.0.1 unasked"),
        ("alocalhost", "10.0.0.1", LOOPBACK, "not public"),
        ("localhost", "127.0.0.1", {}, "not public"),
        ("a.localhost", "127.0.0.1", {}, "not public"),
        ("proxy.example", "10.0.0.1", PROXY, "10.0.0.1"),
        ("a.example", "10.0.0.1", PROXY, "not public"),
    ],
)
def test_a_crawl_resolves_what_it_may_reach(
    name: str, address: str, settings: dict[str, str], found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = resolve(name, address, monkeypatch, **settings)
    assert answer == (
        f"{name} resolves to {address}, which is not public" if found == "not public" else found
    )


def test_without_a_proxy_no_name_is_left_out() -> None:
    assert PublicResolver.from_crawler(get_crawler(Spider, {}), Any).proxy == ""


@pytest.mark.parametrize(
    ("address", "is_allowed"), [("8.8.8.8", True), ("10.0.0.1", False), ("224.0.0.1", False)]
)
def test_a_name_is_refused_by_what_it_resolves_to(address: str, is_allowed: bool) -> None:
    resolver: Any = PublicResolver.__new__(PublicResolver)
    if is_allowed:
        assert resolver._check(address, "a.example") == address
        assert "a.example" not in PublicResolver.refused
        return
    with pytest.raises(DNSLookupError, match="not public"):
        resolver._check(address, "b.example")
    assert PublicResolver.refused.pop("b.example") == address


@pytest.mark.parametrize(
    "url",
    ["https://www.example.com/", "http://8.8.8.8/", "http://[2606:4700::1111]/", "http://home.example/"],
)
def test_a_public_host_is_no_private_url(url: str) -> None:
    assert not is_private_url(url)
    assert not is_private_url(url, allow_loopback=True)


@pytest.mark.parametrize(
    "url",
    ["http://nas/feed", "http://nas.local./", "http://www.nas.local/", "http://0x7f.1/", "http://a.lan/"],
)
def test_private_names_and_spellings_are_private_urls(url: str) -> None:
    assert is_private_url(url)


def test_a_url_of_this_machine_may_be_allowed_and_one_without_a_host_never() -> None:
    for url in ("http://localhost/", "http://127.0.0.1:8000/", "http://[::1]/"):
        assert is_private_url(url)
        assert not is_private_url(url, allow_loopback=True)
    for url in ("http:///feed", "http://10.0.0.1/"):
        assert is_private_url(url)
        assert is_private_url(url, allow_loopback=True)


PRIVATE_HOSTS = [
    "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "10.1", "１０.0.0.1", "127.0.0.1.",
    "localhost", "LOCALHOST.", "a.localhost", "[::1]", "::", "[fd00::1]", "fe80::1%25eth0",
    "[::ffff:10.0.0.1]", "64:ff9b::10.0.0.1", "2002:7f00:1::", "",
]  # fmt: skip
PUBLIC_HOSTS = [
    "example.com",
    "8.8.8.8",
    "[2606:4700::1111]",
    "localhost.example",
    "localhostX",
    "10.example.com",
    "64:ff9b::8.8.8.8",
]


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_a_private_address_is_known_in_every_spelling(host: str) -> None:
    assert not is_public_host(host)


@pytest.mark.parametrize("host", PUBLIC_HOSTS)
def test_a_public_host_may_be_asked_for(host: str) -> None:
    assert is_public_host(host)


LOOPBACK_HOSTS = ("127.0.0.1", "127.1", "[::1]", "::1%25lo", "localhost", "LOCALHOST.", "a.localhost")


@pytest.mark.parametrize("host", [*PRIVATE_HOSTS, *LOOPBACK_HOSTS, "a..", "alocalhost", "localhost.a"])
def test_loopback_may_be_allowed_and_nothing_else(host: str) -> None:
    is_name = host in ("a..", "alocalhost", "localhost.a")
    is_loopback = host in LOOPBACK_HOSTS or host in ("2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.")
    # 6to4 of 127.0.0.1.
    is_loopback = is_loopback or host == "2002:7f00:1::"
    assert is_public_host(host, allow_loopback=True) is (is_name or is_loopback)
    assert is_public_host(host) is is_name
