"""`shopwire serve` as a person starts it."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store


def start(home: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [Path(sys.executable).with_name("shopwire"), "serve", *arguments],
        env={**os.environ, "SHOPWIRE_HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("more", [[], ["--mcp"]])
def test_it_serves_until_it_is_interrupted(store: Store, more: list[str]) -> None:
    with start(store.path.parent, "--port", "0", *more) as process:
        assert process.stderr
        address = process.stderr.readline().split(" is at ")[1].split()[0]
        try:
            with urllib.request.urlopen(f"{address}shopwire/latest.json") as answer:
                assert answer.status == 200
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(f"{address}nowhere")
        finally:
            process.send_signal(signal.SIGINT)
            rest = process.communicate(timeout=60)[1]
    assert address.startswith("http://127.0.0.1:")
    assert (process.returncode, rest) == (0, "")


@pytest.mark.parametrize("name", ["a#b", "a?b", "a%41b", "a b", "电商"])
def test_a_folder_of_any_name_is_served(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    with Store(folder / "shopwire.db") as store, store.writing():
        declare_source(store, "blog", "A blog", "https://blog.example/", "en")
    with start(folder, "--port", "0") as process:
        assert process.stderr
        address = process.stderr.readline().split(" is at ")[1].split()[0]
        try:
            with urllib.request.urlopen(f"{address}shopwire/sources.json?_shape=array") as answer:
                assert [row["name"] for row in json.load(answer)] == ["blog"]
            with urllib.request.urlopen(address) as answer:
                assert answer.status == 200
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_missing_store_is_said_in_one_line(tmp_path: Path) -> None:
    with start(tmp_path) as process:
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 2
    assert said == (
        f"shopwire: there is no store at {tmp_path}/shopwire.db; run `shopwire crawl` first, "
        "or point SHOPWIRE_HOME at the folder that has one\n"
    )


def test_a_taken_port_is_said_in_one_line(store: Store) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with start(store.path.parent, "--port", port) as process:
            said = process.communicate(timeout=60)[1]
    assert process.returncode == 2
    assert said.startswith(f"shopwire: cannot listen on 127.0.0.1 port {port}: ")
    assert said.endswith("--port\n")
    assert said.count("\n") == 1


@pytest.mark.fault("u51", "A public address without a password", "refused unless --public is said")
def test_a_public_address_needs_a_password_or_a_word(store: Store) -> None:
    home = store.path.parent
    with start(home, "--host", "0.0.0.0", "--port", "0") as process:
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 2
    assert "set SHOPWIRE_PASSWORD, or say --public" in said
    for words in (["--public"], ["--password", "open sesame"]):
        with start(home, "--host", "0.0.0.0", "--port", "0", *words) as process:
            assert process.stderr
            assert " is at http://0.0.0.0:" in process.stderr.readline()
            process.terminate()


@pytest.mark.fault("u52", "An empty password", "an error, as an option, a variable or in the file")
@pytest.mark.parametrize("place", ["option", "variable", "file"])
def test_an_empty_password_is_an_error(store: Store, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    home, words = store.path.parent, ["--port", "0"]
    if place == "option":
        words += ["--password", ""]
    elif place == "variable":
        monkeypatch.setenv("SHOPWIRE_PASSWORD", "")
    else:
        (home / "shopwire.toml").write_text('[serve]\npassword = ""\n')
    with start(home, *words) as process:
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 2
    assert "the password is empty" in said
