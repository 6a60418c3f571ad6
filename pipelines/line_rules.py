"""What lines round an article say, as data: patterns over whole lines, by what they mark."""

import re

# A region or a tail that begins with such a line holds what readers wrote.
COMMENTS_START = re.compile(
    r"(?:"
    r"(?:网友|最新|热门|文章|用户|全部|精彩|精选|读者)?(?:评论|跟贴|跟帖|留言)(?:列表|区)?|(?:发表|我要|参与)评论|"
    r"(?:(?:top|reader|user|latest|all)\s)?(?:rated\s)?comments|leave a (?:reply|comment)|"
    r"join the (?:conversation|discussion)|\d+ (?:comments|thoughts|responses|replies)(?: on .{0,60})?|"
    r"kommentare?|commentaires|comentarios|comentários|commenti|reacties"
    r")\s*[:：]?\s*(?:[(（]?\s*\d+\s*条?\s*[)）]?)?\s*[:：]?",
    re.IGNORECASE,
)

# ... and with such a line, what the site wants to be read next.
RELATED_START = re.compile(
    r"(?:"
    r"(?:[■·【\[]\s*)?(?:相关|推荐|热门|热点|最新|延伸|拓展|精彩|往期|猜你)"
    r"(?:阅读|新闻|文章|推荐|报道|链接|连接|内容|资讯|专题|标签|关键词|排行|话题|视频|喜欢|回顾)(?:\s*[】\]])?|"
    r"(?:作者)(?:的?其他|最近|最新)文章|为[您你]推荐|猜[您你]喜欢|更多(?:新闻|文章|推荐|资讯|精彩内容|>*)|随机内容|"
    r"(?:点击|阅读|新闻|热文)?排行榜?|下一篇|上一篇|"
    r"related(?: (?:articles|stories|posts|content|news|topics|reading|coverage|links))?|"
    r"(?:more|latest|recent|popular|trending|top|featured) (?:news|stories|articles|posts|headlines|videos)|"
    r"more (?:from|on|in|about) .{1,40}|(?:you (?:may|might)|tags:?|also) (?:also )?(?:like|enjoy|be interested in).{0,10}|"
    r"read (?:more|next|also)|recommended(?: (?:for you|reading|stories|articles|posts))?|see also|"
    r"most (?:read|popular|viewed|shared)|don.t miss|up next|about the author|share this.{0,20}|follow us|"
    r"mehr zum thema.{0,40}|lesen sie auch|das könnte sie auch interessieren|meistgelesen|"
    r"lire aussi|à lire (?:aussi|également)|sur le même sujet|lee también|te puede interesar|noticias relacionadas|"
    r"leia (?:também|mais)|veja também|você pode gostar|leggi anche|potrebbe interessarti|"
    r"läs (?:också|mer|även)|les også|læs også|читайте также|関連記事|関連キーワード|おすすめ.{0,6}|こちらも"
    r")\s*[:：.…»>]*",
    re.IGNORECASE,
)
