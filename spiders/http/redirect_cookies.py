"""Cookies for the length of a redirect chain: some servers answer only those who send back their cookie."""

from scrapy import Request
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

JAR = "redirect_cookies"


class RedirectCookiesMiddleware:
    """A downloader middleware: sends the cookies that a redirect sets with the request that follows it.

    No other request gets them, so that no site can follow a crawl. Put it before `RedirectMiddleware`, in
    place of `CookiesMiddleware`.
    """

    def process_request(self, request: Request) -> None:
        """Add the cookies of the redirects that led to a request."""
        if JAR in request.meta:
            request.meta[JAR].add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note the cookies of a redirect in the meta of its request, which the next request inherits."""
        if "Location" in response.headers and "Set-Cookie" in response.headers:
            request.meta.setdefault(JAR, CookieJar()).extract_cookies(response, request)
        return response
