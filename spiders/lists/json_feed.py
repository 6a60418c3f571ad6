"""Reads JSON Feed 1.0 and 1.1, which many programs write loosely."""

from collections.abc import Iterator
from typing import Any

from shopwire.spiders.decoding.feed_text import strip_tags
from shopwire.spiders.decoding.parser_limits import UnreadableListError
from shopwire.spiders.decoding.xml import LONGEST_CONTENT, LONGEST_VALUE
from shopwire.spiders.lists.entries import LEAST_CONTENT, ListEntry, clean_url, is_address
from shopwire.spiders.lists.json_values import list_values, load_json
from shopwire.storage.crawl_log.outcomes import Outcome

# Bytes. A parser of JSON cannot be interrupted, and takes a tenth of a second for so many.
LARGEST_JSON = 16 * 1024 * 1024


def read_json_feed(body: bytes) -> Iterator[ListEntry]:
    """Yield the items of a JSON Feed (https://www.jsonfeed.org/version/1.1/) in their order.

    The address of an item is its `url`, else its `external_url`, else an `id` that is one. Raises
    `UnreadableListError` for JSON without items.
    """
    try:
        feed = load_json(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableListError(Outcome.EMPTY_LIST, f"no JSON: {str(error)[:100]}") from error
    items = list_values(feed.get("items") if isinstance(feed, dict) else feed)
    if items is None:
        raise UnreadableListError(Outcome.EMPTY_LIST, "no feed: JSON without `items`")
    named = 0
    feed_author = _read_authors(feed) if isinstance(feed, dict) else ""
    for number, item in enumerate(items):
        if isinstance(item, dict) and (urls := _list_urls(item)):
            named += 1
            yield ListEntry(
                urls,
                title=strip_tags(_read_text(item, "title")),
                author=_read_authors(item) or feed_author,
                published=_read_text(item, "date_published"),
                updated=_read_text(item, "date_modified"),
                categories=_read_tags(item),
                text=_find_content(item),
                rank=-number,
            )
    if not items:
        raise UnreadableListError(Outcome.EMPTY_LIST, "a feed without entries")
    if not named:
        reason = f"a feed with {len(items):,} entries, none of which has an address"
        raise UnreadableListError(Outcome.EMPTY_LIST, reason)


def _read_text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return str(value)[:LONGEST_VALUE] if isinstance(value, (str, int, float)) else ""


def _find_content(item: dict[str, Any]) -> str:
    found = [item.get(name) for name in ("content_html", "content_text")]
    text = next((one for one in found if isinstance(one, str)), "")
    return text if LEAST_CONTENT <= len(text) < LONGEST_CONTENT else ""


def _read_tags(item: dict[str, Any]) -> tuple[str, ...]:
    tags = item.get("tags")
    return (
        tuple(strip_tags(one) for one in tags[:20] if isinstance(one, str)) if isinstance(tags, list) else ()
    )


def _list_urls(item: dict[str, Any]) -> tuple[str, ...]:
    """Return the addresses of an item, its own first."""
    own = [clean_url(_read_text(item, name)) for name in ("url", "external_url")]
    name = clean_url(_read_text(item, "id"))
    found = [url for url in own if url and not url.isdigit()]
    return tuple(dict.fromkeys([*found, *([name] if is_address(name) else [])]))


def _read_authors(item: dict[str, Any]) -> str:
    """Return the names of the authors: 1.1 has an array of objects, 1.0 one object, others names."""
    for found in (item.get("authors"), item.get("author")):
        several = list_values(found) or [found]
        values = [one.get("name") if isinstance(one, dict) else one for one in several[:20]]
        names = [strip_tags(value) for value in values if isinstance(value, str)]
        if any(names):
            return ", ".join(dict.fromkeys(filter(None, names)))
    return ""
