"""Stories in the store: entered, left, merged and split by people."""

import json
from typing import Any

import numpy as np
import pytest

from shopwire.pipelines.analyze_article import get_day_number
from shopwire.pipelines.stories import story_index, story_store
from shopwire.pipelines.stories.assign_story import assign_story, leave_story
from shopwire.pipelines.stories.profile_rows import pack_words, unpack_words
from shopwire.pipelines.stories.story_index import (
    COUNT_EACH_UNTIL,
    COUNT_ONE_IN,
    count_terms,
    load_frequencies,
)
from shopwire.storage.database import Store
from tests.pipelines.stories.test_event_similarity import (
    CHINESE,
    OF_ONE_FIRM,
    OTHER_EVENT,
    OUTLET,
    PRIZE_AGAIN,
    TRANSLATION,
)
from tests.support.makers import an_article, store_article

TIME = "2025-10-25T09:00:00+08:00"


def put(store: Store, name: str, text: str, **more: Any) -> int:
    values = {"title": name, "language": "en", "published": TIME, **more}
    with store.writing():
        kept = store_article(store, an_article(f"https://blog.example/{name}", text, **values))
    assert kept.article_id is not None
    return kept.article_id


def story_of(store: Store, article: int) -> int:
    row = store.row("SELECT story_id FROM articles WHERE id = ?", article)
    assert row is not None
    return int(row["story_id"])


@pytest.fixture
def event(store: Store) -> tuple[int, int, int, int]:
    """A Chinese article, its translation, another outlet's report and another event."""
    return (
        put(store, "zh", CHINESE, language="zh"),
        put(store, "translation", TRANSLATION, published="2025-10-26T10:00:00+08:00"),
        put(store, "outlet", OUTLET),
        put(store, "other", OTHER_EVENT),
    )


def test_one_event_is_one_story_across_languages(store: Store, event: tuple[int, int, int, int]) -> None:
    first, *same, other = event
    assert {story_of(store, article) for article in same} == {story_of(store, first)}
    assert story_of(store, other) != story_of(store, first)
    row = store.row("SELECT * FROM stories WHERE id = ?", story_of(store, first))
    assert row is not None
    assert tuple(row)[1:] == (
        "zh",
        "2025-10-25T01:00:00+00:00",
        "2025-10-26T02:00:00+00:00",
        3,
        1,
        "en,zh",
    )


def test_a_translation_points_to_its_original(store: Store, event: tuple[int, int, int, int]) -> None:
    found = store.rows("SELECT article_id, of_id FROM translations")
    assert [tuple(row) for row in found if row["article_id"] == event[1]] == [(event[1], event[0])]


def test_a_link_says_why(store: Store, event: tuple[int, int, int, int]) -> None:
    row = store.row("SELECT like_id, why FROM story_links WHERE article_id = ?", event[2])
    assert row is not None
    assert row["like_id"] in event[:2]
    assert "amount:6e+08" in json.loads(row["why"])["marks"]


def test_the_same_event_a_year_later_is_another_story(store: Store) -> None:
    first = put(store, "zh", CHINESE, language="zh")
    soon = put(store, "soon", OUTLET, published="2025-10-31T09:00:00+08:00")
    later = put(store, "later", TRANSLATION, published="2026-10-25T09:00:00+08:00")
    assert story_of(store, soon) == story_of(store, first)
    assert story_of(store, later) != story_of(store, first)


def test_a_copy_belongs_to_the_story_of_its_original(store: Store) -> None:
    original = put(store, "original", OUTLET)
    copy = put(store, "copy", OUTLET, published="2026-03-01T09:00:00+08:00")
    assert story_of(store, copy) == story_of(store, original)
    assert [row["article_id"] for row in store.rows("SELECT article_id FROM profiles")] == [original]


def test_of_many_stories_on_one_firm_an_article_joins_that_of_its_event(store: Store) -> None:
    reports = [put(store, f"report {n}", text) for n, text in enumerate(OF_ONE_FIRM.split("\n\n"))]
    with store.writing():
        stories = [story_store.split_story(store, [report]) for report in reports]
    again = put(store, "again", PRIZE_AGAIN)
    assert len(set(stories)) == len(reports)
    assert story_of(store, again) == stories[-1]


def test_following_again_changes_nothing(store: Store, event: tuple[int, int, int, int]) -> None:
    before = [story_of(store, article) for article in event]
    counted = load_frequencies(store, ["platform:Douyin"])
    with store.writing():
        for article in event:
            assign_story(store, article)
    assert [story_of(store, article) for article in event] == before
    assert load_frequencies(store, ["platform:Douyin"]) == counted
    assert store.rows("SELECT id FROM stories WHERE articles = 0") == []


def test_a_changed_text_can_change_the_story(store: Store, event: tuple[int, int, int, int]) -> None:
    put(store, "outlet", OTHER_EVENT + " That is all.")
    assert story_of(store, event[2]) == story_of(store, event[3])
    row = store.row("SELECT articles FROM stories WHERE id = ?", story_of(store, event[0]))
    assert row is not None
    assert row["articles"] == 2


def test_people_merge_and_the_machine_respects_it(store: Store, event: tuple[int, int, int, int]) -> None:
    into, other = story_of(store, event[0]), story_of(store, event[3])
    with store.writing():
        assert story_store.merge_stories(store, into, other) == 1
        assign_story(store, event[3])
    assert story_of(store, event[3]) == into
    assert store.row("SELECT 1 FROM stories WHERE id = ?", other) is None
    alike = put(store, "alike", OTHER_EVENT + " Shops have protested.")
    assert story_of(store, alike) == into


def test_people_split_and_the_machine_respects_it(store: Store, event: tuple[int, int, int, int]) -> None:
    old = story_of(store, event[0])
    with store.writing():
        new = story_store.split_story(store, [event[2]])
        assign_story(store, event[2])
    assert story_of(store, event[2]) == new != old
    copy = put(store, "copy", OUTLET)
    assert story_of(store, copy) == new
    alike = put(store, "alike", OUTLET + " Nobody bought anything.")
    assert story_of(store, alike) == new


def test_rulings_are_remembered(store: Store, event: tuple[int, int, int, int]) -> None:
    with store.writing():
        story_store.split_story(store, [event[2]])
        story_store.merge_stories(store, story_of(store, event[0]), story_of(store, event[3]))
    found = [row["ruling"] for row in store.rows("SELECT ruling FROM rulings ORDER BY id")]
    assert found == ["split", "merge"]


def test_what_is_not_there_cannot_be_ruled_on(store: Store, event: tuple[int, int, int, int]) -> None:
    story = story_of(store, event[0])
    with pytest.raises(story_store.UnknownStoryError, match="no story 99"):
        story_store.merge_stories(store, story, 99)
    with pytest.raises(story_store.UnknownStoryError, match="itself"):
        story_store.merge_stories(store, story, story)
    with pytest.raises(story_store.UnknownStoryError, match="no article 99"):
        story_store.split_story(store, [99])
    with pytest.raises(story_store.UnknownStoryError, match="2 stories"):
        story_store.split_story(store, [event[0], event[3]])
    with pytest.raises(LookupError):
        assign_story(store, 99)


def test_a_large_store_counts_one_article_for_eight(store: Store) -> None:
    with store.writing():
        store.insert("terms", {"term": "", "articles": COUNT_EACH_UNTIL})
        for article in range(COUNT_ONE_IN):
            count_terms(store, article, ["word"])
    assert load_frequencies(store, ["word", "none"]) == (
        COUNT_EACH_UNTIL + COUNT_ONE_IN,
        {"word": COUNT_ONE_IN},
    )


def test_words_survive_the_store() -> None:
    words = {1: 0.5, 2**32 - 1: 0.25, 77: 0.1}
    unpacked = unpack_words(pack_words(words))
    assert list(unpacked) == list(words)
    assert np.allclose(list(unpacked.values()), list(words.values()), atol=1e-3)
    assert unpack_words(pack_words({})) == {}


def test_a_day_is_the_day_where_the_article_appeared() -> None:
    assert get_day_number("1970-01-02T00:30:00+08:00") == 1
    assert get_day_number("1970-01-02") == 1


FORM = (
    "{firm}今日宣布，任命{name}为首席财务官，即日起生效。{name}将负责公司的财务战略、投资者关系和内部审计。"
)


def test_a_form_for_another_firm_is_another_story(store: Store) -> None:
    one = put(store, "one", FORM.format(firm="青柚超市", name="白秋实"), language="zh")
    two = put(store, "two", FORM.format(firm="拾谷便利", name="纪雨眠"), language="zh")
    assert story_of(store, one) != story_of(store, two)


def test_counts_of_two_days_are_two_stories_whatever_else_is_told(store: Store) -> None:
    count = "临川邮政管理局{day}日通报，临川新增快递投诉{new}件，累计投诉{all}件。\n"
    told = (
        "局长张竹君说，城南三个网点延误最多，分拣慢，丢失较少。消费者要当面验货，破损的可拒绝签收，留好包装。"
        "赣东大学的志愿者周末去帮忙，接线员轮班到深夜。寄件人也可向商家索赔，保险公司先行赔付。"
    )
    retold = (
        "保险公司已替商家向寄件人赔付，索赔多因包装破损。深夜轮班的接线员提醒，验货以后签收，否则应当拒绝，"
        "消费者自己负责丢失。周末在城南，志愿者与分拣工清空网点，来自赣东大学。张竹君称延误将减少。"
    )
    first, second = count.format(day=2, new=43, all=845), count.format(day=5, new=41, all=968)
    one = put(store, "one", first + told, language="zh")
    later = put(store, "later", second + retold, language="zh")
    same = put(store, "same", first + retold, language="zh")
    assert story_of(store, one) == story_of(store, same) != story_of(store, later)


def test_the_issues_of_a_digest_are_stories_of_their_own(
    store: Store, event: tuple[int, int, int, int]
) -> None:
    items = f"1. {OUTLET[:60]}.\n2. A port reopened.\n3. A bank closed.\n4. Prices fell."
    first = put(store, "first", items, title="Weekly digest, issue 8")
    second = put(store, "second", items.replace("port", "road"), title="Weekly digest, issue 9")
    stories = {story_of(store, article) for article in (first, second)}
    assert stories.isdisjoint({story_of(store, article) for article in event})


def test_an_article_that_leaves_a_group_without_a_story_stays_in_its_own(store: Store) -> None:
    """A new article has taken over its group, left it again, and is in no story yet."""
    old = put(store, "old", OTHER_EVENT)
    new = put(store, "new", OUTLET)
    with store.writing():
        story_index.delete_profile(store, new)
        story_store.remove_from_story(store, new)
        before = story_of(store, old)
        leave_story(store, old, new)
        assert story_of(store, old) == before
        assert assign_story(store, new) != before
        assert assign_story(store, old) == before
