"""Conversion between the two scripts of Chinese."""

import functools

import opencc


@functools.cache
def _load_converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplify_chinese(text: str) -> str:
    """Return a text in simplified Chinese script; other characters stay the same."""
    converted: str = _load_converter().convert(text)
    return converted
