"""Look up the pinned dependencies in the known vulnerabilities: `python .ci/audit.py [FILE]`.

Exits with 1 only if one is found. If pip-audit is missing or its service is unavailable, it prints one
line and exits with 0, so that `make check` works without a network.
"""

import json
import subprocess
import sys

PINS = "constraints.txt"
LONGEST = 180
AUDIT = "pip_audit --no-deps --disable-pip --format json --progress-spinner off --timeout 10"


def report(pins: str) -> str:
    """Return the JSON output of pip-audit. Raises `RuntimeError` if there is none."""
    command = [sys.executable, "-m", *AUDIT.split(), "--requirement", pins]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"no answer within {LONGEST} s") from error
    if not done.stdout.strip():
        last = done.stderr.strip().splitlines()[-1:]
        raise RuntimeError("".join(last)[:200] or f"it ended with {done.returncode}")
    return done.stdout


def findings(said: str) -> tuple[int, list[str]]:
    """Return the number of dependencies looked up, and a line for each vulnerability."""
    known = [one for one in json.loads(said)["dependencies"] if "vulns" in one]
    lines = [
        f"{one['name']} {one['version']}: {found['id']}, "
        f"mended in {', '.join(found['fix_versions']) or 'no version yet'}"
        for one in known
        for found in one["vulns"]
    ]
    return len(known), lines


def main() -> int:
    """Print the vulnerabilities; returns the exit code."""
    try:
        number, lines = findings(report(sys.argv[1] if len(sys.argv) > 1 else PINS))
    except (RuntimeError, ValueError) as error:
        print(f"pip-audit left out: {error}")
        return 0
    if not number:
        print("pip-audit left out: its service knows none of the dependencies")
        return 0
    print(f"pip-audit: {number} dependencies, {len(lines)} known vulnerabilities", *lines, sep="\n  ")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
