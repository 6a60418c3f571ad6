"""Page in, article or refusal out: the one composition of all steps, without I/O."""

from shopwire.pipelines.article import Article, Refusal
from shopwire.pipelines.clean import line_hash
from shopwire.pipelines.document import UnreadableError, decode, is_plain_text, parse
from shopwire.pipelines.extract import extract_lines
from shopwire.spiders.page import Page

EXTRACTOR = "shopwire 1"


def refine(page: Page, site_lines: frozenset[int] = frozenset()) -> Article | Refusal:
    """The article of a page, or the reason why it holds none.

    `site_lines` are hashes (see `clean.line_hash`) of lines known to repeat over unrelated articles
    of the site.
    """
    try:
        if is_plain_text(page.body, page.content_type):
            lines = decode(page.body, page.content_type).splitlines()
        else:
            lines = extract_lines(parse(page.body, page.content_type))
    except UnreadableError as error:
        return Refusal(page.url, "bad_html", str(error))
    lines = [line for line in lines if line_hash(line) not in site_lines]
    if not lines:
        return Refusal(page.url, "thin", "nothing is left of this page once its chrome is gone")
    text = "\n".join(lines)
    return Article(
        url=page.url,
        source=page.source,
        title=page.listed.title,
        text=text,
        language="und",
        fetched=page.fetched.isoformat(),
        extractor=EXTRACTOR,
        text_hash=line_hash(text),
    )
