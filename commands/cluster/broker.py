"""The queues of a cluster, and connections to its broker."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from threading import Event, Thread
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import click
from kombu.connection import Connection
from kombu.entity import Exchange, Queue
from kombu.exceptions import OperationalError

from shopwire.pipelines.article import EXTRACTOR
from shopwire.storage.cluster.wire import Beat, Ended, Fetched, Sign, encode_message
from shopwire.storage.configuration.load import load_configuration
from shopwire.storage.timestamps import format_time


def build_queue(name: str, *, is_passing: bool = False, **more: Any) -> Queue:
    """Return a durable queue with an exchange of its name, which goes with the queue if that `is_passing`.

    Through the exchange that RabbitMQ has by default, who may write to one queue may write to all.
    """
    exchange = Exchange(name, auto_delete=is_passing)
    return Queue(name, exchange, name, durable=True, **more)


# What workers have fetched. One consumer at a time, so that there is one writer even with two daemons.
KEEP: Final = build_queue("shopwire.keep", queue_arguments={"x-single-active-consumer": True})
# Workers that are alive. What is a minute old says nothing any more.
BEATS: Final = build_queue("shopwire.beats", message_ttl=60)
# What could not be stored, or came too often: kept for a person.
POISON: Final = build_queue("shopwire.poison")
# WARC files that no worker could read, until the import that waits for them has seen it.
FAILED: Final = build_queue("shopwire.refine.failed")
# Which processes are alive, for `shopwire cluster status`; nobody takes them out.
SIGNS: Final = build_queue("shopwire.signs", message_ttl=60)
# Seconds between two signs of a process, and in which the broker must take one.
SIGN_SECONDS: Final = 10.0
SIGN_PATIENCE: Final = 3.0
# How many messages the daemon takes at once.
BATCH: Final = 64
# Seconds in which the broker must confirm a message.
CONFIRM_SECONDS: Final = 10.0
# Seconds without a sign of life after which a connection is given up. The writer may wait long for the store.
HEARTBEAT_SECONDS: Final = 300
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
# What a lost or refused connection raises: `OSError` among them.
LOST: Final = (
    OperationalError,
    *Connection("amqp://").connection_errors,
    *Connection("amqp://").channel_errors,
)


logger = logging.getLogger(__name__)


def read_broker_url() -> str:
    """Return the URL of the broker. Raises `click.UsageError` if there is none, or a password that everybody
    knows guards it."""
    url = load_configuration().cluster.broker
    if not url:
        raise click.UsageError("no broker: set SHOPWIRE_BROKER, or broker in [cluster] of shopwire.toml")
    parts = urlsplit(url)
    if unquote(parts.username or "guest") == "guest" and parts.hostname not in LOOPBACK:
        raise click.UsageError(
            f"the broker at {parts.hostname} needs a user of its own: guest is for loopback"
        )
    return url


def get_crawl_queue(worker: str) -> Queue:
    """Return the queue of the crawls that a worker is given; it goes some time after the worker."""
    return build_queue(f"shopwire.crawl.{worker}", is_passing=True, expires=3600)


def get_refine_queue() -> Queue:
    """Return the queue of WARC files for workers of this version of the extraction.

    A file is given to a worker three times at most, and its worker has two hours (milliseconds).
    """
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": 2,
        "x-consumer-timeout": 7_200_000,
        "x-dead-letter-exchange": FAILED.exchange.name,
        "x-dead-letter-routing-key": FAILED.name,
    }
    return build_queue(f"shopwire.refine.{EXTRACTOR.replace(' ', '-')}", queue_arguments=arguments)


def connect(url: str, patience: float = CONFIRM_SECONDS) -> Connection:
    """Return a connection whose messages the broker confirms; it has so many seconds to be reached."""
    return Connection(
        url,
        ssl=find_ssl_options(url),
        transport_options={"confirm_publish": True},
        heartbeat=HEARTBEAT_SECONDS,
        connect_timeout=patience,
    )


def find_ssl_options(url: str) -> dict[str, str | None] | bool:
    """Return how the certificate of a broker is checked; False without one."""
    parts = urlsplit(url)
    # Without a name py-amqp accepts the certificate of any host.
    return {"server_hostname": parts.hostname} if parts.scheme == "amqps" else False


class Sender:
    """Sends messages over a connection of its own, once who takes them has declared their queue. For one
    thread."""

    def __init__(self, url: str, patience: float = CONFIRM_SECONDS) -> None:
        """`patience` is how many seconds the broker has for each step: to be reached, and to confirm."""
        self._url, self._patience = url, min(patience, CONFIRM_SECONDS)
        self._connection: Connection | None = None
        self._producer: Any = None

    def send(self, message: Fetched | Ended | Beat | Sign) -> None:
        """Send a message; return when the broker has it. Raises `OSError` if that cannot be done."""
        passing = {Beat: BEATS, Sign: SIGNS}.get(type(message))
        self.publish(passing or KEEP, encode_message(message), persistent=passing is None)

    def publish(self, queue: Queue, body: bytes, *, persistent: bool = True, **more: Any) -> None:
        """Send the body of a message to a queue, as `send` does."""
        try:
            self._open().publish(
                body,
                exchange=queue.exchange.name,
                routing_key=queue.name,
                content_type="application/json",
                content_encoding="utf-8",
                delivery_mode=2 if persistent else 1,
                timestamp=int(time.time()),
                timeout=self._patience,
                confirm_timeout=self._patience,
                **more,
            )
        except LOST as error:
            self.close()
            raise OSError(f"the broker was lost: {error}") from error

    def _open(self) -> Any:
        if self._connection is None:
            self._connection = connect(self._url, self._patience)
            # A worker may not declare what is not its own. `default_channel` would try without an end.
            self._connection.connect()
            self._producer = self._connection.Producer(self._connection.channel())
        return self._producer

    def close(self) -> None:
        """Close the connection, also a broken one."""
        if self._connection is not None:
            self._connection.collect(socket_timeout=1.0)
            self._connection = self._producer = None


def open_channel(connection: Connection) -> Any:
    """Return a channel once the queues are declared. Raises one of `LOST` if the broker cannot be reached."""
    # `default_channel` would try without an end.
    connection.connect()
    channel = connection.channel()
    for queue in (KEEP, BEATS, POISON, FAILED, SIGNS):
        queue(channel).declare()
    return channel


def read_message_body(message: Any) -> bytes:
    """Return the body of a message of the broker, which is a text if it was declared as one."""
    body = message.body
    return body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)


def read_sent(message: Any) -> str | None:
    """Return when a message of the broker was sent, by the clock of who sent it; None if that is not said."""
    try:
        return format_time(datetime.fromtimestamp(message.properties["timestamp"], UTC))
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def get_worker_name() -> str:
    """Return the name of a worker on this machine, unless it is given one."""
    return socket.gethostname()


@contextmanager
def announcing(url: str, build: Callable[[], Sign]) -> Iterator[None]:
    """Send a sign every few seconds, and at the end of the block, from a thread of its own."""

    def announce_once(sender: Sender) -> None:
        try:
            sender.send(build())
        except OSError as error:
            logger.warning("%s", error)

    def announce() -> None:
        with closing(Sender(url, SIGN_PATIENCE)) as sender:
            announce_once(sender)
            while not ending.wait(SIGN_SECONDS):
                announce_once(sender)
            announce_once(sender)

    ending = Event()
    thread = Thread(target=announce, name="signs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()
