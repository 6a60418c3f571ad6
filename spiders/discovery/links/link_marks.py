"""Recognize links that lead to no article: to the pages of a tag or an author, or to a product."""

import re
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

# The folder or parameter of pages that are lists themselves.
COLLECTION = re.compile(
    r"aut(?:h?ors?|oren|eurs?|or[ei]s?)|categor(?:y|ies|i[ae]s?)|etiquet(?:as?|tes?)|keywords?|labels?"
    r"|biaoqian|schlagworte?|search|suche|tags?"
)
# The folder of products, where no date is beside the link: trade papers have news of products.
PRODUCT = re.compile(r"chanpin|goods|produ(?:[ck]te?s?|ctos?|its?|tos?)|prodott[io]|shop")
CURRENCY = r"(?:[A-Z]{1,2}\$|[$¥￥€£₩₹₽]|RMB|CNY|USD|EUR|GBP|JPY|Rs\.?)"
AMOUNT = r"\d[\d.,\s]*"
# Lines of their own in the card of a product: a price (titles have amounts too), or a button.
PRICE = re.compile(
    rf"^(?:[^\d\n]{{0,12}}?{CURRENCY}\s*{AMOUNT}|{AMOUNT}(?:{CURRENCY}|元|円|원|kr|zł))(?:\s*[+起~–-])?$",
    re.MULTILINE,
)
PURCHASE = re.compile(
    r"^(?:add to (?:cart|basket|bag)|buy now|(?:in den|zum) warenkorb|加入购物车|立即购买|加入購物車"
    r"|カートに入れる|장바구니.{0,4}|añadir al carrito|ajouter au panier|adicionar ao carrinho)$",
    re.IGNORECASE | re.MULTILINE,
)
PRODUCT_TYPE = "schema.org/product"
# Texts of a card that are read, and characters of each: a longer line is no price.
MOST_TEXTS, LONGEST_LINE = 40, 40


def is_collection(element: HtmlElement, url: str) -> bool:
    """Return whether a link leads to the pages of a tag, a category, an author or a search."""
    if "tag" in (element.get("rel") or "").lower().split():
        return True
    parts = urlsplit(url.lower())
    folder = parts.path.rstrip("/").split("/")[-2:-1]
    return any(map(COLLECTION.fullmatch, [*folder, *(name for name, _ in parse_qsl(parts.query))]))


def is_product(card: HtmlElement, url: str, is_dated: bool) -> bool:
    """Return whether a card is that of a product: by a price or a button in it, or by the folder of its
    link."""
    if not is_dated and any(map(PRODUCT.fullmatch, urlsplit(url.lower()).path.split("/")[:-1])):
        return True
    if PRODUCT_TYPE in (card.get("itemtype") or "").lower():
        return True
    texts = (text.strip() for text in islice(card.itertext(), MOST_TEXTS))
    lines = "\n".join(text for text in texts if len(text) <= LONGEST_LINE)
    return bool(PRICE.search(lines) or PURCHASE.search(lines))
