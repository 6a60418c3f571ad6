"""Four more sites with articles of the newsroom, each of which lists its pages at several addresses.

| host | addresses of an article |
|---|---|
| `tracked.localhost` | bare, and with two parameters in either order |
| `printed.localhost` | bare, with `?view=print`, and below `/print/` |
| `www.phone.localhost`, `m.phone.localhost` | the same path on both hosts |
| `numbered.localhost` | `/show.php?id=N`, where the number is the article |

Each page declares the address at which it is read as its canonical one. In edition 1 each lacks its two
newest articles.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread
from urllib.parse import urlsplit

from tests.newsroom import pages
from tests.newsroom.content import Article, load
from tests.newsroom.document import Document
from tests.newsroom.server import Newsroom, hostname
from tests.newsroom.sites import BY_HOST

# Each host with the newsroom site whose articles and template it uses, and the addresses of an article.
SITES = {
    "tracked.localhost": (
        "eastgate",
        ("/{slug}.html?zz=rss&yy=1", "/{slug}.html?yy=2&zz=app", "/{slug}.html"),
    ),
    "printed.localhost": ("crown", ("/n/{slug}.html?view=print", "/n/print/{slug}.html", "/n/{slug}.html")),
    "www.phone.localhost": ("xiaoxi", ("/a/{slug}.html",)),
    "m.phone.localhost": ("xiaoxi", ("/a/{slug}.html",)),
    "numbered.localhost": ("meigong", ("/show.php?id={slug}",)),
}
HELD_BACK = 2


class VariantSites(Newsroom):
    """The running sites."""

    def answer(self, authority: str, target: str) -> Document:
        """Return the list at `/list`, or the page of the article whose slug is in `target`."""
        host = hostname(authority)
        name, addresses = SITES[host]
        articles = list_articles(name, self.edition)
        if target == "/list":
            links = [f'<li><a href="{url}">{url}</a>' for url in list_links(articles, addresses)]
            return Document(f'<ul class="l">{"".join(links)}</ul>'.encode())
        split = urlsplit(target)
        for article in articles:
            if article.slug in (
                split.path.rpartition("/")[2].partition(".")[0],
                split.query.partition("=")[2],
            ):
                here = [replace(one, path=target) if one is article else one for one in articles]
                site = BY_HOST[f"{name}.localhost"]
                return pages.article_page(site, here[articles.index(article)], here, f"http://{authority}")
        return Document(b"nothing here", "text/plain", status=404)


def list_articles(name: str, edition: int) -> list[Article]:
    """Return the articles of a newsroom site, newest first; in edition 1 without the two newest."""
    articles = [one for one in load(name, 1) if one.readable and one.path.startswith(("/news", "/2", "/a"))]
    return articles if edition > 1 else articles[HELD_BACK:]


def list_links(articles: list[Article], addresses: tuple[str, ...]) -> list[str]:
    """Return all addresses of all articles."""
    return [address.format(slug=article.slug) for address in addresses for article in articles]


@contextmanager
def variant_sites() -> Iterator[VariantSites]:
    """Serve in a thread until the end of the block."""
    with VariantSites() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
