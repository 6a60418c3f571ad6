"""Where the articles of a site stand on its pages: what is learned of one page for those to come."""

import re
from dataclasses import dataclass

from lxml import etree, html

NUMBERS = re.compile(r"\d+")
PARTS = str.maketrans("", "", "/[")
"""What parts the steps of a path, and their numbers, stands in no name."""
ROUND = 2
"""Steps above a container at least, within which an article may go on outside of it."""
LONG = etree.XPath(
    ".//text()[string-length(normalize-space()) >= 20]"
    "[not(ancestor::a or ancestor::script or ancestor::style)]"
)
"""Texts that may be sentences: longer than labels, and no link."""


@dataclass(frozen=True, slots=True)
class Template:
    """The steps from `<body>` down to the container of a body, and how many steps `above` it the
    smallest element stands that has all of the article: headline, byline, body. Every article found
    by it has the `fields` named. No page had more than `beside` texts next to the container."""

    path: str
    above: int
    fields: frozenset[str] = frozenset()
    beside: int = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a page teaches that was read as a whole: the template by which the same article would have
    been found, if there is one, and those of the site by which another one would."""

    template: Template | None
    wrong: tuple[Template, ...] = ()


def template_of(container: html.HtmlElement, above: int) -> Template:
    """The template of a page whose body stands in `container`."""
    steps = [container, *container.iterancestors()]
    path = "/".join(_step(element) for element in reversed(steps[:-2]))
    return Template(path, above, beside=beside(container, above))


def beside(container: html.HtmlElement, above: int) -> int:
    """How many texts that may be sentences stand near a container, but not in it: where there are more
    than usual, an article goes on outside of its container."""
    near = container
    for _ in range(max(above, ROUND)):
        parent = near.getparent()
        near = near if parent is None else parent
    return _texts(near) - _texts(container)


def _texts(element: html.HtmlElement) -> int:
    found = LONG(element)
    return len(found) if isinstance(found, list) else 0


def stand(
    tree: html.HtmlElement, template: Template
) -> tuple[html.HtmlElement, html.HtmlElement] | None:
    """The element that has all of the article, and the container of its body; None where the page is
    not made like that."""
    found = [tree.find("body")]
    for step in template.path.split("/"):
        if found[-1] is None:
            return None
        found.append(_child(found[-1], step))
    scope, container = found[-1 - template.above], found[-1]
    return None if scope is None or container is None else (scope, container)


def _child(parent: html.HtmlElement, step: str) -> html.HtmlElement | None:
    name, _, number = step.partition("[")
    same = [child for child in parent if _name(child) == name]
    place = int(number or 0)
    return same[place] if place < len(same) else None


def _step(element: html.HtmlElement) -> str:
    """The name of an element, with how many of the same name stand before it."""
    name = _name(element)
    before = sum(_name(other) == name for other in element.itersiblings(preceding=True))
    return f"{name}[{before}" if before else name


def _name(element: html.HtmlElement) -> str:
    """Tag, `id` and first class, without the numbers by which a CMS tells articles apart."""
    first_class = next(iter(element.get("class", "").split()), "")
    return NUMBERS.sub("", f"{element.tag}#{element.get('id', '')}.{first_class}".translate(PARTS))
