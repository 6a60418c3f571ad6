"""A server on this machine that takes the messages of Apprise's `json://`, or refuses them."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Listener(HTTPServer):
    """Keeps what it has accepted; `answer` gives the status of the next message."""

    def __init__(self, answer: Callable[[], int] = lambda: 200) -> None:
        super().__init__(("127.0.0.1", 0), Ear)
        self.answer = answer
        self.heard: list[dict[str, str]] = []
        self.refused: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        """Return the Apprise URL of the server, with a secret in it."""
        return f"json://127.0.0.1:{self.server_port}/s3cr3t"

    def list_titles(self) -> list[str]:
        """Return the first line of each match that was accepted, in order."""
        return [part.split("\n")[0] for one in self.heard for part in one["message"].split("\n\n")]


class Ear(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:  # the sender was killed
            return
        message = json.loads(body)
        status = self.server.answer()
        (self.server.heard if status < 300 else self.server.refused).append(message)
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class has it
        pass


@contextmanager
def listening(answer: Callable[[], int] = lambda: 200) -> Iterator[Listener]:
    """Run a listener in a thread."""
    with Listener(answer) as opened:
        thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield opened
        finally:
            opened.shutdown()
            thread.join()
