"""The two scripts of Chinese."""

import functools

import opencc


@functools.cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """Return a text in simplified Chinese script, other letters untouched."""
    converted: str = _to_simplified().convert(text)
    return converted
