"""Without the extra everything but a cluster works, and a cluster says what it lacks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

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


def run(code: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SHOPWIRE_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "words",
    [["daemon", "--cluster"], ["cluster", "work"], ["cluster", "status"], ["reextract", "--cluster"]],
)
def test_without_celery_it_says_which_extra(tmp_path: Path, words: list[str]) -> None:
    done = run(CALL.format(words=words), tmp_path)
    assert done.returncode == 2, done.stderr
    assert "pip install 'shopwire[cluster]'" in done.stderr
    assert not (tmp_path / "shopwire.db").exists()


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
