"""`docs/faults.md` agrees with the tests, and the tests cover every planned case."""

import re
import subprocess
import sys

from tests.faults.table import PAGE

CASES = 46
WRITE = "from tests.faults import table; text = table.build_page(); print('=====', text, sep='', end='')"


def test_the_page_is_what_the_tests_say() -> None:
    command = [sys.executable, "-c", WRITE]
    done = subprocess.run(command, cwd=PAGE.parent.parent, capture_output=True, text=True, check=True)
    assert done.stdout.partition("=====")[2] == PAGE.read_text(encoding="utf-8")


def test_every_case_of_the_plan_is_shown() -> None:
    shown = set(re.findall(r"^\| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert shown == {str(number) for number in range(1, CASES + 1)}
