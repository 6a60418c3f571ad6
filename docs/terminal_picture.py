"""Draw pictures of what commands print on a terminal: `python -m docs.terminal_picture [demo|own_source]`.

`demo.svg` is a first `make demo`; `own_source.svg` the three commands from an empty folder to a page with the
articles of a new source, whose site is on loopback.
"""

import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from bench.discovery.documents import Site, add_articles, make_articles, render_page, render_rss
from bench.discovery.server import serve_sites
from bench.discovery.sites import cards
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

FOLDER = Path(__file__).parent
WIDE = r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]+"
TEXT_LENGTH = re.compile(r'(<text [^>]*?)textLength="([\d.]+)"([^>]*>)([^<]*)</text>')
COLUMNS, PORT = 96, "8421"
# As long as Datasette may take to begin.
SERVE_SECONDS = 20.0
# Rich adds fonts from a remote server; the picture must not load anything.
FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")
# A progress bar redraws itself: only the last state of each line is visible.
REDRAWN = re.compile(r"\x1b\[\?25[lh]|\r|\x1b\[2K|\x1b\[1A")


def run_demo() -> str:
    """Return what a first `make demo` prints."""
    with tempfile.TemporaryDirectory() as home:
        variables = {"SHOPWIRE_HOME": home, "SHOPWIRE_NEWSROOM_PORT": PORT}
        printed = run_on_terminal([sys.executable, "-m", "tests.newsroom.demo"], FOLDER.parent, variables)
    return "$ make demo\n" + printed.replace(f"{home}/", "").replace(PORT, "8420")


def run_own_source() -> str:
    """Return what three commands in an empty folder print: they add a site, crawl it and serve the store."""
    printed = []
    with serve_sites(build_trade_site) as server, tempfile.TemporaryDirectory() as home:
        url = server.base.format("sample-trade")
        lines = (f"source add {url} --yes", "crawl sample_trade", f"serve --port {PORT}")
        for line in lines:
            command = [str(Path(sys.executable).with_name("shopwire")), *line.split()]
            is_serving = line.startswith("serve")
            output = run_on_terminal(
                command, Path(home), {"SHOPWIRE_ALLOW_LOOPBACK": "1"}, SERVE_SECONDS if is_serving else None
            )
            printed.append(f"$ shopwire {line}\n{output}")
        text = "\n".join(printed).replace(f"{home}/", "").replace(home, ".")
    text = text.replace(f"sample-trade.localhost:{server.port}", "sample-trade.example")
    return text.replace(f" --port {PORT}", "").replace(PORT, "8001")


def build_trade_site(base: str) -> list[Site]:
    """Return a site of WordPress with six articles."""
    articles = make_articles("/{d:%Y/%m}/{s}/")
    head = "<link rel='alternate' type='application/rss+xml' title='Sample Trade' href='/feed/'>"
    pages = {
        "/": render_page(head, cards(articles), "Sample Trade"),
        "/feed/": render_rss(base.format("sample-trade"), articles),
    }
    return [Site("sample-trade", "feed", "/feed/", {**pages, **add_articles(articles)})]


def run_on_terminal(
    command: list[str], folder: Path, variables: dict[str, str], seconds: float | None = None
) -> str:
    """Return what a command prints on a terminal, with colours; it is interrupted after `seconds`.

    Raises `SystemExit` if it fails.
    """
    environment = {
        **os.environ,
        **variables,
        "COLUMNS": str(COLUMNS),
        "FORCE_COLOR": "1",
        "TERM": "xterm-256color",
    }
    controller, terminal = pty.openpty()
    # Progress bars are drawn on standard error, which is where `serve` says its address.
    errors = terminal if seconds else subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=terminal, stderr=errors)
    os.close(terminal)
    timer = threading.Timer(seconds or 0, process.send_signal, [signal.SIGINT])
    if seconds:
        timer.start()
    printed = b"".join(_read_chunks(controller))
    process.wait()
    timer.cancel()
    if process.returncode and not seconds:
        raise SystemExit(f"{command} ended with {process.returncode}: {printed.decode()}")
    return printed.decode()


def _read_chunks(controller: int) -> list[bytes]:
    parts = []
    while True:
        try:
            part = os.read(controller, 65536)
        except OSError:
            # Linux raises this once the other end of a terminal is closed.
            return parts
        if not part:
            return parts
        parts.append(part)


PICTURES: dict[str, Callable[[], str]] = {"demo": run_demo, "own_source": run_own_source}


def main() -> None:
    """Run the commands of the named pictures, of all by default, and draw their output."""
    for name in sys.argv[1:] or PICTURES:
        draw_picture(name, PICTURES[name]())


def draw_picture(name: str, printed: str) -> None:
    """Write the picture of what was printed."""
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        text = Text.from_ansi(REDRAWN.sub("", printed))
        # A run of wide characters gets a style of its own, and so a `<text>` element of its own.
        text.highlight_regex(WIDE, "not blink")
        console.print(text)
        title = re.match(r"\$ (\w+ \w+)", printed)
        picture = console.export_svg(title=title[1] if title else name, theme=MONOKAI, unique_id=name)
    drawn = TEXT_LENGTH.sub(_widen, FONT_FACE.sub("", picture))
    (FOLDER / f"{name}.svg").write_text(drawn, encoding="utf-8")


def _widen(element: re.Match[str]) -> str:
    """Return the element with the right length: Rich counts a wide character as one column."""
    before, length, after, text = element.groups()
    if re.search(WIDE, text):
        length = str(float(length) * 2)
    return f'{before}textLength="{length}"{after}{text}</text>'


if __name__ == "__main__":
    main()
