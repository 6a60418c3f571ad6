"""Recognises pages that are no articles: deleted ones, bot checks, logins, lists, and too short ones."""

import re

from shopwire.pipelines.extraction.layout import measure_length
from shopwire.pipelines.extraction.main_content import Body
from shopwire.spiders.decoding.feed_text import sanitize_line
from shopwire.storage.crawl_log.outcomes import Outcome

MIN_ARTICLE_LENGTH = 100.0
"""Length (see `layout.measure_length`) of the shortest flash news: forty Chinese characters."""

MAX_NOTICE_LENGTH = 900.0
"""A longer text is an article, whatever words are in it."""

MIN_CARDS_OF_LIST = 8

GONE = re.compile(
    r"\b404\b|(?:页面|网页|文章|内容|信息|帖子|您?访问的.{0,8})(?:不存在|已(?:被)?删除|已下线|已失效|"
    r"没有找到|未找到|找不到|走丢|飞走|被外星人)|"
    r"(?:找不到|没有找到|未找到).{0,10}(?:页面|网页|文章|内容)|"
    r"(?:page|article|story|content|file).{0,20}(?:not found|no longer (?:exists|available)|"
    r"does(?:n.t| not) exist|"
    r"(?:has been|was) (?:removed|deleted))|can.t find (?:the|that|this) page|oops",
    re.IGNORECASE,
)
CHALLENGE = re.compile(
    r"验证码|安全验证|滑动验证|拖动滑块|人机验证|访问(?:过于|太)频繁|异常访问|环境异常|完成验证|"
    r"access denied|403 forbidden|just a moment|checking your browser|"
    r"verify (?:that )?you are (?:a )?human|are you a robot|not a robot|unusual traffic|captcha|"
    r"(?:enable|turn on|requires) javascript|enable cookies",
    re.IGNORECASE,
)
WALL = re.compile(
    r"(?:请|需要?|须)(?:先)?登[录陆]|登[录陆]后(?:可|才|即|查看|阅读|继续|领取)|会员(?:专享|专属|可见)|"
    r"(?:付费|订阅)后?(?:可|才|阅读|查看)|"
    r"(?:log|sign) ?in to (?:continue|read|view)|subscribe to (?:continue|read)|subscribers? only|"
    r"before you continue|we (?:value your privacy|use cookies)|accept (?:all )?cookies",
    re.IGNORECASE,
)


def find_refusal(title: str, text: str, body: Body) -> tuple[Outcome, str] | None:
    """Return why a page is no article: the outcome for the crawl log and a sentence; None for an article.

    `text` is the body without boilerplate, `body` the one before its removal.
    """
    length = measure_length(text)
    if length < MAX_NOTICE_LENGTH:
        start = "\n".join((title, *body.lines[:20]))[:4000]
        if found := GONE.search(start):
            return (
                Outcome.NOT_FOUND,
                f"the page says that there is nothing here: {_quote_context(found)}",
            )
        if found := CHALLENGE.search(start):
            return (
                Outcome.BLOCKED,
                f"the site asks for proof of a human reader: {_quote_context(found)}",
            )
        if found := WALL.search(start):
            reason = "the text is behind a login, a payment or a consent"
            return Outcome.THIN, f"{reason}: {_quote_context(found)}"
    if _is_list_page(length, body):
        return (
            Outcome.LIST_PAGE,
            f"{body.cards} teasers of other articles and no article of its own",
        )
    if length < MIN_ARTICLE_LENGTH:
        return Outcome.THIN, f"only {len(text)} characters are left without the page's boilerplate"
    return None


def _is_list_page(length: float, body: Body) -> bool:
    return (
        body.cards >= MIN_CARDS_OF_LIST
        and body.sentence_length < MIN_ARTICLE_LENGTH
        and length < 3 * body.card_length
    )


def _quote_context(found: re.Match[str]) -> str:
    start, end = max(0, found.start() - 20), found.end() + 20
    return sanitize_line(found.string[start:end])
