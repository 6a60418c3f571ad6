"""The address of a page is found inside the link of another service."""

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopwire.spiders.lists.wrapped import list_wrapped_urls

PAGE = "https://shop.example/a/1.html?id=7&lang=en"
BASE64 = b64encode(PAGE.encode()).decode()
# An address among other data.
BINARY = b"\x08\x13\x22\x2a" + PAGE.encode() + b"\xd2\x01\x00"


@pytest.mark.parametrize(
    "link",
    [
        f"https://www.google.com/url?rct=j&sa=t&url={quote(PAGE, '')}&ct=ga",
        f"https://search.example/l/?uddg={quote(PAGE, '')}",
        f"https://count.example/{quote(PAGE, '')}",
        f"https://archive.example/web/2026/{PAGE}",
        f"https://out.example/?to={quote('https://l.example/?u=' + quote(PAGE, ''), '')}",
        f"https://out.example/go#{PAGE}",
        f"https://mail.example/?q={quote(quote(PAGE, ''), '')}",
        f"https://r.example/RU={quote(PAGE, '')}/RK=0/RS=x",
        f"https://search.example/ck?p=1&u=a1{BASE64.rstrip('=')}&ntb=1",
        f"https://mail.example/click/{BASE64}/7",
        f"https://news.example/rss/articles/{urlsafe_b64encode(BINARY).decode()}?oc=5",
    ],
)
def test_an_address_is_found_in_a_link(link: str) -> None:
    assert PAGE in list(list_wrapped_urls(link))


def test_the_parameters_behind_an_address_are_not_part_of_it() -> None:
    assert "https://shop.example/a/1" in list_wrapped_urls(
        "https://out.example/?u=https://shop.example/a/1&x=2"
    )


@given(st.text("htps:/%2F&?=ab.", max_size=80) | st.text("aHR0c-_+/L3x=", max_size=80))
def test_any_link_is_read_without_raising(text: str) -> None:
    assert all(url.lower().startswith("http") for url in list_wrapped_urls(text))
