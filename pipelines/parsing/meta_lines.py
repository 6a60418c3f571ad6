"""Recognises meta lines: those of date, source, author and counts above and below an article."""

import re

from shopwire.storage.text.characters import SENTENCE_ENDS
from shopwire.storage.text.folding import fold

DATE = re.compile(
    r"\d{4}\s?[-./年]\s?\d{1,2}\s?[-./月]\s?\d{1,2}\s?日?|\d{1,2}[./]\s?\d{1,2}[./]\s?\d{4}|"
    r"\d{1,2}月\d{1,2}日|\d{1,3}\s?(?:分钟|小时|天)前|\d{1,3}\s(?:minute|min|hour|day)s?\sago|"
    r"\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?|"
    r"(?:\d{1,2}(?:st|nd|rd|th|\.)?\s)?"
    r"\b(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|"
    r"de[cz])[a-zä]{0,6}\.?,?\s(?:\d{1,2}(?:st|nd|rd|th)?,?\s?)?\d{4}|"
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b,?|星期[一二三四五六日天]|周[一二三四五六日]",
    re.IGNORECASE,
)

# A label with its value, or a word between such parts.
FIELD = re.compile(
    r"(?:文章|信息|稿件)?(?:来源于?|来自|作者|记者|编辑|责任编辑|责编|出处|稿源|发布者?|发布时间|"
    r"发布日期|发布于|发表于|发表时间|"
    r"更新时间|更新于|时间|日期|分类|栏目|浏览量?|浏览次数|阅读量?|阅读次数|阅读数|点击量?|点击次数|"
    r"点击率|访问统计|人气|评论数?|"
    r"跟贴|字号|字体|查看)\s?[:：]\s?[^\s:：]{0,20}|"
    r"(?:浏览|阅读|点击|评论|人气|参与|跟贴)(?:量|数|次数)?\s?[(（]?\s?\d+\s?(?:次|条|人)?\s?[)）]?|"
    r"\d+\s?(?:浏览|阅读|评论|views?|comments?)|"
    r"\b(?:source|author|editor|views|reads|comments|hits)\s?[:：]?(?:\s?\d{1,9})?(?=\s|$)|"
    r"(?:last )?(?:published|updated|posted|modified|stand)(?: on| at|:)?|\b(?:by|von)\b|"
    r"(?<!\w)\d{1,2}(?:[.:]\d{2})? uhr\b|"
    r"(?:min(?:ute)?s?|min\.) read|lesedauer:? \d+ min(?:uten)?\.?|tempo de leitura:? \d+ minutos?",
    re.IGNORECASE,
)

CLOCK_WORD = re.compile(r"\b(?:uhr|est|edt|gmt|cest|cet|pst|amt)\b", re.IGNORECASE)
"""Words behind a clock, which say nothing without one."""

SENTENCE_END = re.compile(rf"[.…{SENTENCE_ENDS}][\"'”’」』)）\]]*$")
VALUE = re.compile(r"[:：\d]")
LONGEST_META_LINE, LONGEST_WITHOUT_VALUE = 160, 60
LONGEST_REST = 14
"""Letters and digits of a meta line that are no part of a date or a field."""

LAST_VALUE = 22
"""Characters of a colon and the value behind it, in which a full stop may be."""
ABBREVIATION_ENDS = ("m.", "n.")
"""Ends of parts that are no end of a sentence: a.m., min., Minuten."""


def is_meta_line(line: str) -> bool:
    """Return whether a line consists of date, source, author and counts, with hardly any other word."""
    if len(line) > LONGEST_META_LINE or line.endswith(("?", "？")) or _is_plain_sentence(line):
        return False
    if len(line) > LONGEST_WITHOUT_VALUE and not VALUE.search(line):
        return False
    rest = FIELD.sub("", DATE.sub("", line))
    if len(rest) == len(line):
        return False
    rest = CLOCK_WORD.sub("", rest)
    return len(fold(rest)) <= LONGEST_REST and not SENTENCE_END.search(rest.strip())


def _is_plain_sentence(line: str) -> bool:
    """Return whether a line ends as a sentence, and not with the value of a field or an abbreviation."""
    if not SENTENCE_END.search(line) or line.endswith(ABBREVIATION_ENDS):
        return False
    end = line[-LAST_VALUE:]
    return ":" not in end and "：" not in end
