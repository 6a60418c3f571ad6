"""What is deployed calls commands that there are, with options that they have, and shares one store."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from shopwire.commands.cli import cli

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
CLUSTER = yaml.safe_load((DEPLOY / "compose.cluster.yaml").read_text(encoding="utf-8"))
UNITS = [path.read_text(encoding="utf-8") for path in sorted(DEPLOY.glob("*.service"))]


def calls() -> Iterator[list[str]]:
    """Each call of `shopwire`, as words."""
    for words in re.findall(r"^(?:HEALTHCHECK.*)?\bCMD (\[.+\])$", DOCKERFILE, re.MULTILINE):
        yield json.loads(words)
    for service in (*COMPOSE["services"].values(), *CLUSTER["services"].values()):
        if "command" in service:
            yield service["command"]
    for line in re.findall(r"^ExecStart=(.+)$", "\n".join(UNITS), re.MULTILINE):
        yield shlex.split(line)


CALLS = [words[1:] for words in calls()]


def test_the_daemon_its_health_check_and_datasette_are_called() -> None:
    names = [
        "cluster",
        "cluster",
        "daemon",
        "daemon",
        "daemon",
        "daemon",
        "serve",
        "serve",
        "serve",
        "status",
    ]
    assert sorted(words[0] for words in CALLS) == names


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_a_call_is_one_that_the_command_takes(words: list[str]) -> None:
    name, *options = words
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.make_context(name, options).command is command


def test_daemon_and_datasette_share_the_store_that_the_image_declares() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"daemon", "datasette"}
    assert services["daemon"]["volumes"] == ["store:/data"]
    assert services["datasette"]["volumes"] == ["store:/data:ro"]
    assert "SHOPWIRE_HOME=/data" in DOCKERFILE
    assert "store" in COMPOSE["volumes"]


def test_workers_have_the_broker_and_no_store() -> None:
    services = CLUSTER["services"]
    assert set(services) == {"broker", "daemon", "worker-1", "worker-2", "datasette"}
    assert [name for name, one in services.items() if "store:/data" in one.get("volumes", ())] == ["daemon"]
    for name in ("daemon", "worker-1", "worker-2"):
        assert services[name]["environment"]["SHOPWIRE_BROKER"].startswith("amqp://shopwire:")
        assert services[name]["build"]["args"]["EXTRAS"] == "[cluster]"
    # Nobody outside reaches the broker, unless its owner adds a port and certificates.
    assert "ports" not in services["broker"]
    assert set(CLUSTER["volumes"]) == {"broker", "store"}


def test_memory_is_limited_and_a_contact_is_asked_for() -> None:
    assert all("mem_limit" in one for compose in (COMPOSE, CLUSTER) for one in compose["services"].values())
    assert all("MemoryMax=" in unit for unit in UNITS)
    assert "${SHOPWIRE_CONTACT:?" in COMPOSE["services"]["daemon"]["environment"]["SHOPWIRE_CONTACT"]


def test_the_files_that_compose_builds_from_are_there() -> None:
    for service in COMPOSE["services"].values():
        context = (DEPLOY / service["build"]["context"]).resolve()
        assert (context / service["build"]["dockerfile"]).is_file()
        assert (context / "constraints.txt").is_file()


def test_the_image_is_built_from_what_the_wheel_needs_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["setuptools"]["packages"]
    files = {"pyproject.toml", "constraints.txt", "LICENSE", "NOTICE", project["project"]["readme"]}
    assert rules[0] == "*"
    let_in = {rule[1:] for rule in rules if rule.startswith("!")}
    assert let_in == {package.split(".")[1] for package in packages} | files
