"""Without the extra everything but a cluster works, and a cluster says what it lacks."""

import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shopwire.commands.cli import cli

WITHOUT = "import sys; sys.modules['celery'] = sys.modules['kombu'] = None; "
CALL = WITHOUT + "sys.argv = ['shopwire', *{words}]; from shopwire.commands.__main__ import main; main()"
IMPORT_ALL = """
import sys, pkgutil, importlib, shopwire
for found in pkgutil.walk_packages(shopwire.__path__, "shopwire."):
    if not found.name.endswith("__main__") and not found.name.startswith("shopwire.commands.cluster."):
        importlib.import_module(found.name)
import shopwire.commands.cluster.group
assert not {"celery", "kombu"} & sys.modules.keys(), "an extra is imported"
"""
# What takes a second to load, and none of which is used by a process that only hands out pages.
LOAD_WORKER = """
import sys
import shopwire.commands.cluster.work
print(*{"lxml", "numpy", "scrapy", "sqlite_utils", "trafilatura"} & sys.modules.keys())
"""


def run(code: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SHOPWIRE_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "words",
    [
        ["daemon", "--cluster"],
        ["cluster", "work"],
        ["cluster", "status"],
        ["reextract", "--cluster"],
        ["import", "--cluster", __file__],
    ],
)
def test_without_celery_it_says_which_extra(tmp_path: Path, words: list[str]) -> None:
    done = run(CALL.format(words=words), tmp_path)
    assert done.returncode == 2, done.stderr
    assert "pip install 'shopwire[cluster]'" in done.stderr
    assert not (tmp_path / "shopwire.db").exists()


def test_a_worker_loads_the_extraction_only_in_its_processes(tmp_path: Path) -> None:
    pytest.importorskip("celery")
    done = run(LOAD_WORKER, tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_without_celery_other_commands_work(tmp_path: Path) -> None:
    done = run(CALL.format(words=["config"]), tmp_path)
    assert done.returncode == 0, done.stderr


def test_importing_shopwire_never_imports_celery(tmp_path: Path) -> None:
    done = run(IMPORT_ALL, tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("broker", "said"),
    [
        ("", "SHOPWIRE_BROKER"),
        ("amqp://broker.example//", "guest is for loopback"),
        ("amqps://guest:guest@broker.example//", "guest is for loopback"),
        ("amqp://%67uest:guest@broker.example//", "guest is for loopback"),
        ("redis://broker.example/0", "an amqp or amqps URL"),
    ],
)
@pytest.mark.parametrize("words", [["daemon", "--cluster"], ["cluster", "work"], ["cluster", "status"]])
def test_a_broker_that_will_not_do_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], broker: str, said: str
) -> None:
    pytest.importorskip("celery")
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    monkeypatch.setenv("SHOPWIRE_BROKER", broker)
    result = CliRunner().invoke(cli, words)
    message = result.output or str(result.exception)
    assert result.exit_code in (1, 2)
    assert said in message


def write_certificate(path: Path, host: str) -> None:
    """Write a key and a certificate that it has signed itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(pem, form, serialization.NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(pem))


@contextmanager
def tls_server(certificate: Path) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the port of a server, and what it has been sent by those who trust its certificate."""
    context, got = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), []
    context.load_cert_chain(certificate)

    def serve() -> None:
        with suppress(OSError):
            while True:
                accepted = listener.accept()[0]
                with suppress(OSError), context.wrap_socket(accepted, server_side=True) as one:
                    got.append(one.recv(4))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1], got
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.mark.parametrize(("host", "is_right"), [("localhost", True), ("other.example", False)])
def test_the_certificate_of_a_broker_must_be_that_of_its_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, is_right: bool
) -> None:
    pytest.importorskip("celery")
    from shopwire.commands.cluster.app import get_app
    from shopwire.commands.cluster.broker import LOST, connect

    write_certificate(tmp_path / "broker.pem", host)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "broker.pem"))
    with tls_server(tmp_path / "broker.pem") as (port, got):
        url = f"amqps://worker:secret@localhost:{port}//"
        monkeypatch.setenv("SHOPWIRE_BROKER", url)
        for connection in (connect(url), get_app().connection_for_read()):
            got.clear()
            with pytest.raises(LOST):
                connection.connect()
            assert (b"AMQP" in got) == is_right
