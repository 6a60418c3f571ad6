"""Recognises pages that are no articles: deleted ones, bot checks, logins, lists, and too short ones."""

import re

from lxml.html import HtmlElement

from shopwire.pipelines.extraction.boilerplate import is_report, is_sentence
from shopwire.pipelines.extraction.main_content import Body
from shopwire.pipelines.extraction.regions import MIN_SENTENCE_LENGTH, PUNCTUATION, measure_length
from shopwire.pipelines.parsing.json_ld import rank_node
from shopwire.pipelines.parsing.meta_lines import DATE
from shopwire.pipelines.parsing.meta_tags import Meta
from shopwire.pipelines.parsing.visible_text import read_visible_lines
from shopwire.spiders.decoding.check_pages import CHALLENGE
from shopwire.spiders.decoding.feed_text import sanitize_line
from shopwire.storage.crawl_log.outcomes import Outcome

MIN_ARTICLE_LENGTH = 100.0
"""Length (see `layout.measure_length`) of the shortest flash news: forty Chinese characters."""

MAX_NOTICE_LENGTH = 900.0
"""A longer text is an article, whatever words are in it."""

MIN_TEXT_BESIDE_NOTICE = 300.0
"""Of a longer text, only its own lines are asked for words of a wall."""

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
WALL = re.compile(
    r"(?:请|需要?|须)(?:先)?登[录陆]|登[录陆]后(?:可|才|即|查看|阅读|继续|领取)|会员(?:专享|专属|可见)|"
    r"(?:付费|订阅)后?(?:可|才|阅读|查看)|(?:开通|成为)会员后?(?:可|才|即|畅?读)|(?:本文|以下)[为是]?付费|"
    r"(?:log|sign) ?in to (?:continue|read|view)|subscribe to (?:continue|read)|subscribers? only|"
    r"before you continue|we (?:value your privacy|use cookies)|accept (?:all )?cookies",
    re.IGNORECASE,
)


WALL_TOPICS = re.compile(
    r"(advertis|werbung|publici[td]|pubblicit|广告|広告|광고)"
    r"|(subscri|suscri|\babo\b|abonn|abbona|assina|订阅|会员|購読|구독)"
    r"|(privacy|datenschutz|données|privacida|隐私|プライバシー|개인정보)|(cookie|クッキー|쿠키)"
    r"|(consent|einwillig|zustimm|accept|\bacept|\baceit|accett|同意|동의)"
    r"|(partners|companies|partner\b|partenaires|\bsocios|parceiros|tracking|measur|seguimiento|rastrea)"
    r"|(log ?in|sign ?in|register|anmeld|iniciar sesi|connecte|登录|ログイン|로그인)",
    re.IGNORECASE,
)
WALL_BUTTON = re.compile(
    r"(?:yes,? )?(?:i |and )?(?:accept|agree|allow|consent|continue|subscribe|akzeptier|zustimm|"
    r"einverstanden|abonnier|accepter|tout accepter|s.abonner|aceptar|accetta|同意|接受|订阅|"
    r"(?:立即)?开通)[^\n]{0,40}",
    re.IGNORECASE,
)
CONSENT_TOPICS = frozenset((1, 3, 4, 5, 6))
"""The groups of WALL_TOPICS that are about neither subscriptions nor logins."""

CONSENT_BUTTON = re.compile(
    r"(?:yes,? )?(?:i |and )?(?:accept|agree|allow|consent|akzeptier|zustimm|einverstanden|accepter"
    r"|tout accepter|aceptar|accetta|同意|接受)[^\n]{0,40}",
    re.IGNORECASE,
)
MIN_WALL_TOPICS = 3
CARD_HEADINGS = ("dt", "h2", "h3", "h4", "h5")
MIN_CARDS_OF_COLLECTION = 4
NUMBERED = re.compile(r"(?:no\.? ?|top ?|#|第)?\d{1,3}\b|[一二三四五六七八九十]{1,3}[、.．]", re.IGNORECASE)


def find_refusal(
    title: str, text: str, body: Body, meta: Meta, tree: HtmlElement | None
) -> tuple[Outcome, str] | None:
    """Return why a page is no article: the outcome for the crawl log and a sentence; None for an article.

    `text` is the body without boilerplate, `body` the one before its removal, `tree` the page if it is
    HTML.
    """
    length = measure_length(text)
    is_declared = any(rank_node(node) < 3 for node in meta.articles) or "article:published_time" in meta.tags
    if length < MAX_NOTICE_LENGTH:
        start = "\n".join((title, *(line for line in body.lines[:20] if not is_report(line))))[:4000]
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
        own = [line for line in text.splitlines() if not is_report(line)]
        found = WALL.search("\n".join((title, *own)) if length > MIN_TEXT_BESIDE_NOTICE else start)
        if found or (not is_declared and (found := _find_wall_button(text, tree))):
            reason = "the text is behind a login, a payment or a consent"
            return Outcome.THIN, f"{reason}: {_quote_context(found)}"
    teasers = [] if is_declared or tree is None else _read_teasers(tree)
    sentences = 0.0 if body.is_list and not is_declared else _measure_own_sentences(text, "\n".join(teasers))
    cards = max(body.cards, len(teasers))
    if (
        sentences < MIN_ARTICLE_LENGTH
        and not body.is_ranking
        and (
            len(teasers) >= MIN_CARDS_OF_COLLECTION
            or (body.is_list and cards >= MIN_CARDS_OF_COLLECTION)
            or (cards >= MIN_CARDS_OF_LIST and length < 3 * body.card_length)
        )
    ):
        return Outcome.LIST_PAGE, f"{cards} teasers of other articles and no article of its own"
    if length < MIN_ARTICLE_LENGTH:
        return Outcome.THIN, f"only {len(text)} characters are left without the page's boilerplate"
    return None


def _find_wall_button(text: str, tree: HtmlElement | None) -> re.Match[str] | None:
    """Return the button by which a reader accepts a text about advertising, consent and subscriptions.

    Two topics of consent are enough on a page without any date and with a button to accept.
    """
    topics = {found.lastindex for found in WALL_TOPICS.finditer(text)}
    is_wall = len(topics) >= MIN_WALL_TOPICS
    if tree is None or not (is_wall or len(topics & CONSENT_TOPICS) > 1):
        return None
    if not is_wall and any(map(DATE.search, read_visible_lines(tree))):
        return None
    button = WALL_BUTTON if is_wall else CONSENT_BUTTON
    labels = (element.text_content().strip() for element in tree.iter("button", "a"))
    return next(filter(None, map(button.fullmatch, labels)), None)


def _read_teasers(tree: HtmlElement) -> list[str]:
    """Return the text of each block whose heading is a link, with one paragraph at most.

    A page of numbered blocks is a ranking and no list of teasers.
    """
    teasers: list[str] = []
    for heading in tree.iter(*CARD_HEADINGS):
        parent = heading.getparent()
        if parent is None:
            continue
        link = parent if parent.tag == "a" else next(heading.iter("a"), heading)
        block = parent.getparent() if parent.tag == "a" else parent
        if link is heading or block is None or not _is_teaser_link(heading, link):
            continue
        lines = read_visible_lines(block)
        if lines and sum(1 for _ in block.iter(*CARD_HEADINGS)) == 1 and sum(map(is_sentence, lines)) < 2:
            teasers.append(" ".join(lines))
    return teasers if 2 * sum(map(bool, map(NUMBERED.match, teasers))) < len(teasers) else []


def _is_teaser_link(heading: HtmlElement, link: HtmlElement) -> bool:
    """Return whether a link has the whole text of a heading and leads to another page."""
    whole = heading.text_content().strip() in link.text_content()
    return whole and not link.get("href", "").startswith("#")


def _measure_own_sentences(text: str, teasers: str) -> float:
    lines = [line for line in text.splitlines() if PUNCTUATION.search(line) and line not in teasers]
    return sum(length for length in map(measure_length, lines) if length >= MIN_SENTENCE_LENGTH)


def _quote_context(found: re.Match[str]) -> str:
    start, end = max(0, found.start() - 20), found.end() + 20
    return sanitize_line(found.string[start:end])
