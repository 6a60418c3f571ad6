"""Run a RabbitMQ of our own on loopback, in a folder that is thrown away."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
ERLANG_OPTIONS = "+S 1:1 -kernel inet_dist_use_interface {127,0,0,1} -start_epmd false"
# Seconds, for a machine that has much else to do.
PATIENCE = 300.0
# What docs/cluster.md allows to the user of a worker, whatever the worker is called.
WORKER = {
    "configure": r"^shopwire\.(crawl\.[^.]+|refine\..+)$",
    "write": r"^shopwire\.(keep|beats|signs|crawl\.[^.]+|refine\..+)$",
    "read": r"^shopwire\.(crawl\.[^.]+|refine\..+)$",
}
ALL = dict.fromkeys(WORKER, ".*")
MISSING = "no RabbitMQ here: `apt-get install rabbitmq-server`"


def find_free_port() -> int:
    """Return a port of loopback on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def build_definitions() -> str:
    """Return the users of the broker, whose names are their passwords: `guest` may do all."""
    permissions = {"guest": ALL, "worker": WORKER}
    users = [
        {
            "name": name,
            # Four bytes of salt are before the digest.
            "password_hash": b64encode(b"salt" + hashlib.sha256(b"salt" + name.encode()).digest()).decode(),
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": "",
        }
        for name in permissions
    ]
    allowed = [{"user": name, "vhost": "/", **one} for name, one in permissions.items()]
    return json.dumps({"users": users, "vhosts": [{"name": "/"}], "permissions": allowed})


@dataclass
class Broker:
    """A broker; `url` is where it listens whenever it runs, `worker_url` that for the user of a worker."""

    folder: Path
    url: str
    worker_url: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    names: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        with (self.folder / "server.log").open("ab") as log:
            if self.names is None:
                # The name server of Erlang; the broker would start one that outlives it.
                self.names = subprocess.Popen(["epmd"], env=self.environment, stdout=log, stderr=log)
            self.process = subprocess.Popen(
                [SERVER], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "server.log").read_text()[-2000:]
            assert time.monotonic() < until, "RabbitMQ does not listen"
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(
                ("127.0.0.1", int(self.environment["RABBITMQ_NODE_PORT"])), 1
            ) as one:
                one.settimeout(5)
                one.sendall(b"AMQP\x00\x00\x09\x01")
                return bool(one.recv(1))
        except OSError:
            return False

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to all of its processes."""
        assert self.process
        os.killpg(self.process.pid, number)
        if number == signal.SIGKILL:
            self.process.wait()


@contextmanager
def rabbitmq(folder: Path) -> Iterator[Broker]:
    """Start a broker, and end it with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    port, names = find_free_port(), find_free_port()
    (folder / "definitions.json").write_text(build_definitions())
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.1 = 127.0.0.1:{port}\nload_definitions = {folder / 'definitions.json'}\n"
    )
    (folder / "plugins").write_text("[].")
    environment = {
        **os.environ,
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"shopwire{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(find_free_port()),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "nothing"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG_OPTIONS,
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(names),
    }
    urls = (f"amqp://{user}:{user}@127.0.0.1:{port}//" for user in ("guest", "worker"))
    broker = Broker(folder, *urls, environment)
    broker.start()
    try:
        yield broker
    finally:
        broker.kill(signal.SIGCONT)
        broker.kill()
        assert broker.names
        broker.names.kill()
        broker.names.wait()
