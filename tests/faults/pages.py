"""Pages that are not articles, and pages that are hard on a parser."""

SOFT_404 = """<!doctype html><html><head><meta charset=utf-8><title>页面不存在</title></head><body>
<div class=box><h1>404</h1><p>抱歉，您访问的页面不存在或已被删除。</p><a href="/">首页</a></div>""".encode()
LOGIN = """<!doctype html><html><head><meta charset=utf-8><title>会员登录</title></head><body>
<form method=post action=/login><label>用户名<input name=user></label><label>密码<input type=password>
</label><button>登录</button></form><p>请先登录后再查看全文。</p></body></html>""".encode()

SENTENCE = (
    "The marketplace said that parcels of the {name} sale had reached their buyers in {name}, and that "
    "refunds for what came late would be paid to everybody who had asked the {name} desk in time. "
)


def article(name: str) -> bytes:
    """Return a short article that is different for each name."""
    text = SENTENCE.format(name=name)
    return f"<article><h1>What the {name} sale came to</h1><p>{text * 2}</p></article>".encode()


MANY = b" ".join(b"a%d=1" % number for number in range(40_000))
ATTRIBUTES = b"<p " + MANY + b">x</p>" + article("attributes")
ATTRIBUTES_UTF16 = ATTRIBUTES.decode().encode("utf-16")
NESTED = b"<div>" * 100_000 + article("nested")
PARAGRAPHS = b"<html><body><article>" + b"<p>parcel and buyer</p>" * 50_000
LONG_LINE = b"<article><p>" + b"parcel " * 150_000 + b"</p></article>"
TABLE = b"<table>" + b"<tr><td>a<td>b</tr>" * 30_000 + b"</table>"
LONG_TITLE = b"<title>" + b"title " * 10_000 + b"</title>" + article("title")
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj << /Type /Catalog >> endobj\n" * 40
BINARY = bytes(range(256)) * 200
NUL = article("nul").replace(b"parcels", b"par\0cels")
HALF = '{"@type": "NewsArticle", "headline": "A title \\ud800 of half", "author": {"name": "H\\udfff"}}'
SURROGATES = f'<script type="application/ld+json">{HALF}</script>'.encode() + article("half")
MARKUP_TITLE = "[/bold] &lt;script&gt;alert(1)&lt;/script&gt; \x1b[31m'); DROP TABLE articles;--"
MARKUP = f"<title>{MARKUP_TITLE}</title><h1>{MARKUP_TITLE}</h1>".encode() + article("markup")
