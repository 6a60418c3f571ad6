"""Build WARC records byte by byte, also such as no library would write."""

import base64
import hashlib
import zlib
from collections.abc import Mapping

URL = "https://www.trade.example/1"
DATE = "2026-11-20T08:00:00Z"


def build_page(number: int = 1, sentences: int = 8) -> bytes:
    """Return an HTML page with an article of its own, in UTF-8."""
    text = "".join(
        f"<p>Workshop {number * 31 + n} of the coast sold {number + n * 7} more lamps in week {n}, said the"
        f" owner of stall {number}, and parcel {n * number} left for town {n + number * 3} on that day.</p>"
        for n in range(sentences)
    )
    title = f"Workshop {number} sells lamps to town {number * 3}"
    return (
        f"<!doctype html><html><head><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    ).encode()


def build_response(body: bytes, headers: Mapping[str, str] | None = None, status: str = "200 OK") -> bytes:
    """Return a response of HTTP; `headers` are added to its Content-Type, or replace it."""
    fields = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def build_record(block: bytes, headers: Mapping[str, str | None] | None = None) -> bytes:
    """Return a record; `headers` replace the usual ones, None removes one."""
    fields: dict[str, str | None] = {
        "WARC-Type": "response",
        "WARC-Target-URI": URL,
        "WARC-Date": DATE,
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
        **(headers or {}),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
    return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


def build_page_record(number: int, **headers: str | None) -> bytes:
    """Return the record of a whole page; `_` in the name of a header stands for `-`."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    url = f"https://www.trade.example/{number}"
    return build_record(build_response(build_page(number)), {"WARC-Target-URI": url, **fields})


def pack(*records: bytes) -> bytes:
    """Return records with gzip, each in a member of its own."""
    return b"".join(pack_member(record) for record in records)


def pack_member(data: bytes) -> bytes:
    """Return one member of gzip."""
    packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(data) + packer.flush()


def write_digest(data: bytes) -> str:
    """Return a digest as most programs write it: SHA-1 in base 32."""
    return f"sha1:{base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"


def join_chunks(body: bytes, size: int = 500) -> bytes:
    """Return a body in chunks of HTTP, the last one empty."""
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
