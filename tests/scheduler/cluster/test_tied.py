"""A tied process ends with the one that started it, with all that it has started."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from shopwire.scheduler.cluster.tied import build_tied_command, let_live

PARENT = """
import subprocess, sys, time
child = subprocess.Popen({command}, stdin=subprocess.PIPE, start_new_session=True)
print(child.pid, flush=True)
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_it_ends_when_its_parent_is_killed() -> None:
    # `timeit` runs what it is given, in the process that is tied and in one below it.
    sleep = "import subprocess; subprocess.run(['sleep', '60'])"
    command = build_tied_command("timeit", "-n", "1", "-r", "1", sleep)
    with subprocess.Popen(
        [sys.executable, "-c", PARENT.format(command=command)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        children = Path(f"/proc/{pid}/task/{pid}/children")
        until = time.monotonic() + 60
        while not (below := children.read_text().split()):
            assert time.monotonic() < until
            time.sleep(0.05)
        parent.send_signal(signal.SIGKILL)
    until = time.monotonic() + 30
    while is_alive(pid) or is_alive(int(below[0])):
        assert time.monotonic() < until, "it lives on"
        time.sleep(0.05)


def test_it_ends_when_its_parent_hangs() -> None:
    command = build_tied_command("timeit", "-n", "1", "-r", "1", "import time; time.sleep(60)", seconds=2.0)
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as process:
        begun = time.monotonic()
        while time.monotonic() - begun < 6:
            let_live(process)
            assert process.poll() is None, "it was let live"
            time.sleep(0.2)
        assert process.wait(30) == -signal.SIGKILL
        let_live(process)


def test_its_exit_code_is_that_of_the_module() -> None:
    with subprocess.Popen(
        build_tied_command("json.tool", "/nowhere"), stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.wait() not in (0, -signal.SIGKILL)
