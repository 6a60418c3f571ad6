"""Draw `docs/demo.svg` from the output of a first `make demo`: `python -m docs.terminal_picture`."""

import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

PICTURE = Path(__file__).parent / "demo.svg"
WIDE = r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]+"
TEXT_LENGTH = re.compile(r'(<text [^>]*?)textLength="([\d.]+)"([^>]*>)([^<]*)</text>')
COLUMNS, PORT = 96, "8421"
# Rich adds fonts from a remote server; the picture must not load anything.
FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}\s*")
# A progress bar redraws itself: only the last state of each line is visible.
REDRAWN = re.compile(r"\x1b\[\?25[lh]|\r|\x1b\[2K|\x1b\[1A")


def run_demo() -> str:
    """Return what the demo prints on a terminal, with colours. Raises `SystemExit` if it fails."""
    root = Path(__file__).parent.parent
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "SHOPWIRE_HOME": home,
            "SHOPWIRE_NEWSROOM_PORT": PORT,
            "COLUMNS": str(COLUMNS),
            "FORCE_COLOR": "1",
            "TERM": "xterm-256color",
        }
        controller, terminal = pty.openpty()
        command = [sys.executable, "-m", "tests.newsroom.demo"]
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=terminal, stderr=subprocess.DEVNULL
        )
        os.close(terminal)
        printed = b"".join(_read_chunks(controller))
        process.wait()
        if process.returncode:
            raise SystemExit(f"the demo ended with {process.returncode}")
    return printed.decode().replace(f"{home}/", "").replace(PORT, "8420")


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


def main() -> None:
    """Run the demo and draw its output."""
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        text = Text.from_ansi("$ make demo\n" + REDRAWN.sub("", run_demo()))
        # A run of wide characters gets a style of its own, and so a `<text>` element of its own.
        text.highlight_regex(WIDE, "not blink")
        console.print(text)
        picture = console.export_svg(title="make demo", theme=MONOKAI, unique_id="demo")
    PICTURE.write_text(TEXT_LENGTH.sub(_widen, FONT_FACE.sub("", picture)), encoding="utf-8")


def _widen(element: re.Match[str]) -> str:
    """Return the element with the right length: Rich counts a wide character as one column."""
    before, length, after, text = element.groups()
    if re.search(WIDE, text):
        length = str(float(length) * 2)
    return f'{before}textLength="{length}"{after}{text}</text>'


if __name__ == "__main__":
    main()
