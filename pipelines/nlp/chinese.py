"""Conversion between the two scripts of Chinese."""

import functools

import opencc

from shopwire.storage.text.characters import HAN_CHARACTER


@functools.cache
def _load_converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplify_chinese(text: str) -> str:
    """Return a text in simplified Chinese script; other characters stay the same."""
    if not HAN_CHARACTER.search(text):
        return text
    converted: str = _load_converter().convert(text)
    return converted
