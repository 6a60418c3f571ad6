"""Looks the pinned dependencies up among the known vulnerabilities: `python .ci/audit.py [FILE]`.

Ends with 1 only where one is found. Where pip-audit is missing or its service cannot be asked, that is
said in one line and counts for nothing, so that `make check` works without a network.
"""

import json
import subprocess
import sys

PINS = "constraints.txt"
LONGEST = 180
AUDIT = "pip_audit --no-deps --disable-pip --format json --progress-spinner off --timeout 10"


def report(pins: str) -> str:
    """What pip-audit says as JSON. Raises `RuntimeError` when it says nothing."""
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
    """How many dependencies were looked up, and a line for each vulnerability."""
    known = [one for one in json.loads(said)["dependencies"] if "vulns" in one]
    lines = [
        f"{one['name']} {one['version']}: {found['id']}, "
        f"mended in {', '.join(found['fix_versions']) or 'no version yet'}"
        for one in known
        for found in one["vulns"]
    ]
    return len(known), lines


def main() -> int:
    """Print what was found."""
    try:
        number, lines = findings(report(sys.argv[1] if len(sys.argv) > 1 else PINS))
    except (RuntimeError, ValueError) as error:
        print(f"pip-audit left out: {error}")
        return 0
    if not number:
        print("pip-audit left out: its service knows none of the dependencies")
        return 0
    print(
        f"pip-audit: {number} dependencies, {len(lines)} known vulnerabilities", *lines, sep="\n  "
    )
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
