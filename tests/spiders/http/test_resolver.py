"""Which addresses a crawl may reach, each at the bounds of its block."""

from ipaddress import ip_address
from typing import Any

import pytest
from twisted.internet.error import DNSLookupError

from shopwire.spiders.http.resolver import PublicResolver, is_private_url, is_public_address

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


@pytest.mark.parametrize("url", ["https://www.example.com/", "http://8.8.8.8/", "http://home.example/"])
def test_a_public_host_is_no_private_url(url: str) -> None:
    assert not is_private_url(url)


@pytest.mark.parametrize(
    "url", ["http://intranet/feed", "http://nas.local./", "http://0x7f.1/", "http://a.lan/"]
)
def test_private_names_and_spellings_are_private_urls(url: str) -> None:
    assert is_private_url(url)
