"""What the rows of a group are after each change, in small groups that are linked by hand."""

import json
from datetime import UTC, datetime

import pytest

from shopwire.pipelines.article import build_columns
from shopwire.pipelines.deduplication.duplicate_groups import (
    DuplicateLink,
    find_exact_duplicate,
    get_latest_moment,
    has_article_on_site,
    leave_group,
    list_linked_through,
    list_members,
    list_weak_duplicates,
    merge_groups,
    record_containment,
    remove_article,
    split_branch,
    unlink_article,
)
from shopwire.storage.crawl_log.runs import declare_source
from shopwire.storage.database import Store
from tests.support.makers import an_article

SEEN = "2026-11-22T08:00:00+00:00"


def add(store: Store, hour: int | None, text: str = "A text.", source: str = "blog") -> int:
    """Store an article that is in no group, published at this hour or without a date; return its id."""
    number = store.row("SELECT count(*) FROM articles")[0] + 1
    published = None if hour is None else f"2026-11-20T{hour:02}:00+00:00"
    url = f"https://{source}.example/{number}"
    article = an_article(url, text, source=source, published=published, fetched=SEEN)
    with store.writing():
        return store.insert_article({**build_columns(article), "archived_in": ""})


def add_all(store: Store, *texts: str) -> list[int]:
    """Store articles of one hour after another."""
    return [add(store, hour, text) for hour, text in enumerate(texts)]


def link(one: int, other: int, score: float = 0.9) -> DuplicateLink:
    return DuplicateLink(score, {"says": "同一", "between": [one, other]})


def merge(store: Store, article: int, *others: int, score: float = 0.9) -> int:
    """Merge an article with the groups of others, each linked to it."""
    with store.writing():
        return merge_groups(store, article, {other: link(article, other, score) for other in others})


def contain(store: Store, container: int, contained: int, score: float = 0.9) -> None:
    with store.writing():
        record_containment(store, container, contained, link(container, contained, score))


def copies(store: Store) -> set[tuple[int, int, str]]:
    return {tuple(row) for row in store.rows("SELECT article_id, of_id, kind FROM copies")}


def canonicals(store: Store) -> list[int]:
    """The canonical id of each article in the order of their ids."""
    return [row[0] for row in store.rows("SELECT canonical_id FROM articles ORDER BY id")]


@pytest.mark.parametrize(
    ("published", "fetched", "moment"),
    [
        (None, SEEN, datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("", "2026-11-22T08:00:00", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("2026-11-20", SEEN, datetime(2026, 11, 20, 23, 59, tzinfo=UTC)),
        ("2026-11-20T07:30", SEEN, datetime(2026, 11, 20, 7, 30, tzinfo=UTC)),
        ("2026-11-20T07:30+08:00", SEEN, datetime(2026, 11, 19, 23, 30, tzinfo=UTC)),
        # A text is not published after it was seen.
        ("2026-11-22", SEEN, datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("2026-11-22T08:01", SEEN, datetime(2026, 11, 22, 8, tzinfo=UTC)),
    ],
)
def test_an_article_was_published_by_the_latest_possible_moment(
    published: str | None, fetched: str, moment: datetime
) -> None:
    assert get_latest_moment(published, fetched) == moment


@pytest.mark.parametrize(
    ("articles", "canonical"),
    [
        ([(9, "long text"), (8, "text")], 2),
        ([(8, "text"), (8, "long text")], 2),
        ([(8, "text"), (8, "other")], 2),
        ([(8, "texts"), (8, "other")], 1),
        # Which of two without a date was fetched earlier in one second is chance.
        ([(None, "text"), (None, "long text")], 1),
        ([(None, "text"), (8, "text")], 2),
    ],
)
def test_the_first_then_the_longest_then_the_first_stored_is_canonical(
    store: Store, articles: list[tuple[int | None, str]], canonical: int
) -> None:
    one, other = (add(store, hour, text) for hour, text in articles)
    assert merge(store, other, one) == canonical
    assert canonicals(store) == [canonical, canonical]
    assert copies(store) == {
        (3 - canonical, canonical, "near" if articles[0][1] != articles[1][1] else "exact")
    }


def test_a_link_is_kept_as_it_was_found(store: Store) -> None:
    one, other = add_all(store, "same", "same")
    merge(store, other, one, score=0.75)
    (row,) = store.rows("SELECT score, why FROM copies")
    assert tuple(row) == (0.75, f'{{"says": "同一", "between": [{other}, {one}]}}')


def test_two_groups_and_what_joins_them_are_one_group_with_the_kinds_of_its_texts(store: Store) -> None:
    first, a, b, c, late = add_all(store, "a", "b", "c", "a", "b")
    merge(store, b, a)
    merge(store, late, c)
    assert copies(store) == {(b, a, "near"), (late, c, "near")}
    assert merge(store, first, a, c) == first
    assert list_members(store, first) == [first, a, b, c, late]
    assert list_members(store, a) == []
    assert copies(store) == {
        (a, first, "near"), (b, first, "near"), (c, first, "exact"), (late, first, "near")
    }  # fmt: skip


def test_a_group_whose_canonical_article_is_the_first_keeps_it(store: Store) -> None:
    a, b, new = add_all(store, "a", "b", "a")
    merge(store, b, a)
    assert merge(store, new, a) == a
    assert copies(store) == {(b, a, "near"), (new, a, "exact")}
    assert list_members(store, a) == [a, b, new]


def test_a_group_without_a_link_is_left_alone(store: Store) -> None:
    a, b, c, d = add_all(store, "a", "b", "c", "d")
    merge(store, b, a)
    merge(store, d, c)
    assert canonicals(store) == [a, a, c, c]
    assert copies(store) == {(b, a, "near"), (d, c, "near")}


def test_what_becomes_one_group_does_not_contain_itself(store: Store) -> None:
    a, b, outer, inner = add_all(store, "a", "b", "c", "d")
    kept = ((outer, b), (b, inner), (a, inner))
    for container, contained in ((a, b), *kept):
        contain(store, container, contained)
    merge(store, b, a)
    assert copies(store) == {(b, a, "near"), *((*pair, "contains") for pair in kept)}


def test_an_article_on_the_same_site_is_another_one_of_its_source(store: Store) -> None:
    with store.writing():
        declare_source(store, "daily", "Daily", "https://daily.example/", "en")
    one, other = add(store, 1), add(store, 2, source="daily")
    merge(store, other, one)
    assert has_article_on_site(store, one, "blog", other)
    assert has_article_on_site(store, one, "daily", one)
    assert not has_article_on_site(store, one, "blog", one)
    assert not has_article_on_site(store, one, "portal", one)
    assert not has_article_on_site(store, other, "blog", other)


def test_of_articles_with_one_text_the_first_stored_is_found(store: Store) -> None:
    one, other, third, alone = add_all(store, "same", "same", "same", "own")
    text_hash = an_article(text="same").text_hash
    merge(store, third, other)
    found = [find_exact_duplicate(store, article, text_hash) for article in (one, other, third)]
    assert [tuple(row) for row in found if row] == [(other, other), (one, one), (one, one)]
    assert find_exact_duplicate(store, alone, an_article(text="own").text_hash) is None


def test_a_duplicate_leaves_its_group(store: Store) -> None:
    a, b, c, inner = add_all(store, "a", "b", "c", "d")
    merge(store, c, a, b)
    contain(store, b, inner)
    with store.writing():
        assert leave_group(store, b) == a
    assert canonicals(store) == [a, b, a, inner]
    assert copies(store) == {(c, a, "near"), (b, inner, "contains")}
    with store.writing():
        assert leave_group(store, c) == a
        assert leave_group(store, a) is None
        assert leave_group(store, 99) is None
    assert canonicals(store) == [a, b, c, inner]


def test_a_canonical_article_leaves_its_group_to_the_next(store: Store) -> None:
    a, b, c, inner = add_all(store, "a", "b", "b", "d")
    merge(store, c, a, b)
    contain(store, b, inner)
    contain(store, a, inner)
    with store.writing():
        assert leave_group(store, a) == b
    assert canonicals(store) == [a, b, b, inner]
    assert copies(store) == {(c, b, "exact"), (b, inner, "contains"), (a, inner, "contains")}


def test_a_text_that_changes_contains_nothing_and_is_in_nothing(store: Store) -> None:
    a, b, outer, inner = add_all(store, "a", "b", "c", "d")
    merge(store, b, a)
    for container, contained in ((outer, a), (a, inner), (outer, inner)):
        contain(store, container, contained)
    with store.writing():
        assert remove_article(store, a) == b
    assert canonicals(store) == [a, b, outer, inner]
    assert copies(store) == {(outer, inner, "contains")}
    with store.writing():
        assert remove_article(store, a) is None


def make_chain(store: Store, *links: tuple[int, int]) -> None:
    """Make a group of the first article, with these links."""
    for one, other in links:
        with store.writing():
            merge_groups(store, one, {1: link(one, other)})


def split(store: Store, article: int) -> int | None:
    with store.writing():
        return split_branch(store, article)


def test_what_is_linked_through_an_article_only_becomes_a_group_of_its_own(store: Store) -> None:
    a, b, c, d, e = add_all(store, "a", "b", "c", "c", "e")
    make_chain(store, (b, a), (d, b), (c, d), (e, a))
    outer = add(store, 9, "f")
    contain(store, c, outer)
    contain(store, outer, a)
    assert split(store, b) == c
    assert canonicals(store) == [a, a, c, c, a, outer]
    assert copies(store) == {
        (b, a, "near"), (d, c, "exact"), (e, a, "near"), (c, outer, "contains"), (outer, a, "contains")
    }  # fmt: skip


@pytest.mark.parametrize(("last", "branch"), [((3, 1), None), ((4, 1), None), ((5, 1), 3)])
def test_what_is_linked_to_the_canonical_article_too_stays(
    store: Store, last: tuple[int, int], branch: int | None
) -> None:
    first, b, c, d, e = add_all(store, *"abcde")
    make_chain(store, (b, first))
    assert (split(store, b), split(store, first), split(store, 99)) == (None, None, None)
    make_chain(store, (c, b), (d, c))
    with store.writing():
        merge_groups(store, e, {first: link(*last)})
    before = copies(store)
    assert split(store, b) == branch
    assert (copies(store) == before) is (branch is None)


def test_what_has_left_a_group_is_in_no_branch_of_it(store: Store) -> None:
    a, b, c, d, e = add_all(store, *"abcde")
    merge(store, e, b)
    make_chain(store, (b, a), (c, a), (d, a))
    with store.writing():
        assert leave_group(store, a) == b
    merge(store, a, e)
    before = canonicals(store)
    # The links of c and d still name the article that has left.
    assert [split(store, article) for article in (c, d)] == [None, None]
    assert canonicals(store) == before


def test_the_weakest_links_are_those_of_the_lowest_scores(store: Store) -> None:
    articles = add_all(store, *"abcdea")
    first, *others, exact = articles
    for article, score in zip(others, (0.8, 0.5, 0.7, 0.6), strict=True):
        merge(store, article, first, score=score)
    merge(store, exact, first, score=0.4)
    assert list_weak_duplicates(store, first, 0.8, 9) == [3, 5, 4]
    assert list_weak_duplicates(store, first, 0.9, 2) == [3, 5]
    assert list_weak_duplicates(store, others[0], 0.9, 9) == []


def test_those_that_are_linked_through_an_article_are_linked_to_the_canonical_one_when_it_goes(
    store: Store,
) -> None:
    a, b, c, d, outer = add_all(store, *"abcde")
    make_chain(store, (b, a), (c, b), (d, a))
    contain(store, b, outer)
    assert list_linked_through(store, b) == [a, c]
    assert list_linked_through(store, a) == [b, d]
    assert list_linked_through(store, outer) == []
    with store.writing():
        unlink_article(store, b, [a, c, d])
    links = {
        row[0]: json.loads(row[1])["between"] for row in store.rows("SELECT article_id, why FROM copies")
    }
    assert links == {b: [b, outer], c: [c, a], d: [d, a]}


def test_of_one_report_only_the_surest_containment_is_recorded(store: Store) -> None:
    outer, a, b, c = add_all(store, *"abcd")
    merge(store, b, a)
    contain(store, outer, c, 0.6)
    for article, score, kept in ((a, 0.7, a), (b, 0.6, a), (b, 0.7, b), (a, 0.8, a)):
        contain(store, outer, article, score)
        assert copies(store) == {(b, a, "near"), (outer, c, "contains"), (outer, kept, "contains")}
