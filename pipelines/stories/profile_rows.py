"""Makes profiles of event features, and converts them to rows of the table `profiles` and back."""

from collections.abc import Iterable, Mapping
from sqlite3 import Row

import numpy as np

from shopwire.pipelines.stories.event_features import EventFeatures, Profile, list_terms, weigh_features
from shopwire.pipelines.stories.story_index import StoredProfile, load_frequencies
from shopwire.storage.database import Store


def build_profile(store: Store, event: EventFeatures) -> Profile:
    """Return the profile of a text, weighed by the articles of the store."""
    return weigh_features(event, *load_frequencies(store, list_terms(event)))


def pack_profile(article: int, profile: Profile) -> StoredProfile:
    """Return the row of an article's profile."""
    return StoredProfile(
        article,
        profile.day,
        profile.language,
        profile.length,
        _join_lines(sorted(profile.features)),
        _join_lines(profile.keys),
        pack_words(profile.words),
    )


def _join_lines(values: Iterable[str]) -> str:
    return "\n".join(values)


def unpack_profile(row: Row) -> Profile:
    """Return the profile in a row, without what is only needed of a new one."""
    features = frozenset(row["marks"].split("\n")) if row["marks"] else frozenset()
    return Profile(row["language"], row["day"], row["length"], unpack_words(row["words"]), features)


def pack_words(words: Mapping[int, float]) -> bytes:
    """Return word keys (32 bits each), then their weights (16-bit floats), as bytes."""
    keys = np.fromiter(words.keys(), dtype="<u4", count=len(words))
    weights = np.fromiter(words.values(), dtype="<f2", count=len(words))
    return keys.tobytes() + weights.tobytes()


def unpack_words(packed: bytes) -> dict[int, float]:
    """Return the weights by word key that `pack_words` has packed."""
    count = len(packed) // 6
    keys = np.frombuffer(packed, dtype="<u4", count=count)
    weights = np.frombuffer(packed, dtype="<f2", offset=4 * count)
    return dict(zip(keys.tolist(), weights.tolist(), strict=True))
