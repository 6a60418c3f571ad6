"""Scrapy settings whose only sources are those of `variant_spiders.py`."""

from tests.newsroom.settings import *  # noqa: F403

SPIDER_MODULES = ["tests.newsroom.variant_spiders"]
