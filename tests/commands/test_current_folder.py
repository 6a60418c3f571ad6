"""What is in the current folder is data: an installed shopwire runs its own modules only."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.newsroom.server import newsroom
from tests.support.crawling import environment

PAGE = Path(__file__).parents[1] / "pages/english_news.html"
FOREIGN = "from pathlib import Path\nPath({marker!r}).touch()\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a package `shopwire` whose modules leave a mark if they are executed."""
    for name in ("pipelines", "spiders", "storage", "commands", "scheduler"):
        package = tmp_path / "shopwire" / name
        package.mkdir(parents=True)
        for file in ("__init__", "worker_preload", "settings"):
            (package / f"{file}.py").write_text(FOREIGN.format(marker=str(tmp_path / "executed")))
    return tmp_path


def command(name: str) -> Path:
    return Path(sys.executable).with_name(name)


@pytest.mark.fault("u53", "A folder shopwire/pipelines where a command is started", "none of it is executed")
def test_workers_execute_nothing_of_the_current_folder(folder: Path) -> None:
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [command("shopwire"), "extract", "--json", PAGE],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not (folder / "executed").exists()


@pytest.mark.fault("u53", "The same folder where the daemon is started", "none of it is executed")
def test_crawls_of_the_daemon_execute_nothing_of_the_current_folder(folder: Path) -> None:
    with newsroom() as room:
        process = subprocess.Popen(
            [command("shopwire"), "daemon", "newsroom_meigong"],
            cwd=folder,
            env=environment(folder, room.port),
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stderr
            log = iter(process.stderr.readline, "")
            end = next(line for line in log if "crawl of newsroom_meigong ended" in line)
            process.terminate()
            process.stderr.read()
    assert end.endswith("ended with code 0\n")
    assert not (folder / "executed").exists()
