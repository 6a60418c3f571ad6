"""`shopwire serve`: opens the store in Datasette."""

import logging
import os
import socket
from contextlib import suppress
from ipaddress import ip_address

import click
import uvicorn

from shopwire.storage.configuration.load import load_configuration
from shopwire.storage.database import open_to_read
from shopwire.storage.datasette.access.asgi_wrappers import end_whole
from shopwire.storage.datasette.access.login import USER
from shopwire.storage.datasette.app import build_datasette
from shopwire.storage.errors import StoreError
from shopwire.storage.paths import find_store

GRACE_SECONDS = 3
"""How long a request may go on after Ctrl-C: that of a language model's client never ends by itself."""
PASSWORD_VARIABLE = "SHOPWIRE_PASSWORD"  # noqa: S105 - the name of the variable


@click.command("serve")
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, help="0: any free port.")
@click.option(
    "--password", help=f"Ask for this password; the user is {USER!r}. Better set {PASSWORD_VARIABLE}."
)
@click.option("--public", is_flag=True, help="Let others on the network read without a password.")
@click.option("--mcp", is_flag=True, help="Let language models read at /-/mcp (Model Context Protocol).")
def serve_store(host: str, port: int, password: str | None, public: bool, mcp: bool) -> None:
    """Open the store in Datasette, read-only; crawls may run at the same time.

    The pages answer under addresses, localhost and the names in `hosts` of shopwire.toml only.
    """
    path = find_store()
    options = load_configuration().serve
    password = find_password(password, options.password)
    open_to_read(path).close()  # raises if the store is unusable
    listener = open_listener(host, port)
    if password is None and not public and not is_loopback(listener):
        listener.close()
        raise click.UsageError(
            f"{host} can be reached by others: set {PASSWORD_VARIABLE}, or say --public to need no password"
        )
    # Before datasette-mcp does it, which would log each session and request.
    logging.basicConfig(level=logging.WARNING)
    datasette = build_datasette(path, password, options.hosts, mcp)
    config = uvicorn.Config(
        end_whole(datasette.app()),
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    click.echo(f"{path} is at {format_address(listener)} (Ctrl-C ends it)", err=True)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def find_password(option: str | None, configured: str | None) -> str | None:
    """Return the password that readers need, None for none. Raises `click.UsageError` for an empty one: a
    variable that is empty by mistake must not open the store to everybody."""
    variable = os.environ.get(PASSWORD_VARIABLE)
    given = [one for one in (option, variable, configured) if one is not None]
    if given and not given[0].strip():
        raise click.UsageError(f"the password is empty: set another one, or unset {PASSWORD_VARIABLE}")
    return given[0] if given else None


def is_loopback(listener: socket.socket) -> bool:
    """Return whether only this machine can reach a listening socket."""
    return ip_address(listener.getsockname()[0].partition("%")[0]).is_loopback


def open_listener(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises `StoreError` if the address cannot be used."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise StoreError(
            f"cannot listen on {host} port {port}: {error.strerror}; "
            "stop the program that uses it, or choose another with --port"
        ) from error


def format_address(listener: socket.socket) -> str:
    """Return the URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
