"""The command, as installed and as `python -m shopwire.commands`: handles Ctrl-C before it loads the rest."""

import os
import signal
from types import FrameType


def end_while_loading(_: int, __: FrameType | None) -> None:
    """End the process with one word instead of a traceback; nothing was begun yet."""
    os.write(2, b"interrupted\n")
    os._exit(130)


def main() -> None:
    """Load and run the command."""
    signal.signal(signal.SIGINT, end_while_loading)
    from shopwire.commands.cli import main as run  # noqa: PLC0415 - after the handler is installed

    signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


if __name__ == "__main__":
    main()
