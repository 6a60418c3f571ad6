"""Extras: dependencies that are not installed by default."""

from importlib.util import find_spec

import click


def require_extra(extra: str, module: str, purpose: str) -> None:
    """Raise `click.UsageError` if the module of an extra is not installed, with how to install it."""
    if find_spec(module) is None:
        raise click.UsageError(f"{purpose} needs the extra {extra}: pip install 'shopwire[{extra}]'")
