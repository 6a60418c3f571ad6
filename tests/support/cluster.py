"""Run the commands of a cluster as processes of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.rabbitmq import Broker
from tests.support.site_server import SiteServer

# Seconds, for a machine that has much else to do.
PATIENCE = 400.0


@dataclass
class Cluster:
    """A store in `home`, and workers with homes of their own beside it."""

    folder: Path
    broker: Broker
    environment: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """The home of the daemon."""
        return self.folder / "home"

    def run(self, name: str, *words: str, home: Path | None = None) -> subprocess.Popen[bytes]:
        """Start `shopwire WORDS` under a name; its output goes into a file of that name."""
        where = home or self.folder / name
        where.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "shopwire.commands", *words],
                env=self.build_environment(where, is_worker=words[:2] == ("cluster", "work")),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self.processes[name]

    def call(self, *words: str, code: int = 0, home: Path | None = None) -> str:
        """Run `shopwire WORDS` beside the store, or in another home; check its exit code, and return its
        standard output."""
        (home or self.home).mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "shopwire.commands", *words],
            env=self.build_environment(home or self.home),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, (done.returncode, done.stdout[-2000:], done.stderr[-4000:])
        return done.stdout

    def build_environment(self, home: Path, is_worker: bool = False) -> dict[str, str]:
        """Return the environment of a command with a home, and with the rights of a worker if it is one."""
        return {
            **os.environ,
            "SHOPWIRE_HOME": str(home),
            "SHOPWIRE_BROKER": self.broker.worker_url if is_worker else self.broker.url,
            "SHOPWIRE_ALLOW_LOOPBACK": "1",
            **self.environment,
        }

    def start_daemon(self) -> None:
        """Start the daemon beside the store."""
        self.run("daemon", "daemon", "--cluster", *self.list_sources(), home=self.home)

    def list_sources(self) -> list[str]:
        """Return the names in sources.toml."""
        lines = (self.home / "sources.toml").read_text().splitlines()
        return [line.removeprefix("[sources.").removesuffix("]") for line in lines if line.startswith("[")]

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to a process, and wait for its end."""
        process = self.processes.pop(name)
        process.send_signal(number)
        process.wait(timeout=60)

    def wait_for(self, what: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until it is so; fail if it does not come to that, or a process has ended."""
        until = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < until, "it never came to that"
            ended = [name for name, process in self.processes.items() if process.poll() is not None]
            assert not ended, f"{ended} ended"
            time.sleep(0.1)

    def read_logs(self) -> str:
        """Return the ends of all logs."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"== {log.name}\n{log.read_text(errors='replace')[-3000:]}" for log in logs)


@contextmanager
def cluster(
    folder: Path, broker: Broker, server: SiteServer | None = None, delay: float = 0.2
) -> Iterator[Cluster]:
    """Prepare a cluster with the sites of a server as sources; end its processes with the block."""
    made = Cluster(folder, broker, {"SHOPWIRE_DELAY": str(delay)})
    made.home.mkdir(parents=True)
    if server:
        (made.home / "sources.toml").write_text(server.build_sources())
    try:
        yield made
    except BaseException:
        print(made.read_logs())
        raise
    finally:
        for process in made.processes.values():
            process.kill()
            process.wait()
