"""Pages that are no articles, and pages made to hurt whoever parses them."""

SOFT_404 = """<!doctype html><html><head><meta charset=utf-8><title>页面不存在</title></head><body>
<div class=box><h1>404</h1><p>抱歉，您访问的页面不存在或已被删除。</p><a href="/">返回首页</a></div></body></html>""".encode()
LOGIN = """<!doctype html><html><head><meta charset=utf-8><title>会员登录</title></head><body>
<form method=post action=/login><label>用户名<input name=user></label><label>密码<input type=password name=pass>
</label><button>登录</button></form><p>请先登录后再查看全文。</p></body></html>""".encode()

SENTENCE = (
    b"The marketplace said that parcels of the autumn sale had reached their buyers in Rotterdam. "
)
ARTICLE = b"<article><h1>A title that says something</h1>" + b"<p>" + SENTENCE * 6 + b"</p>" * 3

ATTRIBUTES = b"<p " + b" ".join(b"a%d=1" % number for number in range(40_000)) + b">x</p>" + ARTICLE
NESTED = b"<div>" * 100_000 + SENTENCE * 6
PARAGRAPHS = b"<html><body><article>" + b"<p>parcel and buyer</p>" * 50_000
LONG_LINE = b"<article><p>" + b"parcel " * 150_000 + b"</p></article>"
TABLE = b"<table>" + b"<tr><td>a<td>b</tr>" * 30_000 + b"</table>"
LONG_TITLE = b"<title>" + b"title " * 10_000 + b"</title>" + ARTICLE
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj << /Type /Catalog >> endobj\n" * 40
BINARY = bytes(range(256)) * 200
NUL = ARTICLE.replace(b"parcels", b"par\0cels")
SURROGATES = (
    b'<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A title \\ud800 of half a '
    b'character", "author": {"name": "Half \\udfff Name"}}</script>' + ARTICLE
)
MARKUP = (
    b"<title>[/bold] &lt;script&gt;alert(1)&lt;/script&gt; \x1b[31m'); DROP TABLE articles;--</title>"
    b"<article><h1>[/bold] &lt;script&gt;alert(1)&lt;/script&gt; '); DROP TABLE articles;--</h1><p>"
    + SENTENCE * 6
    + b"</p></article>"
)
