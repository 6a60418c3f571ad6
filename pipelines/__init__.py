"""Turns a page into a stored article: extract, analyze, store. Scrapy item pipelines call these steps."""
