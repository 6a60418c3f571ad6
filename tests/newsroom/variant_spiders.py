"""The sites of `variants.py` as sources; see `variant_settings.py`."""

from shopwire.spiders.listing import ListingSource
from tests.newsroom.spiders import build_url


class Tracked(ListingSource):
    name = "tracked"
    title = "Tracked Trade"
    home = build_url("tracked")
    language = "en"
    lists = [build_url("tracked", "/list")]
    links = "ul.l a"


class Printed(Tracked):
    name = "printed"
    title = "Printed Trade"
    home = build_url("printed")
    lists = [build_url("printed", "/list")]


class Phone(Tracked):
    name = "phone"
    title = "Phone Trade"
    home = build_url("www.phone")
    language = "zh"
    lists = [build_url("www.phone", "/list"), build_url("m.phone", "/list")]


class Numbered(Tracked):
    name = "numbered"
    title = "Numbered Trade"
    home = build_url("numbered")
    language = "zh"
    lists = [build_url("numbered", "/list")]
