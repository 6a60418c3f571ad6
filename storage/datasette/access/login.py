"""The password of the pages: a login form, and HTTP Basic authentication for programs."""

from __future__ import annotations

import base64
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from shopwire.storage.datasette.access.asgi_wrappers import NO_SCRIPT

if TYPE_CHECKING:
    from datasette.app import Datasette

USER = "shopwire"
# Wrong passwords of one address after which it must wait; the wait doubles with each further one.
FREE_TRIES, LONGEST_WAIT = 5, 60.0
# Bits of an IPv6 address that name a network (RFC 4291, 2.5.4).
SITE_PREFIX = 64
# Addresses that are remembered.
MOST_ADDRESSES = 10_000


class Login:
    """Compares passwords, and makes an address wait that sends wrong ones.

    The password is given at each start and stored nowhere, so it needs no slow hash, which would let a few
    requests stop all readers.
    """

    def __init__(self, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._password, self._clock = password.encode(), clock
        # Wrong passwords in a row by address, and when its next one is read.
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def get_wait(self, address: str) -> float:
        """Return the seconds until a password of an address is read."""
        _, until = self._failures.get(address, (0, 0.0))
        return max(0.0, until - self._clock())

    def check(self, address: str, user: str, password: str) -> bool:
        """Return whether user and password are right; False without a look while the address must wait."""
        if self.get_wait(address):
            return False
        if user == USER and hmac.compare_digest(password.encode("utf-8", "replace"), self._password):
            self._failures.pop(address, None)
            return True
        failures = self._failures.pop(address, (0, 0.0))[0] + 1
        over = failures - FREE_TRIES
        wait = min(2.0**over, LONGEST_WAIT) if over >= 0 else 0.0
        self._failures[address] = (min(failures, FREE_TRIES + 10), self._clock() + wait)
        if len(self._failures) > MOST_ADDRESSES:
            self._failures.popitem(last=False)
        return False


def find_actor(login: Login | None, request: Request) -> dict[str, str] | None:
    """Return who sends a request with HTTP Basic authentication (RFC 7617), None without a right one."""
    kind, _, words = (request.headers.get("authorization") or "").partition(" ")
    if login is None or kind.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(words, validate=True).decode().partition(":")
    except ValueError:
        return None
    return {"id": USER} if login.check(_get_address(request), user, password) else None


async def show_login(datasette: Datasette, request: Request) -> Response:
    """Return the login form, or to the front page with a cookie after the right password."""
    login: Login | None = getattr(datasette, "shopwire_login", None)
    error, status = "", 200
    if login is None:
        return Response.redirect(datasette.urls.instance())
    if request.method == "POST":
        address = _get_address(request)
        if wait := login.get_wait(address):
            error, status = f"Too many wrong passwords: wait {wait:.0f} seconds.", 429
        else:
            given = await request.post_vars()
            if login.check(address, given.get("username") or "", given.get("password") or ""):
                response = Response.redirect(datasette.urls.instance())
                response.set_cookie("ds_actor", datasette.sign({"a": {"id": USER}}, "actor"))
                return response
            error, status = "Wrong user or password.", 403
    values: dict[str, Any] = {"error": error, "user": USER}
    html = await datasette.render_template(["login.html"], values, request=request)
    return Response.html(html, status=status, headers={"content-security-policy": NO_SCRIPT})


def _get_address(request: Request) -> str:
    """Return the address that a request is from; of IPv6 its network, all of which one person has."""
    written = str((request.scope.get("client") or ("",))[0])
    try:
        address = ip_address(written.partition("%")[0])
    except ValueError:
        return written
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, SITE_PREFIX), strict=False))
    return written
