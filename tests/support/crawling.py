"""Run the real command in a process of its own, as a user does."""

import asyncio
import ctypes
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from tests.newsroom.sites import SITES

ROOT = Path(__file__).parents[2]
# linux/prctl.h and linux/capability.h: what lets root read and write whatever the permissions say.
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
SOURCES = tuple(f"newsroom_{site.name}" for site in SITES)


def environment(home: Path, port: int, **more: str) -> dict[str, str]:
    """Return the environment to crawl a newsroom on `port` into the store in `home`; `more` are variables."""
    return {
        **os.environ,
        "SHOPWIRE_HOME": str(home),
        "SHOPWIRE_NEWSROOM_PORT": str(port),
        "SCRAPY_SETTINGS_MODULE": "tests.newsroom.settings",
        "PYTHONPATH": str(ROOT),
        **more,
    }


def shopwire(*arguments: str, home: Path, port: int = 0, code: int = 0, **more: str) -> str:
    """Run `shopwire ARGUMENTS`, check its exit code, and return its standard output."""
    command = [sys.executable, "-m", "shopwire.commands", *arguments]
    done = subprocess.run(
        command,
        env=environment(home, port, **more),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, (done.returncode, done.stdout[-2000:], done.stderr[-4000:])
    return done.stdout


def crawl(*names: str, home: Path, port: int) -> dict[str, dict[str, Any]]:
    """Run `shopwire crawl --json` on newsroom sources, all by default; returns their reports."""
    report = json.loads(shopwire("crawl", "--json", *(names or SOURCES), home=home, port=port))
    return {run["source"]: run for run in report["runs"]}


def collect(items: AsyncIterator[Any]) -> list[Any]:
    """Return all that a callback of a source yields."""

    async def take() -> list[Any]:
        return [item async for item in items]

    return asyncio.run(take())


def bound_by_permissions() -> None:
    """Let permissions bind the next program, even where root runs the tests."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        if os.geteuid() == 0 and prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "cannot give up root's rights")
