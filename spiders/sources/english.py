"""English sources, in alphabetical order. Attributes only; a site that needs code has its own file."""

from shopwire.spiders.feed import FeedSource


class DigitalCommerce360(FeedSource):
    name = "digitalcommerce360"
    title = "Digital Commerce 360"
    home = "https://www.digitalcommerce360.com/"
    language = "en"
    feeds = ["https://www.digitalcommerce360.com/feed/"]


class EcommerceBytes(FeedSource):
    name = "ecommercebytes"
    title = "EcommerceBytes"
    home = "https://www.ecommercebytes.com/"
    language = "en"
    feeds = ["https://www.ecommercebytes.com/feed/"]


class ModernRetail(FeedSource):
    name = "modernretail"
    title = "Modern Retail"
    home = "https://www.modernretail.co/"
    language = "en"
    feeds = ["https://www.modernretail.co/feed/"]


class Pandaily(FeedSource):
    name = "pandaily"
    title = "Pandaily"
    home = "https://pandaily.com/"
    language = "en"
    feeds = ["https://pandaily.com/feed/"]


class PracticalEcommerce(FeedSource):
    name = "practicalecommerce"
    title = "Practical Ecommerce"
    home = "https://www.practicalecommerce.com/"
    language = "en"
    feeds = ["https://www.practicalecommerce.com/feed"]


class RetailDive(FeedSource):
    name = "retaildive"
    title = "Retail Dive"
    home = "https://www.retaildive.com/"
    language = "en"
    feeds = ["https://www.retaildive.com/feeds/news/"]
