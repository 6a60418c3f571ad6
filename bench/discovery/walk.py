"""Walk the ladder over a site without a network: the documents answer at once."""

from scrapy.http import HtmlResponse, Response

from bench.discovery.documents import Site
from shopwire.spiders.decoding.check_pages import CHALLENGE
from shopwire.spiders.discovery.answers import Answer
from shopwire.spiders.discovery.candidate import Candidate, Discovery, Ending, Sample, Step, Verdict
from shopwire.spiders.discovery.ladder import Ladder, Test, Wish, list_newest

TESTED_PAGES = 3


def answer(site: Site, url: str) -> Answer:
    """Return the answer of a site."""
    target = "/" + "/".join(url.split("/")[3:])
    document = site.answer(target)
    kind = HtmlResponse if "html" in document.content_type else Response
    headers = {"Content-Type": document.content_type}
    return Answer(url, kind(url, status=document.status, headers=headers, body=document.body))


def check_pages(candidate: Candidate) -> Step[Verdict]:
    """Test a candidate by the mere presence of articles on its newest pages."""
    samples = []
    for link in list_newest(candidate.links, TESTED_PAGES):
        found = yield link.url
        is_article = found.is_ok and found.response is not None and b"<article><h1>" in found.response.body
        samples.append(Sample(link.url, link.listed.title, problem="" if is_article else "no article"))
    passed = samples and not any(one.problem for one in samples)
    return Verdict(Ending.ADDED if passed else Ending.THIN, "" if passed else "no article", tuple(samples))


def walk(site: Site, base: str, test: Test = check_pages) -> tuple[Discovery, list[str]]:
    """Return what the ladder finds at a site, and all URLs that it asked for."""
    steps = Ladder(Wish(base.format(site.name) + site.start, (), "", CHALLENGE), test).climb()
    asked = [next(steps)]
    while True:
        try:
            asked.append(steps.send(answer(site, asked[-1])))
        except StopIteration as done:
            return done.value, asked
