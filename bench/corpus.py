"""Makes articles that are like real ones in all that is counted, and like each other in nothing.

Chains of words (Markov 1913) learned from real lines: the words are real and as frequent as in life,
numbers and names among them, but no two lines are the same.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from bench.large_store import sentences

# A Han character, or anything else up to a space or the next of these.
TOKEN = re.compile("[\u4e00-\u9fff]|[^\\s\u4e00-\u9fff]+\\s?|\\s")
LONGEST = {"zh": 150, "en": 60}
# Shorter lines are headings and rows of tables.
SHORTEST = {"zh": 40, "en": 80}
# One token in so many follows none of the text it was learned from: then two articles share as many
# runs of tokens as two real ones that have nothing to do with each other.
JUMPS = {"zh": 0.0, "en": 0.2}
LANGUAGES = ("zh", "zh", "en")
LINES = (8, 16)
SITES = 200
DAYS = 3 * 365


class Writer:
    """Writes lines and articles; the same seed writes the same."""

    def __init__(self, folder: Path | None, seed: int) -> None:
        """Learns from the texts below `folder`, and from those of the newsroom."""
        self.chance = random.Random(seed)
        self.chains = {language: _learn(lines) for language, lines in _texts(folder)}
        self.words = {language: list(chain) for language, chain in self.chains.items()}

    def line(self, language: str) -> str:
        """One line."""
        chain, jumps = self.chains[language], JUMPS[language]
        tokens = [self.chance.choice(chain[""])]
        while tokens[-1] and len(tokens) < LONGEST[language]:
            last = (
                tokens[-1]
                if self.chance.random() >= jumps
                else self.chance.choice(self.words[language])
            )
            tokens.append(self.chance.choice(chain[last]))
        return "".join(tokens).strip() or self.line(language)

    def article(self, url: str, site: str, latest: datetime) -> dict[str, str]:
        """What `shopwire import` takes as one line of JSON, published in the three years up to `latest`."""
        language = self.chance.choice(LANGUAGES)
        back = timedelta(minutes=self.chance.randrange(DAYS * 24 * 60))
        return {
            "url": url,
            "source": site,
            "title": self.line(language)[:60],
            "text": "\n".join(self.line(language) for _ in range(self.chance.randint(*LINES))),
            "published": (latest - back).isoformat(timespec="minutes"),
        }

    def articles(self, first: int, count: int, latest: datetime) -> Iterator[dict[str, str]]:
        """Articles of all sites in turn."""
        for number in range(first, first + count):
            site = f"site-{number % SITES:03}"
            yield self.article(f"https://{site}.example/{number}", site, latest)


def _texts(folder: Path | None) -> Iterable[tuple[str, list[str]]]:
    for language, lines in sentences(folder).items():
        yield language, [line for line in lines if len(line) >= SHORTEST[language]]


def _learn(lines: Iterable[str]) -> dict[str, list[str]]:
    """What follows each token; "" stands for the beginning and the end of a line."""
    chain: defaultdict[str, list[str]] = defaultdict(list)
    for line in lines:
        tokens = ["", *TOKEN.findall(line), ""]
        for token, following in pairwise(tokens):
            chain[token].append(following)
    return chain


def write_lines(path: Path, articles: Iterable[dict[str, str]]) -> None:
    """A file for `shopwire import`."""
    with path.open("w", encoding="utf-8") as file:
        for article in articles:
            file.write(json.dumps(article, ensure_ascii=False) + "\n")


def now() -> datetime:
    """This minute."""
    return datetime.now(UTC).replace(second=0, microsecond=0)
