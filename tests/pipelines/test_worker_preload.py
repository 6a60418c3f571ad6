"""What the workers are forked from has everything loaded that they need, and no more."""

import subprocess
import sys

LOADED = """
import gc
import sys
import shopwire.pipelines.worker_preload
from shopwire.pipelines.nlp import bilingual_lexicon, entities, language
print(language.load_detectors.cache_info().currsize)
shares = bilingual_lexicon._load_article_shares
print(bilingual_lexicon.load_lexicon.cache_info().currsize, shares.cache_info().currsize)
print(entities.load_gazetteer.cache_info().currsize)
print(not {"scrapy", "sqlite_utils", "twisted"}.isdisjoint(sys.modules))
print(gc.isenabled(), gc.get_freeze_count() > 100_000)
"""


def test_what_parses_is_there_before_a_worker_is_forked_and_neither_store_nor_scrapy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["1", "1", "1", "1", "False", "True", "True"]
