"""Lines as a reader sees them."""

import pytest
from lxml import html

from shopwire.pipelines.parsing.visible_text import MOST_VISIBLE_LINES, is_shown, read_visible_lines


def test_blocks_part_lines_and_inline_elements_do_not() -> None:
    tree = html.fromstring(
        "<html><head><title>no</title></head><body><div>a <b>b</b><span>c</span><p>d</p>"
        "e<br>f</div><script>no</script><!-- no --><style>no</style> g</body></html>"
    )
    assert read_visible_lines(tree) == ["a bc", "d", "e", "f", "g"]


def test_a_picture_and_a_label_do_not_break_a_line() -> None:
    tree = html.fromstring("<div><img src=a.png> By <label>Li Lei</label> <data value=1>one</data></div>")
    assert read_visible_lines(tree) == ["By Li Lei one"]


def test_depth_and_length_are_no_danger() -> None:
    deep = html.Element("div")
    inner = deep
    for _ in range(5_000):
        inner = html.etree.SubElement(inner, "div")
    inner.text = "at the bottom"
    assert read_visible_lines(deep) == ["at the bottom"]
    long = html.fromstring("<div>" + "<p>x</p>" * (MOST_VISIBLE_LINES + 10) + "</div>")
    assert len(read_visible_lines(long)) == MOST_VISIBLE_LINES


HIDING_CLASSES = """
hidden u-hidden is-invisible hide d-none sr-only sr-only-focusable visually-hidden VisuallyHidden
card_visually-hidden hidden-visually screen-reader-text screenreader-only show-for-sr off-screen Offscreen
a11y-hidden element-invisible assistive-text tooltip-text tooltiptext
"""


@pytest.mark.parametrize("name", HIDING_CLASSES.split())
def test_a_class_that_hides_is_one_word_of_many(name: str) -> None:
    assert not is_shown(html.fromstring(f"<p class='a {name} b'>x</p>"))
    assert is_shown(html.fromstring(f"<p class='a{name}b'>x</p>"))
