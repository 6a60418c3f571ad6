"""A vulnerable dependency fails `make check`; an unavailable advisory service never does."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

AUDIT = Path(__file__).parents[2] / ".ci" / "audit.py"
FOUND = {"id": "CVE-2026-1", "fix_versions": ["2.0"]}
SAFE = {"name": "safe", "version": "1", "vulns": []}
BROKEN = {"name": "broken", "version": "1", "vulns": [FOUND]}
UNKNOWN = {"name": "unknown", "skip_reason": "not found"}


def audit(folder: Path, pip_audit: str) -> subprocess.CompletedProcess[str]:
    """Run it with a fake pip-audit of these source lines."""
    (folder / "pip_audit.py").write_text(pip_audit)
    command = [sys.executable, AUDIT, "constraints.txt"]
    environment = {"PYTHONPATH": str(folder)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def says(*dependencies: object) -> str:
    return f"print({json.dumps(json.dumps({'dependencies': dependencies}))})"


def test_a_vulnerability_fails_and_is_named(tmp_path: Path) -> None:
    done = audit(tmp_path, says(SAFE, BROKEN, UNKNOWN))
    assert (done.returncode, done.stderr) == (1, "")
    assert "broken 1: CVE-2026-1, mended in 2.0" in done.stdout


def test_none_is_a_line(tmp_path: Path) -> None:
    done = audit(tmp_path, says(SAFE, UNKNOWN))
    assert done.returncode == 0
    assert done.stdout == "pip-audit: 1 dependencies, 0 known vulnerabilities\n"


@pytest.mark.parametrize(
    "pip_audit",
    [
        "raise ConnectionError('no route to the service')",
        "raise ModuleNotFoundError('no such module')",
        "print('no JSON')",
        says(UNKNOWN),
    ],
)
def test_where_it_cannot_be_asked_that_is_one_line(tmp_path: Path, pip_audit: str) -> None:
    done = audit(tmp_path, pip_audit)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("pip-audit left out: ")
    assert done.stdout.count("\n") == 1
