"""`shopwire serve`: opens the store in Datasette."""

import socket
from contextlib import suppress

import click
import uvicorn

from shopwire.storage.database import open_to_read
from shopwire.storage.datasette.app import USER, build_datasette
from shopwire.storage.errors import StoreError
from shopwire.storage.paths import find_store


@click.command("serve")
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, help="0: any free port.")
@click.option(
    "--password",
    envvar="SHOPWIRE_PASSWORD",
    help=f"Ask for this password; the user is {USER!r}. Better set SHOPWIRE_PASSWORD.",
)
def serve_store(host: str, port: int, password: str | None) -> None:
    """Open the store in Datasette, read-only; crawls may run at the same time."""
    path = find_store()
    open_to_read(path).close()  # raises if the store is unusable
    listener = open_listener(host, port)
    datasette = build_datasette(path, password)
    config = uvicorn.Config(datasette.app(), log_level="warning", lifespan="on")
    click.echo(f"{path} is at {format_address(listener)} (Ctrl-C ends it)", err=True)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


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
