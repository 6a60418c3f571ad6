"""What holds for every date, text and fingerprint, and not for the examples alone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shopwire.pipelines.deduplication import fingerprint as fp
from shopwire.pipelines.metadata.dates.date_candidates import WIDEST_ZONE
from shopwire.pipelines.metadata.dates.find_dates import CHINA_ZONE, find_dates
from shopwire.pipelines.metadata.dates.machine_dates import parse_machine_date
from shopwire.pipelines.nlp.language import detect_language
from shopwire.pipelines.parsing.meta_tags import Meta

FIRST = datetime(2024, 12, 20, tzinfo=UTC)
# Moments round a fetch, close to it and to the turn of a year, in the forms that sites write.
MOMENTS = st.integers(0, 750 * 86_400).map(lambda seconds: FIRST + timedelta(seconds=seconds))
ZONES = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
FORMS = st.sampled_from(
    [
        "%Y-%m-%d %H:%M:%S 来源：界面",
        "%Y年%m月%d日 %H:%M",
        "%m月%d日 %H:%M",
        "%m-%d %H:%M",
        "%m-%d",
        "Published %B %d, %Y at %I:%M %p",
        "%d %b %Y",
        "%d/%m/%Y %H:%M",
        "%m/%d/%Y",
        "Updated %Y-%m-%dT%H:%M:%S%z",
        "%a, %d %b %Y %H:%M:%S %z",
        "昨天 %H:%M",
        "今天 %H:%M",
        "%H小时前",
        "%Y%m%d%H%M",
    ]
)


@st.composite
def stamps(draw: st.DrawFn) -> str:
    """A moment in one of the forms."""
    return draw(MOMENTS).replace(tzinfo=draw(ZONES)).strftime(draw(FORMS))


@given(
    fetched=MOMENTS,
    lines=st.lists(stamps() | st.text(max_size=40), max_size=6),
    declared=st.lists(stamps(), max_size=2),
    listed=stamps() | st.just(""),
    language=st.sampled_from(["zh", "en", "und"]),
)
@settings(max_examples=300, deadline=None)
def test_no_date_is_invented_and_each_can_be_read_again(
    fetched: datetime, lines: list[str], declared: list[str], listed: str, language: str
) -> None:
    names = dict(zip(("article:published_time", "pubdate"), ((one,) for one in declared), strict=False))
    dates = find_dates(
        None,
        Meta(tags=names),
        ["A title", *lines],
        url="https://a.example/1",
        fetched=fetched,
        title="A title",
        listed_published=listed,
        language=language,
    )
    for said in (dates.published, dates.updated):
        if not said:
            continue
        moment = parse_machine_date(said)
        assert moment is not None
        # Machines write midnight where they know the day alone.
        assert moment.format(CHINA_ZONE) == (said[:10] if "T00:00" in said else said)
        if moment.clock:
            assert moment.to_datetime(CHINA_ZONE) <= fetched + WIDEST_ZONE
        else:
            assert moment.day <= (fetched + WIDEST_ZONE).date()
    if not dates.published:
        assert not dates.updated


PROSE = st.text("电商平台直播带货卖家 the seller of parcels 2026，。.,!é", max_size=300)
FORMS_OF_ONE_TEXT: list[Callable[[str], str]] = [
    str.upper,
    lambda text: f"  {text}!\n",
    lambda text: text.replace(" ", "\n\t"),
    lambda text: text.replace("电", "電"),
    lambda text: text.translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)}),
]


@given(PROSE, st.sampled_from(FORMS_OF_ONE_TEXT))
def test_a_fingerprint_knows_no_form(text: str, form: Callable[[str], str]) -> None:
    assert fp.hash_text(form(text)) == fp.hash_text(text)
    assert fp.tokenize(fp.normalise(form(text))) == fp.tokenize(fp.normalise(text))


@given(st.lists(st.integers(0, 400), min_size=3, max_size=400), st.integers(3, 400))
def test_a_text_that_goes_on_keeps_its_keys_and_shares_its_sample(numbers: list[int], cut: int) -> None:
    words = [f"word{number}" for number in numbers]
    part, whole = (fp.sort_distinct(fp.hash_shingles(one, fp.WORD_TOKENS)) for one in (words[:cut], words))
    assert np.isin(part, whole).all()
    sample = fp.sample_keys(whole)
    assert np.isin(part[part <= sample[-1]], sample).all()


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=80))
def test_a_language_is_a_code_of_two_letters_or_undetermined(text: str, title: str) -> None:
    language = detect_language(text, title)
    assert language == "und" or (len(language) == 2 and language.islower())


@given(st.text("电商平台直播带货卖家上线", min_size=8, max_size=60), st.text(" \n，。", max_size=10))
def test_a_text_in_han_characters_is_chinese(text: str, spaces: str) -> None:
    assert detect_language(f"{spaces}{text}{spaces}") == "zh"
