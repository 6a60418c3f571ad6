"""Restores fields that the page of a stored article no longer shows, since its layout has changed."""

from collections.abc import Collection
from dataclasses import replace

from shopwire.pipelines.article import Article
from shopwire.pipelines.stories.event_features import get_day_number
from shopwire.storage.layout_fields import DATELINE, RELATIVE, list_shown_fields

# The fields of `list_shown_fields`, each with the columns it consists of.
COLUMNS_OF_FIELD = {
    "date": ("published", "published_from"),
    "time": ("published", "published_from"),
    "author": ("author",),
    "origin": ("origin",),
    DATELINE: (),
}


def restore_lost_fields(
    article: Article, stored: Article | None, may_lack: Collection[str] = frozenset(COLUMNS_OF_FIELD)
) -> tuple[Article, str | None]:
    """Return an article with lost fields as in `stored`, and the names of these fields.

    Sites hardly ever remove a name or a date from an article, so a missing one means that the layout has
    changed. Only fields of `may_lack` are restored. The names are None where the article is new.
    """
    if stored is None:
        return article, None
    lost = _find_lost_fields(article, stored).intersection(may_lack)
    columns = {column for name in lost for column in COLUMNS_OF_FIELD[name]}
    known = {column: getattr(stored, column) for column in columns}
    return replace(article, **known), ", ".join(sorted(lost))


def _find_lost_fields(article: Article, stored: Article) -> set[str]:
    had, shown = (list_shown_fields(one.published, one.author, one.origin) for one in (stored, article))
    lost = set(had - shown)
    if article.published and not _is_same_day(article.published, stored.published):
        # The date is corrected, though only to the day.
        lost.discard("time")
    before, after = (one.published_from.removesuffix(RELATIVE) for one in (stored, article))
    return lost | {DATELINE} if before and before != after else lost


def _is_same_day(day: str, moment: str) -> bool:
    """Return whether a moment is on a day, whatever its time zone."""
    return bool(moment) and abs(get_day_number(day) - get_day_number(moment)) <= 1
