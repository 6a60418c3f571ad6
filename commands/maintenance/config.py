"""`shopwire config`: shows every option in force, and where it comes from."""

import json
import os
from itertools import groupby
from typing import Any

import click

from shopwire.storage.configuration.load import FILE, Option, find_misspelled_variables, list_options
from shopwire.storage.paths import get_home


@click.command("config")
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines instead.")
def show_configuration(as_json: bool) -> None:
    """Show every option in force, and where it comes from: a variable, a line of shopwire.toml, the default.

    The output can be the beginning of a shopwire.toml. Passwords and the like are not shown. What belongs to
    one source is in sources.toml.
    """
    options = list_options()
    for name, near in find_misspelled_variables(os.environ).items():
        click.echo(f"the variable {name} is no option; did you mean {near}?", err=True)
    if as_json:
        for one in options:
            shown = {"section": one.section, "key": one.field.name, "value": _hide(one), "from": one.origin}
            click.echo(json.dumps(shown, ensure_ascii=False))
        return
    path = (get_home() / FILE).absolute()
    click.echo(f"# {path}{'' if path.exists() else ' (does not exist)'}")
    for section, group in groupby(options, lambda one: one.section):
        click.echo(f"\n[{_quote_section(section)}]")
        for one in group:
            for line in _format_option(one):
                click.echo(line)


def _quote_section(section: str) -> str:
    """Return the name of a section as TOML writes it: that of a watch may need quotation marks."""
    table, _, name = section.partition(".")
    return f"{table}.{json.dumps(name, ensure_ascii=False)}" if name else table


def _format_option(one: Option) -> list[str]:
    """Return the lines of an option: what it means, and its value in TOML with where it comes from."""
    meaning = f"# {one.field.metadata['meaning']}{f' ({one.variable})' if one.variable else ''}"
    if one.field.metadata["secret"]:
        return [meaning, f"# {one.field.name} is {'set' if one.value else 'not set'}: {one.origin}"]
    return [meaning, f"{one.field.name} = {json.dumps(one.value, ensure_ascii=False)}  # {one.origin}"]


def _hide(one: Option) -> Any:
    """Return the value of an option, but only whether it is set if it is a secret."""
    return bool(one.value) if one.field.metadata["secret"] else one.value
