"""Numbers with their nouns."""


def count_things(number: int, thing: str) -> str:
    """Return a number with its noun: 1 article, 1,234 articles."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
