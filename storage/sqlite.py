"""sqlite-utils, loaded without pandas.

Where pandas is installed, sqlite-utils takes it along to know one more type: a quarter of a second and
30 MB for each process that opens a store, and nothing here stores a Timestamp.
"""

import sys
from typing import Any

_modules: dict[str, Any] = sys.modules
_hidden = "pandas" not in _modules
if _hidden:
    # What is None here is not found, and not looked for.
    _modules["pandas"] = None

from sqlite_utils import Database  # noqa: E402
from sqlite_utils.db import Table  # noqa: E402
from sqlite_utils.migrations import Migrations  # noqa: E402

if _hidden:
    del _modules["pandas"]

__all__ = ("Database", "Migrations", "Table")
