"""Responses of the fault server by path."""

import asyncio
import gzip
import time
import zlib
from collections.abc import Callable, Mapping
from email.utils import formatdate
from functools import cache

import brotli
from backports import zstd

from tests.faults import pages
from tests.faults.lists import LISTS
from tests.faults.server import Answer, FaultServer, Request, Writer, endless, head, raw, whole

MIB = 1024 * 1024
HEALTHY = (
    "<!doctype html><html><head><meta charset=utf-8><title>{title}</title></head><body><article>"
    "<h1>{title}</h1><p>{body}</p></article></body></html>"
)
SENTENCE = (
    "The marketplace said on Monday that parcel {number} of the autumn sale had reached its buyer in "
    "Rotterdam after {days} days, and that refunds for late deliveries would be paid by the end of week "
    "{week}. Sellers had asked for a clear rule since the spring, when carriers raised their fees twice. "
)


CHINESE_TITLE = "跨境平台公布 {name} 物流新规"
CHINESE = (
    "平台周一表示，{name} 促销期间的包裹平均九天到达买家手中，{name} 延误订单将在本周内退款。"
    "商家从春天起就要求给出明确的 {name} 规则，因为承运商一年之内两次上调了价格，中小卖家的利润所剩无几。"
)


async def healthy(server: FaultServer, request: Request, writer: Writer) -> None:
    """Send an article whose text depends on the path."""
    number = zlib.crc32(request.path.encode()) % 9973
    body = SENTENCE.format(number=number, days=number % 17 + 2, week=number % 51 + 1) * 3
    page = HEALTHY.format(title=f"Parcel {number} has arrived", body=body).encode()
    await whole(page)(server, request, writer)


@cache
def gzip_bomb() -> bytes:
    """Return one gibibyte of zeros in one megabyte: a gzip file of many members."""
    return gzip.compress(bytes(16 * MIB)) * 64


@cache
def brotli_bomb() -> bytes:
    """Return 256 mebibytes of zeros in a few hundred bytes."""
    packer = brotli.Compressor(quality=5)
    pieces = [packer.process(bytes(MIB)) for _ in range(256)]
    return b"".join(pieces) + packer.finish()


async def bomb(server: FaultServer, request: Request, writer: Writer) -> None:
    """Send the bomb of `/bomb/gzip` or `/bomb/br`."""
    body, name = (gzip_bomb(), "gzip") if request.path.endswith("gzip") else (brotli_bomb(), "br")
    await whole(body, content_encoding=name)(server, request, writer)


def busy_once(status: str, **headers: str) -> Answer:
    """Return a response that is an error at first and an article afterwards."""

    async def answer(server: FaultServer, request: Request, writer: Writer) -> None:
        if len(server.times(request.path)) > 1:
            await healthy(server, request, writer)
            return
        late = {name: _in(value) if name == "retry_after" else value for name, value in headers.items()}
        await whole(b"busy", status, **late)(server, request, writer)

    return answer


def _in(value: str) -> str:
    return formatdate(time.time() + int(value[1:]), usegmt=True) if value.startswith("@") else value


async def redirect(server: FaultServer, request: Request, writer: Writer) -> None:
    """Redirect `/to/X` to X; `PORT` in it is replaced by the server's port."""
    target = request.path.removeprefix("/to/").replace("PORT", str(server.port))
    writer.write(head("302 Found", location=target))


async def wants_cookie(server: FaultServer, request: Request, writer: Writer) -> None:
    """Send the page to who sends the cookie, which the redirect to the same page sets."""
    if request.headers.get("cookie") == "seen=1":
        await healthy(server, request, writer)
    else:
        writer.write(head("302 Found", location=request.path, set_cookie="seen=1; Path=/"))


async def never(server: FaultServer, request: Request, writer: Writer) -> None:
    """Never respond."""
    await asyncio.sleep(3600)


async def traversal(server: FaultServer, request: Request, writer: Writer) -> None:
    """Send a page that refreshes to a private address."""
    to = f"http://127.0.0.1:{server.port}/reached-by-refresh"
    page = f'<meta http-equiv="refresh" content="0; url={to}"><p>One moment.'
    await whole(page.encode())(server, request, writer)


def legacy(codec: str, claimed: str) -> Answer:
    """Return a Chinese article in one charset that declares another in header and page."""
    title, text = CHINESE_TITLE.format(name=codec), CHINESE.format(name=codec)
    page = f"<!doctype html><meta charset={claimed}><title>{title}</title>"
    page += f"<article><h1>{title}</h1><p>{text * 2}</p></article>"
    return whole(page.encode(codec, "ignore"), content_type=f"text/html; charset={claimed}")


def cut_off(coding: str, pack: Callable[[bytes], bytes]) -> Answer:
    """Return an article of which only the first half of the packed data is sent, as if that were all."""
    packed = pack(b"".join(pages.article(f"{coding} {number}") for number in range(40)))
    return whole(packed[: len(packed) // 2], content_type="text/html", content_encoding=coding)


BIG5 = (
    "<!doctype html><title>跨境平臺公布秋季物流新規</title><article><h1>跨境平臺公布秋季物流新規</h1><p>"
    "平臺週一表示，促銷期間的包裹平均九天到達買家手中，延誤訂單將在本週內退款。商家從春天起就要求給出明確的規則，"
    "因為承運商一年之內兩次上調了價格，中小賣家的利潤所剩無幾。</p></article>"
).encode("big5")

ANSWERS: Mapping[str, Answer] = {
    "article": healthy,
    "private": healthy,
    "robots2.txt": whole(b"User-agent: *\nDisallow: /private\n", content_type="text/plain"),
    # Sizes.
    "bomb": bomb,
    "large": whole(b"<p>" + b"x" * (9 * MIB)),
    "endless-body": endless(head(content_type="text/html"), b"<p>and on it goes</p>" * 4096),
    "many-headers": raw(
        b"HTTP/1.1 200 OK\r\n" + b"X-Padding: %s\r\n" % (b"x" * 900) * 22_000 + b"\r\n<p>Hello"
    ),
    "endless-headers": endless(b"HTTP/1.1 200 OK\r\n", b"X-Padding: %s\r\n" % (b"x" * 900) * 64),
    "endless-line": endless(b"HTTP/1.1 200 OK\r\nX-Padding: ", b"x" * 65536),
    "endless-interim": endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 512),
    # Time.
    "never": never,
    "slow-head": endless(b"HTTP/1.1 200 OK\r\n", b"X-Drop: 1\r\n", pause=0.2),
    "slow-body": endless(head(content_type="text/html"), b"<p>drop", pause=0.2),
    "busy429": busy_once("429 Too Many Requests", retry_after="2"),
    "busy503": busy_once("503 Service Unavailable", retry_after="2"),
    "busy-date": busy_once("503 Service Unavailable", retry_after="@3"),
    "go-away": whole(b"busy", "429 Too Many Requests", retry_after="86400"),
    # Redirects.
    "to": redirect,
    "cookie": wants_cookie,
    "circle": raw(head("302 Found", location="/circle")),
    "bad-location": raw(head("302 Found", location="http://[half/an/address")),
    "odd-location": raw(b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe:\\\\\x01\r\n\r\n"),
    "refresh": traversal,
    "reached-by-refresh": healthy,
    # Invalid or incomplete HTTP.
    "short": raw(head(content_type="text/html", content_length=50_000) + b"<p>and then"),
    "cut-chunk": raw(head(content_type="text/html", transfer_encoding="chunked") + b"40\r\n<p>and then"),
    "no-http": raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "noise": raw(bytes(range(256)) * 40),
    "silence": raw(b""),
    "odd-status": raw(b"HTTP/1.1 999999999999 Odd\r\n\r\n"),
    "cut-gzip": cut_off("gzip", gzip.compress),
    "cut-deflate": cut_off("deflate", zlib.compress),
    "cut-br": cut_off("br", brotli.compress),
    "cut-zstd": cut_off("zstd", zstd.compress),
    "partial": whole(pages.article("partial"), "206 Partial Content", content_range="bytes 0-99/200"),
    "bad-gzip": whole(b"this is not gzip", content_encoding="gzip"),
    "negative": raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n<p>x"),
    "s403": whole(b"no", "403 Forbidden"),
    "s404": whole(b"no", "404 Not Found"),
    "s410": whole(b"no", "410 Gone"),
    "s451": whole(b"no", "451 Unavailable For Legal Reasons"),
    "s500": whole(b"no", "500 Internal Server Error"),
    # Pages.
    "soft404": whole(pages.SOFT_404, content_type="text/html; charset=utf-8"),
    "login": whole(pages.LOGIN, content_type="text/html; charset=utf-8"),
    "attributes": whole(pages.ATTRIBUTES),
    "attributes16": whole(pages.ATTRIBUTES_UTF16),
    "nested": whole(pages.NESTED),
    "pdf": whole(pages.PDF),
    "binary": whole(pages.BINARY),
    "empty": whole(b""),
    "nul": whole(pages.NUL),
    "surrogates": whole(pages.SURROGATES),
    "markup": whole(pages.MARKUP),
    "gbk-as-utf8": legacy("gbk", "utf-8"),
    "utf8-as-latin1": legacy("utf-8", "iso-8859-1"),
    "gb18030-as-gb2312": legacy("gb18030", "gb2312"),
    "big5": whole(BIG5, content_type="text/html; charset=big5"),
    "utf16": legacy("utf-16", "utf-16"),
    # Lists.
    **LISTS,
}
