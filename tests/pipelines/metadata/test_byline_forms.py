"""Forms of bylines as they are found on the web, with invented names: one line each below a headline."""

from pathlib import Path

import pytest

from shopwire.pipelines.metadata.byline import find_byline
from shopwire.pipelines.parsing.meta_tags import Meta

BODY = {
    "zh": "10月24日晚，青禾仓配的官方账号开启了直播，时长约两个小时，共有一百三十万人次观看。",
    "en": "The mill in Brenn sold a third more flour in October than in the same month a year ago.",
}
FORMS = [
    line.split("\t")
    for line in Path(__file__).with_name("bylines.tsv").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize(("language", "line", "author"), FORMS)
def test_the_author_of_a_byline(language: str, line: str, author: str) -> None:
    title = {"zh": "青禾三号仓下月投用", "en": "Nut mill opens in spring"}[language]
    below = find_byline(Meta(), [title, line, BODY[language]], title=title, language=language)
    assert below.author == author


def test_there_are_many_forms_in_both_languages() -> None:
    assert len(FORMS) >= 150
    assert {language for language, _, _ in FORMS} == {"zh", "en"}
