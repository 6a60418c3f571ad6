"""Measure a cluster: `python -m bench.cluster SECTION [NUMBER]...`; needs RabbitMQ, and DuckDB for `growth`.

- `kills [SITES] [PAGES] [KILLS]`: crawls on two workers while a worker, the daemon and the broker are killed
  in turn; compares the store with a crawl without a cluster, and reads the server's log for politeness.
- `files [PAGES] [KILLS]`: an import of twelve files by two workers while a worker, the import and the broker
  are killed in turn; compares the tables with those of an import on one machine.
- `extraction [PAGES] [TURNS]`: CPU seconds of an extraction by the pool of one machine, by one worker and by
  two, the start of the processes apart; needs labelled pages, see `bench.data`.
- `import [PAGES] [TURNS]`: the same for a whole import in two passes, in one, on one worker and on two.
- `passes [PAGES] [ORDERS]`: copies found, wrong ones, CPU and memory of such imports, for some orders of the
  files; needs labelled pages too.
- `writer [PAGES]`: the daemon's own CPU milliseconds for each page that is shipped; needs labelled pages.
- `growth [ARTICLES]...`: DuckDB's join that names the articles with a copy in another month.
"""

import sys

from bench.cluster.batch import measure_passes
from bench.cluster.file_kills import measure_file_kills
from bench.cluster.growth import measure_growth
from bench.cluster.kills import measure_kills
from bench.cluster.overhead import measure_extraction, measure_import
from bench.cluster.writer import measure_writer

SECTIONS = {
    "kills": measure_kills,
    "files": measure_file_kills,
    "extraction": measure_extraction,
    "import": measure_import,
    "passes": measure_passes,
    "writer": measure_writer,
    "growth": measure_growth,
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in SECTIONS:
        raise SystemExit(__doc__)
    SECTIONS[sys.argv[1]](*map(int, sys.argv[2:]))
