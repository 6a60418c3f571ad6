"""Runs smoke tests with the oldest declared version of every dependency: `python .ci/lower_bounds.py`.

Installs them, and shopwire, into an environment of its own. Ends with 1 if that or a test fails. Needs the
package index that pip is configured for.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.newsroom.server import newsroom  # noqa: E402

REQUIREMENT = re.compile(r"([\w.-]+)>=([\w.]+)(?:,<[\w.]+)?")
PAGE = ROOT / "tests/pages/english_news.html"
ARTICLE = {
    "url": "https://news.example/1",
    "title": "仓库启用",
    "text": "义乌的新仓库在周一启用。" * 20,
}
# Only some of the modules are used by the tests below.
IMPORT_ALL = """
from importlib import import_module
from pkgutil import walk_packages
import shopwire
for module in walk_packages(shopwire.__path__, "shopwire."):
    if not module.name.endswith("__main__"):
        import_module(module.name)
"""
# The extra whose modules import what it brings.
EXTRA = "cluster"
# Seconds until a server that has been started must answer.
PATIENCE = 60


def read_minimums() -> dict[str, str]:
    """Return the oldest declared version of each dependency. Raise `ValueError` if one has no bound."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    minimums = {}
    for requirement in project["dependencies"] + project["optional-dependencies"][EXTRA]:
        match = REQUIREMENT.fullmatch(requirement)
        if match is None:
            raise ValueError(f"{requirement!r} is not of the form name>=version[,<version]")
        minimums[match[1]] = match[2]
    return minimums


def install(folder: Path) -> Path:
    """Install shopwire with the oldest dependencies, and return the folder of its commands."""
    constraints = folder / "constraints.txt"
    lines = [f"{name}=={version}\n" for name, version in read_minimums().items()]
    constraints.write_text("".join(lines))
    venv.create(folder / "venv", with_pip=True)
    commands = folder / "venv/bin"
    # Older ones than 23.3 cannot resolve lxml's extras.
    run_pip(commands, "--upgrade", "pip")
    # Setuptools would add the modules of an earlier build that are gone.
    shutil.rmtree(ROOT / "build", ignore_errors=True)
    run_pip(commands, "--constraint", constraints, f"{ROOT}[{EXTRA}]")
    return commands


def run_pip(commands: Path, *arguments: str | Path) -> None:
    """Run `pip install`. Raise `RuntimeError` with what pip said if it fails."""
    pip = [commands / "python", "-m", "pip", "install", "--disable-pip-version-check"]
    done = subprocess.run([*pip, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{done.stdout[-1500:]}\n{done.stderr[-1500:]}")


class Shopwire:
    """The installed commands, with a store of their own and the newsroom's sources."""

    def __init__(self, commands: Path, home: Path, port: int) -> None:
        self.commands = commands
        self.home = home
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SCRAPY_SETTINGS_MODULE": "tests.newsroom.settings",
            "SHOPWIRE_HOME": str(home),
            "SHOPWIRE_NEWSROOM_PORT": str(port),
        }

    def run(self, *command: str | Path, settings: str = "tests.newsroom.settings") -> str:
        """Return the standard output of a command. Raise `CalledProcessError` if it fails."""
        return subprocess.run(
            [self.commands / command[0], *command[1:]],
            cwd=self.home,
            env={**self.environment, "SCRAPY_SETTINGS_MODULE": settings},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout

    def serve(self) -> str:
        """Return the front page as `shopwire serve` shows it."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [self.commands / "shopwire", "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)
        try:
            return read_when_ready(f"http://127.0.0.1:{port}/")
        finally:
            process.terminate()
            process.wait()


def read_when_ready(url: str) -> str:
    """Return a page of a server that is about to start. Raise `OSError` if it does not."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as response:
                return response.read().decode()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def run_smoke_tests(shopwire: Shopwire) -> None:
    """Use each part of shopwire once. Raise `AssertionError` or `CalledProcessError` if one fails."""
    shopwire.run("python", "-c", IMPORT_ALL)
    assert "ebrun" in shopwire.run("scrapy", "list", settings="shopwire.spiders.settings").split()
    extracted = json.loads(shopwire.run("shopwire", "extract", "--json", PAGE))
    expected = PAGE.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    assert extracted["text"].splitlines() == expected, extracted
    (run,) = json.loads(shopwire.run("shopwire", "crawl", "--json", "newsroom_meigong"))["runs"]
    assert run["outcome"] == "ok", run
    articles = shopwire.home / "articles.jsonl"
    articles.write_text(json.dumps(ARTICLE), encoding="utf-8")
    shopwire.run("shopwire", "import", articles)
    assert ARTICLE["title"] in shopwire.run("shopwire", "search", "义乌", "仓库")
    assert ARTICLE["title"] in shopwire.serve()


def main() -> int:
    """Install, test, and print the result."""
    with tempfile.TemporaryDirectory() as name, newsroom() as sites:
        folder = Path(name)
        home = folder / "home"
        home.mkdir()
        try:
            run_smoke_tests(Shopwire(install(folder), home, sites.port))
        except (AssertionError, OSError, RuntimeError, subprocess.CalledProcessError) as error:
            print(f"lower bounds: {type(error).__name__}: {error}")
            return 1
    print(f"lower bounds: the oldest versions of {len(read_minimums())} dependencies work")
    return 0


if __name__ == "__main__":
    sys.exit(main())
