"""Reduces a robots.txt to the rules for one crawler: RFC 9309, 2.2.1.

A parser stores each rule once for each agent of its group, so that thousands of agents in one group with
thousands of rules take it minutes and gigabytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# Forms that Protego takes for the beginning of a group.
AGENT = re.compile(r"(?:user-agent|useragent|user agent)(?:\s*:|\s|$)(.*)", re.IGNORECASE)
# These stand in no group, and do not end one.
SITE_WIDE = re.compile(r"(?:sitemaps?|site-map|host)\s*(?::|\s|$)", re.IGNORECASE)
# A line without a colon is a rule only if it begins with the name of one.
RULE = re.compile(
    r".*:|(?:allow|diss?all?[oa]w|diasllow|crawl[- ]delay|request[- ]rate|visit[- ]time)(?:\s|$)",
    re.IGNORECASE,
)
EVERYBODY = "*"


@dataclass(slots=True)
class _Group:
    # In their order: of two names of one length the first counts.
    agents: dict[str, None] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)


def reduce_robots(body: bytes, agent: str) -> bytes:
    """Return the rules of a robots.txt for the User-Agent `agent`: all groups of its longest name in it, or
    those for everybody, as one group. Linear in the length of the body."""
    best = ""
    groups: list[_Group] = []
    for group in _split_groups(body.decode("utf-8-sig", "ignore"), agent.lower()):
        if not group.agents:
            continue
        groups.append(group)
        for name in group.agents:
            if len(name) > len(best):
                best = name
    rules = [rule for group in groups if best in group.agents for rule in group.rules]
    return "\n".join([f"User-agent: {best}", *rules, ""]).encode() if best else b""


def _split_groups(text: str, agent: str) -> Iterator[_Group]:
    """Yield the groups, with those names only that are `agent`'s, and with rules only if there is one."""
    group = _Group()
    has_rules = False
    for whole in text.splitlines():
        line = whole.partition("#")[0].strip()
        if not line or SITE_WIDE.match(line):
            continue
        if found := AGENT.match(line):
            if has_rules:
                yield group
                group, has_rules = _Group(), False
            group.agents.update(dict.fromkeys(n for n in _list_names(found[1]) if _is_named(n, agent)))
        elif RULE.match(line):
            has_rules = True
            if group.agents:
                group.rules.append(line)
    yield group


def _list_names(value: str) -> tuple[str, ...]:
    """Return the names in a line: as it is written, and without the asterisks that some add."""
    name = value.strip().lower()
    return tuple(filter(None, (name, name.replace("*", ""))))


def _is_named(name: str, agent: str) -> bool:
    """Return whether a name is a product in a User-Agent: it begins a word there."""
    if name == EVERYBODY:
        return True
    return name in agent and re.search(rf"(?<![\w-]){re.escape(name)}", agent) is not None
