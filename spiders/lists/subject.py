"""Tells by title and category whether an entry of a general list is about a subject."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import chain

WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
WORDS = files("shopwire.spiders.lists") / "subject_words.toml"


def is_about(pattern: re.Pattern[str] | None, title: str, categories: Iterable[str]) -> bool:
    """Return whether an entry matches; one without a title does, and everything without a pattern."""
    if pattern is None or not title:
        return True
    return any(pattern.search(text) for text in (title, *categories))


@cache
def build_subject_pattern(about: bool | str | tuple[str, ...]) -> re.Pattern[str] | None:
    """Return the pattern of a subject: a regular expression, words, or with True the words of e-commerce;
    None without a subject. Raises `re.error`."""
    if about is True:
        words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
        wide, whole = ("|".join(chain(*words[kind].values())) for kind in ("wide", "whole"))
        return re.compile(rf"{wide}|(?<![^\W_])(?:{whole})(?![^\W_])", re.IGNORECASE)
    if isinstance(about, tuple):
        own = [_build_word(word) for word in about if word.strip()]
        return re.compile("|".join(own), re.IGNORECASE) if own else None
    return re.compile(about, re.IGNORECASE) if about else None


def _build_word(word: str) -> str:
    """Return the pattern of one word; it is a whole one in scripts with spaces between words."""
    escaped = re.escape(word.strip())
    return escaped if WIDE.search(word) else rf"(?<![^\W_]){escaped}(?![^\W_])"
