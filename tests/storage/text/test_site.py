"""One site, whichever of its hosts serves a page."""

import pytest

from shopwire.storage.text.site import find_site


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.x.cn/", "x.cn"),
        ("https://M.x.cn:8443/a?b=http://other.example/", "x.cn"),
        ("https://wap.x.cn", "x.cn"),
        ("https://amp.x.cn/1", "x.cn"),
        ("https://user:secret@www.x.cn/", "x.cn"),
        ("https://news.x.cn/", "news.x.cn"),
        ("https://m.cn/", "m.cn"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("mailto:editor@x.cn", ""),
    ],
)
def test_the_site_of_a_url(url: str, site: str) -> None:
    assert find_site(url) == site
