"""Crawl and extract with other projects.

    PYTHON bench/alternatives/peers.py news-please|newspaper4k HOME COUNT

For a Python that has them installed, so this file imports nothing of ours. Each fetches and extracts the
URLs HOME0.html, HOME1.html and so on in its own way, without images. Prints a JSON object: the number of
articles that have a text.
"""

import json
import sys
from collections.abc import Callable

THREADS = 16
TIMEOUT = 60


def run_news_please(urls: list[str]) -> int:
    """Count texts by its own function for many URLs: a thread for each, then a pool of processes."""
    from newsplease import NewsPlease  # noqa: PLC0415 - one of them may be missing

    found = NewsPlease.from_urls(urls, request_args={"timeout": TIMEOUT}, fetch_images=False)
    return sum(bool(getattr(article, "maintext", None)) for article in found.values())


def run_newspaper4k(urls: list[str]) -> int:
    """Count texts by its own function for many URLs: a pool of threads."""
    from newspaper import Article  # noqa: PLC0415 - one of them may be missing
    from newspaper.mthreading import fetch_news  # noqa: PLC0415 - one of them may be missing

    articles = [Article(url, fetch_images=False, request_timeout=TIMEOUT) for url in urls]
    return sum(bool(article.text) for article in fetch_news(articles, threads=THREADS))


PEERS: dict[str, Callable[[list[str]], int]] = {
    "news-please": run_news_please,
    "newspaper4k": run_newspaper4k,
}

if __name__ == "__main__":
    name, home, count = sys.argv[1:]
    print(json.dumps({"texts": PEERS[name]([f"{home}{n}.html" for n in range(int(count))])}))
