import scrapy


class XSpider(scrapy.Spider):
    name = "x"
    allowed_domains = ["shop.localhost"]
    start_urls = ["https://shop.localhost"]

    def parse(self, response):
        pass
