"""How others crawl and extract: `PYTHON bench/peers.py news-please|newspaper4k HOME COUNT`.

For a Python that has them, and so without a line of ours. Each is asked in its own way to fetch and
extract the addresses HOME0.html, HOME1.html and so on, and no pictures. Prints a JSON object: how many
articles had a text.
"""

import json
import sys
from collections.abc import Callable

THREADS = 16
TIMEOUT = 60


def news_please(urls: list[str]) -> int:
    """Its own function for many addresses: a thread for each, then a pool of processes."""
    from newsplease import NewsPlease  # noqa: PLC0415 - one of them may be missing

    found = NewsPlease.from_urls(urls, request_args={"timeout": TIMEOUT}, fetch_images=False)
    return sum(bool(getattr(article, "maintext", None)) for article in found.values())


def newspaper4k(urls: list[str]) -> int:
    """Its own function for many addresses: a pool of threads."""
    from newspaper import Article  # noqa: PLC0415 - one of them may be missing
    from newspaper.mthreading import fetch_news  # noqa: PLC0415 - one of them may be missing

    articles = [Article(url, fetch_images=False, request_timeout=TIMEOUT) for url in urls]
    return sum(bool(article.text) for article in fetch_news(articles, threads=THREADS))


PEERS: dict[str, Callable[[list[str]], int]] = {
    "news-please": news_please,
    "newspaper4k": newspaper4k,
}

if __name__ == "__main__":
    name, home, count = sys.argv[1:]
    print(json.dumps({"texts": PEERS[name]([f"{home}{n}.html" for n in range(int(count))])}))
