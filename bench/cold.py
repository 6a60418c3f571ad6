"""What a crawl costs that finds nothing new: CPU seconds and peak memory of the whole process.

python -m bench.cold [RUNS]
"""

import sys
import tempfile
from pathlib import Path

from tests.newsroom.server import newsroom
from tests.support.crawling import SOURCES, crawl, environment

from bench.measure import measure, print_table, spread

SHOWN = ("newsroom_meigong", "newsroom_crown", "newsroom_xiaoxi", "newsroom_mirror")
HOW = {
    "newsroom_meigong": "RSS feed, answered with 304",
    "newsroom_crown": "listing page, all links known",
    "newsroom_xiaoxi": "sitemap index, answered with 304",
    "newsroom_mirror": "JSON API, answered with 304",
}


def main() -> None:
    """Crawl the newsroom once, then measure crawls that find it unchanged."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    rows = []
    with tempfile.TemporaryDirectory() as name, newsroom() as room:
        home = Path(name)
        crawl(*SOURCES, home=home, port=room.port)
        for source in SHOWN:
            command = [sys.executable, "-m", "scrapy", "crawl", source]
            costs = [measure(command, environment(home, room.port), home) for _ in range(runs)]
            rows.append(
                (
                    source,
                    HOW[source],
                    spread([cost.cpu_seconds for cost in costs]),
                    spread([cost.wall_seconds for cost in costs]),
                    f"{max(cost.peak_mb for cost in costs):.0f}",
                )
            )
    print(f"\n`scrapy crawl` with nothing new, {runs} runs each: median (smallest-largest)\n")
    print_table(("source", "what it reads", "CPU s", "wall s", "peak MB"), rows)


if __name__ == "__main__":
    main()
