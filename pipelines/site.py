"""What is known of the site that a page comes from."""

from dataclasses import dataclass

from shopwire.pipelines.template import Template


@dataclass(frozen=True, slots=True)
class Site:
    """`lines` are hashes (see `clean.line_hash`) of lines known to repeat over its unrelated articles,
    `templates` say where its articles stand, the most trusted first. A page `to_study` is read as a
    whole, to learn a template from it or to see whether those known still hold."""

    lines: frozenset[int] = frozenset()
    templates: tuple[Template, ...] = ()
    to_study: bool = False


UNKNOWN = Site()
