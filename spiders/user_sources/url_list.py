"""Lists of feeds as plain text, one address a line, as newsboat has them (`urls`)."""

import shlex

from shopwire.spiders.decoding.charset import decode_bytes
from shopwire.spiders.user_sources.imported import MOST_ENTRIES, Entry, UnreadableFileError


def read_url_list(body: bytes) -> list[Entry]:
    """Return the entries of a file: an address, then tags in quotes; `~` begins a title.

    Raise `UnreadableFileError` if there is none, or too many.
    """
    lines = [line.strip() for line in decode_bytes(body).splitlines()]
    wanted = [line for line in lines if line and not line.startswith("#")]
    if len(wanted) > MOST_ENTRIES:
        raise UnreadableFileError(f"it has more than {MOST_ENTRIES:,} lines: split it")
    if not any(line.lower().startswith(("http://", "https://")) for line in wanted):
        raise UnreadableFileError("it has no line that begins with an http or https address")
    return [_read_line(line) for line in wanted]


def _read_line(line: str) -> Entry:
    try:
        url, *words = shlex.split(line)
    except ValueError:
        url, *words = line.split()
    if "://" not in url or ":" in url.partition("://")[0]:
        return Entry(line[:100], ignored="not an address of a feed")
    titles = [word[1:] for word in words if word.startswith("~")]
    tags = tuple(word for word in words if not word.startswith(("~", "!")))
    values = {"feeds": [url], **({"title": titles[0]} if titles else {})}
    return Entry(titles[0] if titles else url[:100], "", values, tags)
