"""The sites with neither feed nor sitemap: their lists of links."""

from bench.discovery.documents import Site, add_articles, make_articles, render_list, render_page


def build_list_sites() -> list[Site]:
    """Return sites with neither feed nor sitemap."""
    articles = make_articles("/read/{n}")
    hot = make_articles("/read/7{n}")
    rows = render_list(
        articles,
        lambda one: (
            f"<div class='row'><a class='t' href='{one.path}'>{one.title}</a><i>{one.day:%Y-%m-%d}</i></div>"
        ),
        "<div class='rows'>{}</div>",
    )
    side = render_list(
        hot[:4], lambda one: f"<li><a href='{one.path}'>{one.title}</a></li>", "<aside><ol>{}</ol></aside>"
    )
    plain = {"/read/": render_page("", rows + side), **add_articles(articles)}
    stories = make_articles("/insights/{s}")
    next_rows = render_list(
        stories,
        lambda one: (
            f"<a class='css-1ab2c' href='{one.path}'><h3>{one.title}</h3><p>{one.day:%b %d, %Y}</p></a>"
        ),
        "<main><div class='css-9xyz'>{}</div></main>",
    )
    next_page = render_page("<script id='__NEXT_DATA__' type='application/json'>{}</script>", next_rows)
    soft = make_articles("/show/{n}.html", "zh")
    soft_rows = render_list(
        soft,
        lambda one: f"<li><span>{one.day:%m-%d}</span><a href='{one.path}'>{one.title}</a></li>",
        "<ul class='newsul'>{}</ul>",
    )
    cards = make_articles("/story/{n}")
    card_rows = render_list(
        cards,
        lambda one: (
            f"<a href='{one.path}'><div>{one.day:%b %d, %Y}</div><div>{one.title}</div>"
            f"<p>{one.text[:90]}</p></a>"
        ),
        "<div>{}</div>",
    )
    tagged = make_articles("/info/{n}.html", "zh")
    tags = "".join(f"<a href='/t/{number}.html'>跨境电商平台第{number}号</a>" for number in range(40))
    tagged_rows = render_list(
        tagged, lambda one: f"<p><a href='{one.path}'>{one.title}</a></p>", "<div>{}</div>"
    )
    return [
        Site(
            "cardlist",
            "list",
            "/story/",
            {"/story/": render_page("", card_rows), **add_articles(cards)},
            "/story/",
        ),
        Site(
            "tagcloud",
            "list",
            "/info/",
            {
                "/info/": render_page("", f"<div class='hot'>{tags}</div>{tagged_rows}"),
                **add_articles(tagged),
            },
            "/info/",
        ),
        Site("plainlist", "list", "/read/", plain, "/read/"),
        Site("nextjs", "list", "/insights", {"/insights": next_page, **add_articles(stories)}, "/insights"),
        Site(
            "softlist",
            "list",
            "/",
            {"/": render_page("", soft_rows), **add_articles(soft)},
            fallback=render_page("", "<h1>首页</h1><p>您访问的内容已经搬家</p>"),
        ),
    ]
