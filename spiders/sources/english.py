"""English sources of America, Australia and Europe, in alphabetical order. Attributes only."""

from shopwire.spiders.feed import FeedSource
from shopwire.spiders.listing import ListingSource


class Channelx(FeedSource):
    name = "channelx"
    title = "ChannelX (formerly Tamebay)"
    home = "https://channelx.world/"
    language = "en"
    region = "GB"
    topic = "trade"
    feeds = ["https://channelx.world/feed/"]


class DigitalCommerce360(FeedSource):
    name = "digitalcommerce360"
    title = "Digital Commerce 360"
    home = "https://www.digitalcommerce360.com/"
    language = "en"
    region = "US"
    topic = "trade"
    feeds = ["https://www.digitalcommerce360.com/feed/"]


class EcommerceBytes(FeedSource):
    name = "ecommercebytes"
    title = "EcommerceBytes"
    home = "https://www.ecommercebytes.com/"
    language = "en"
    region = "US"
    topic = "trade"
    feeds = ["https://www.ecommercebytes.com/feed/"]


class EcommercenewsEu(FeedSource):
    name = "ecommercenews_eu"
    title = "Ecommerce News Europe"
    home = "https://ecommercenews.eu/"
    language = "en"
    region = "EU"
    topic = "trade"
    feeds = ["https://ecommercenews.eu/feed/"]


class Freightwaves(FeedSource):
    name = "freightwaves"
    title = "FreightWaves"
    home = "https://www.freightwaves.com/"
    language = "en"
    region = "US"
    topic = "logistics"
    feeds = ["https://www.freightwaves.com/news/feed"]


class Glossy(FeedSource):
    name = "glossy"
    title = "Glossy"
    home = "https://www.glossy.co/"
    language = "en"
    region = "US"
    topic = "retail"
    feeds = ["https://www.glossy.co/feed/"]


class Grocerydive(FeedSource):
    name = "grocerydive"
    title = "Grocery Dive"
    home = "https://www.grocerydive.com/"
    language = "en"
    region = "US"
    topic = "retail"
    feeds = ["https://www.grocerydive.com/feeds/news/"]


class InsideretailAu(FeedSource):
    name = "insideretail_au"
    title = "Inside Retail Australia"
    home = "https://insideretail.com.au/"
    language = "en"
    region = "AU"
    topic = "retail"
    feeds = ["https://insideretail.com.au/feed"]


class Internetretailing(FeedSource):
    name = "internetretailing"
    title = "InternetRetailing"
    home = "https://internetretailing.net/"
    language = "en"
    region = "GB"
    topic = "trade"
    feeds = ["https://internetretailing.net/feed/"]


class Junglescout(FeedSource):
    name = "junglescout"
    title = "Jungle Scout Blog"
    home = "https://www.junglescout.com/"
    language = "en"
    region = "US"
    topic = "trade"
    feeds = ["https://www.junglescout.com/blog/feed/"]


class Marketingdive(FeedSource):
    name = "marketingdive"
    title = "Marketing Dive"
    home = "https://www.marketingdive.com/"
    language = "en"
    region = "US"
    topic = "tech"
    feeds = ["https://www.marketingdive.com/feeds/news/"]


class Marketplacepulse(ListingSource):
    name = "marketplacepulse"
    title = "Marketplace Pulse"
    home = "https://www.marketplacepulse.com/"
    language = "en"
    region = "US"
    topic = "research"
    lists = ["https://www.marketplacepulse.com/articles"]
    links = "//a[contains(@href, '/articles/')]"


class ModernRetail(FeedSource):
    name = "modernretail"
    title = "Modern Retail"
    home = "https://www.modernretail.co/"
    language = "en"
    region = "US"
    topic = "retail"
    feeds = ["https://www.modernretail.co/feed/"]


class Ppti(FeedSource):
    name = "ppti"
    title = "Parcel and Postal Technology International"
    home = "https://www.parcelandpostaltechnologyinternational.com/"
    language = "en"
    region = "GB"
    topic = "logistics"
    on_by_default = False
    feeds = ["https://www.parcelandpostaltechnologyinternational.com/feed"]


class PracticalEcommerce(FeedSource):
    name = "practicalecommerce"
    title = "Practical Ecommerce"
    home = "https://www.practicalecommerce.com/"
    language = "en"
    region = "US"
    topic = "trade"
    feeds = ["https://www.practicalecommerce.com/feed"]


class PymntsEc(FeedSource):
    name = "pymnts_ec"
    title = "PYMNTS · eCommerce"
    home = "https://www.pymnts.com/"
    language = "en"
    region = "US"
    topic = "business"
    feeds = ["https://www.pymnts.com/category/ecommerce/feed/"]


class RetailDive(FeedSource):
    name = "retaildive"
    title = "Retail Dive"
    home = "https://www.retaildive.com/"
    language = "en"
    region = "US"
    topic = "retail"
    feeds = ["https://www.retaildive.com/feeds/news/"]


class Retaildetail(FeedSource):
    name = "retaildetail"
    title = "RetailDetail EU"
    home = "https://www.retaildetail.eu/"
    language = "en"
    region = "EU"
    topic = "retail"
    on_by_default = False
    feeds = ["https://www.retaildetail.eu/feed/"]


class Retailgazette(FeedSource):
    name = "retailgazette"
    title = "Retail Gazette"
    home = "https://www.retailgazette.co.uk/"
    language = "en"
    region = "GB"
    topic = "retail"
    feeds = ["https://www.retailgazette.co.uk/feed/"]


class Retailtouchpoints(FeedSource):
    name = "retailtouchpoints"
    title = "Retail TouchPoints"
    home = "https://www.retailtouchpoints.com/"
    language = "en"
    region = "US"
    topic = "retail"
    on_by_default = False
    feeds = ["https://www.retailtouchpoints.com/feed"]


class Retailwire(FeedSource):
    name = "retailwire"
    title = "RetailWire"
    home = "https://www.retailwire.com/"
    language = "en"
    region = "US"
    topic = "retail"
    feeds = ["https://www.retailwire.com/feed/"]


class Supplychaindive(FeedSource):
    name = "supplychaindive"
    title = "Supply Chain Dive"
    home = "https://www.supplychaindive.com/"
    language = "en"
    region = "US"
    topic = "logistics"
    feeds = ["https://www.supplychaindive.com/feeds/news/"]


class TechcrunchEc(FeedSource):
    name = "techcrunch_ec"
    title = "TechCrunch · e-commerce"
    home = "https://techcrunch.com/"
    language = "en"
    region = "US"
    topic = "tech"
    feeds = ["https://techcrunch.com/tag/e-commerce/feed/"]


class Theloadstar(FeedSource):
    name = "theloadstar"
    title = "The Loadstar"
    home = "https://theloadstar.com/"
    language = "en"
    region = "GB"
    topic = "logistics"
    feeds = ["https://theloadstar.com/feed/"]


class TwoPm(FeedSource):
    name = "2pm"
    title = "2PM"
    home = "https://2pml.com/"
    language = "en"
    region = "US"
    topic = "trade"
    feeds = ["https://2pml.com/feed"]
