"""Measure a cluster: `python -m bench.cluster SECTION [NUMBER]...`; needs RabbitMQ, and DuckDB for `growth`.

- `kills [SITES] [PAGES] [KILLS]`: crawls on two workers while a worker, the daemon and the broker are killed
  in turn; compares the store with a crawl without a cluster, and reads the server's log for politeness.
- `overhead [PAGES]`: CPU seconds of an extraction by two workers and by the pool of one machine.
- `shuffles [PAGES]`: groups of copies for three orders of the same files, in one pass and in two.
- `writer [PAGES]`: the daemon's own CPU milliseconds for each page that is shipped.
- `growth [ARTICLES]...`: DuckDB's join that finds candidates for near-duplicates.
"""

import sys

from bench.cluster.batch import measure_overhead, measure_shuffles
from bench.cluster.growth import measure_growth
from bench.cluster.kills import measure_kills
from bench.cluster.writer import measure_writer

SECTIONS = {
    "kills": measure_kills,
    "overhead": measure_overhead,
    "shuffles": measure_shuffles,
    "writer": measure_writer,
    "growth": measure_growth,
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in SECTIONS:
        raise SystemExit(__doc__)
    SECTIONS[sys.argv[1]](*map(int, sys.argv[2:]))
