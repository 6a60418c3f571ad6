"""Files that commands write: complete, or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex


@contextmanager
def replace_when_complete(output: Path) -> Iterator[Path]:
    """Yield a temporary path, which replaces `output` if the block succeeds, and is deleted if it fails.

    The path is another for each call, as two exports may write to one file at the same time. If `output` is a
    link, its target is replaced; a pipe or a device is written directly.
    """
    if output.exists() and not output.is_file():
        yield output
        return
    output = Path(os.path.realpath(output))
    partial = output.with_name(f".shopwire-{token_hex(8)}.partial")
    try:
        yield partial
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
