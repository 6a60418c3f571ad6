"""Counts the terms of a whole import before its months are placed apart.

A month counts only its own articles, and takes what is common in all of them for rare in its first days.
"""

from typing import Final

from shopwire.pipelines.article import Article
from shopwire.pipelines.batch.place import Parts, clean_article
from shopwire.pipelines.stories.event_features import get_day_number, list_terms, read_event_features
from shopwire.pipelines.stories.story_index import add_terms
from shopwire.storage.database import Store

# So many articles tell how common a word is; the features of one take some milliseconds to read.
MOST_READ: Final = 20_000


def count_terms_of_parts(store: Store, parts: Parts, seed: Store) -> None:
    """Add to the seed of the shards how many of the articles of some parts have each term, as one in so many
    of them shows; `store` has the boilerplate of their sites. Call inside `seed.writing()`."""
    every = -(-parts.count() // MOST_READ)
    for row in parts.read_in_order(every):
        if isinstance(row.result, Article):
            one = clean_article(store, row.result)
            event = read_event_features(one.title, one.text, one.language, get_day_number(row.seen))
            add_terms(seed, list_terms(event), every)
