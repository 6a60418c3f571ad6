"""What a crawl loads."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXTENSIONS = """
import sys
from scrapy.utils.misc import load_object
from scrapy.utils.project import get_project_settings
names = get_project_settings().get_component_priority_dict_with_base("EXTENSIONS")
print(*(load_object(name).__name__ for name in names), "aiohttp" in sys.modules)
"""


def test_a_crawl_does_not_load_the_web_server_that_it_never_starts() -> None:
    told = subprocess.run(
        [sys.executable, "-c", EXTENSIONS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    *names, loaded = told.stdout.split()
    assert {"CrawlSession", "LogStats"} <= set(names)
    assert "RemoteControl" not in names
    assert loaded == "False"
