"""What a process that opens a store loads."""

import subprocess
import sys

import pytest

AFTER = "; print('pandas' in sys.modules); import pandas; print(len(pandas.DataFrame([1])))"


@pytest.mark.parametrize(
    ("before", "loaded"), [("import sys", "False"), ("import sys, pandas", "True")]
)
def test_a_store_loads_no_pandas_and_leaves_it_to_others(before: str, loaded: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", f"{before}; import shopwire.storage.database{AFTER}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == [loaded, "1"]
