"""Pages that ask for proof of a human reader instead of an answer are refusals, whatever their status is."""

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from shopwire.spiders.decoding.check_pages import find_script_check, find_words_of_check
from shopwire.spiders.http.failures import CheckPageError

# Such pages also come with these statuses; others speak for themselves.
STATUSES = (200, 202)
UNAVAILABLE = (503, 521)


class CheckPagesMiddleware:
    """A downloader middleware: fails requests that a check page answers. Put it behind decompression and
    before retries."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Return a response that is none. Raises `CheckPageError`."""
        if response.status not in STATUSES + UNAVAILABLE or urlsplit(request.url).path == "/robots.txt":
            return response
        found = find_script_check(response.body)
        if not found and response.status in UNAVAILABLE:
            found = find_words_of_check(response.body)
        if found:
            raise CheckPageError(response.status, found)
        return response
