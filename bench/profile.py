"""Where the time of the line goes, step by step: `python -m bench.profile`.

One process takes the real pages through `refine`, the digest and `keep`, once timed by its CPU and once
watched by cProfile, which makes short functions look dearer than they are.
"""

import cProfile
import pstats

from bench.loops import Work, page_of, timed, whole_line
from bench.measure import print_table
from bench.public_pages import real_pages

# File and function of each step, and how deep it stands below `the line`.
STEPS = (
    (0, "pipelines/extract_article.py", "refine"),
    (1, "pipelines/parsing/document.py", "parse"),
    (1, "pipelines/extraction/main_content.py", "extract_body"),
    (1, "pipelines/parsing/meta_tags.py", "read_meta"),
    (1, "pipelines/parsing/visible_text.py", "visible_lines"),
    (1, "pipelines/extraction/boilerplate.py", "clean"),
    (1, "pipelines/metadata/byline.py", "find_byline"),
    (1, "pipelines/metadata/dates.py", "find_dates"),
    (1, "pipelines/nlp/language.py", "detect_language"),
    (0, "pipelines/analyze_article.py", "digest"),
    (1, "pipelines/stories/event_similarity.py", "read"),
    (1, "pipelines/deduplication/similarity.py", "read"),
    (1, "pipelines/nlp/mentions.py", "take_notes"),
    (0, "pipelines/store_article.py", "keep"),
    (1, "pipelines/deduplication/deduplicate.py", "relate"),
    (1, "pipelines/stories/assign_story.py", "follow"),
    (1, "storage/search/full_text.py", "index_article"),
    (1, "storage/mentions_table.py", "save_notes"),
)


def profiled(work: Work) -> dict[tuple[str, str], float]:
    """Seconds of each function, with all that it calls, by file and name."""
    pages = [page_of(number, body) for number, body in enumerate(real_pages())]
    work(pages[0])
    profile = cProfile.Profile()
    for page in pages:
        profile.runcall(work, page)
    found: dict[tuple[str, str], float] = {}
    # pstats says so of each function: calls, all calls, its own seconds, seconds with what it calls.
    for (file, _, name), (_, _, _, seconds, _) in pstats.Stats(profile).stats.items():
        found["/".join(file.split("/")[-2:]), name] = seconds
    return found


def main() -> None:
    """Print the steps."""
    count = len(real_pages())
    with whole_line() as work:
        plain = timed(work)["cpu_seconds"]
    with whole_line() as work:
        seconds = profiled(work)
    total = sum(seconds[file, name] for depth, file, name in STEPS if not depth)
    rows = [
        (f"{'&nbsp;&nbsp;' * depth}{name}", file, f"{seconds[file, name] / total:.0%}")
        for depth, file, name in STEPS
        if (file, name) in seconds
    ]
    print(f"{1000 * plain / count:.1f} ms of CPU a page without the profiler, of which:\n")
    print_table(("step", "file", "share"), rows)


if __name__ == "__main__":
    main()
