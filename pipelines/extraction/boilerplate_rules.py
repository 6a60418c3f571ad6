"""Patterns of boilerplate lines, by the place in an article where they may occur.

All are matched with `fullmatch` against a line of bounded length, and every repetition in them is
bounded or possessive, so none is super-linear.
"""

import re

from shopwire.storage.text.characters import HAN

MAX_LINE_LENGTH = 300
"""A longer line is never boilerplate."""


def _compile_patterns(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_GAP = r"[\s|｜¥￥$€£元/·•:：,，、()（）【】\[\]\d…!！.\u2600-\u27bf\u2b50\ufe0f\U0001f300-\U0001faff]"
_BUTTON = (
    r"分享(?:到|至|给好友)?|转发|收藏(?:本文)?|已收藏|查看我的收藏|收藏成功|点赞|赞|打印(?:本页|本稿|"
    r"此文|此页)?|关闭(?:本页|窗口)?|"
    r"返回(?:顶部|首页|列表|目录)|举报|反馈|在看|投诉|纠错|我要纠错|复制链接|(?:用)?微信(?:扫一扫|好友|"
    r"朋友圈)?|朋友圈|QQ(?:空间|好友)?|(?:新浪|腾讯)?微博|"
    r"\+?\s?关注|已关注|查看原图|阅读(?:原文|全文)|展开(?:全文|阅读全文)?|收起|加载更多|查看更多|"
    r"点击加载更多|更多|登录|注册|发表|提交|取消|确定|知道了|"
    r"立即(?:购买|抢购|下单|领取|查看)|去(?:购买|看看|下单)|加入购物车|查看(?:详情|价格)|"
    r"(?:buy|shop|order) (?:now|here)|view (?:deal|offer)|add to (?:cart|basket)|jetzt kaufen|zum (?:shop|"
    r"angebot)|comprar ahora|acheter|voir l.offre|今すぐ購入|구매하기|"
    r"字号|字体|大|中|小|小字号|大字号|播报|编辑|暂停|播放|重播|全屏|广告|首页|×|>>|"
    r"share|tweet|pin it|print|email|save|copy link|close|advert(?:isement)?|ad|anzeige|publicidad|"
    r"publicité|pubblicità|"
    r"loading|menu|search|sign (?:in|up)|log ?in|subscribe|register|back to (?:top|list)|"
    r"no content yet|privacy policy|"
    r"cookie policy|terms of (?:use|service)|image \d+ of \d+|watch now|up next|what.s this|"
    r"learn more|read more|article content|check (?:the )?(?:price|latest price)|unsubscribe|"
    r"facebook|twitter|whatsapp|linkedin|pinterest|telegram|reddit|comments?"
)

SYMBOLS = "☞☛▶►▷👇👆👉✅❤\ufe0f⭐🔥📢💬 "
"""Signs that point from a request to a button or a picture."""

_OPEN = r"[【(（\[]?\s?"
_SAID = r"[^\"“”„]"
"""Any character but a quotation mark: a notice is not quoted."""

# A sentence that reports what a notice says, so it is none itself.
REPORTED = re.compile(
    r"(?!凡|本[网站文]|【|.{0,6}声明)[^：:“「]{2,60}(?:说|道|称|写着?|表示|回应|规定|注明|改过)[，,]?"
    r"[^：:“「。]{0,20}[：:，,]?\s?[“「：:].{6,300}|"
    r".{4,120}\b(?:said|says|wrote|writes|reads?|told|added)\b.{0,20}[\"“].{4,300}|"
    r"[\"“].{4,250}[\"”],? (?:\w+ ){0,4}(?:said|says|wrote|writes|told|reads?)\b.{0,200}",
    re.IGNORECASE,
)

# Never a sentence, anywhere in an article.
ANYWHERE = _compile_patterns(
    # breadcrumb
    r"[您你]?(?:的|现在|当前|所在){0,3}位置\s?[:：].{0,200}",
    r"(?:当前位置|现在位置|current location|you are here)\s?[:：].{0,250}",
    r"(?:首页|home)\s?(?:>|»|›|＞|→|/|->)[^。！？]{1,200}",
    r"[^>»›＞。！？]{1,20}(?:\s?[>»›＞]{1,2}\s?[^>»›＞。！？]{1,40}){2,6}",
    # file names of images
    r"[^\s/]{1,60}\.(?:jpe?g|png|gif|webp|bmp)",
    # buttons of all kinds, one or several on a line
    rf"(?>{_GAP}*+(?:{_BUTTON}))(?>{_GAP}++(?:{_BUTTON})){{0,12}}{_GAP}*+",
    # footers
    r"(?:copyright|©|\(c\))\s?.{0,20}\d{4}.{0,275}",
    # captions and boxes
    r"[(（]?(?:image|photo|picture|bild)s? ?(?:credits?|source|courtesy(?: of)?|by|"
    r"rechte)?\s?[:：] ?.{1,80}",
    r"(?:图为|[▲△▼◆]).{1,80}(?:摄|摄影|供图|图源|图片来源|[/／])[^。]{0,30}",
    # consent to cookies and to embedded content
    rf"(?:this|the) (?:content|video|map|post|embed) is (?:hosted|provided|loaded|supplied)"
    rf" (?:by|from) {_SAID}{{0,200}}",
    r"(?:recommended|external|embedded) (?:external |editorial )?content|"
    r"empfohlener (?:redaktioneller|externer) inhalt",
    rf"(?:at this point|here),? you(?:.ll| will| can)? find {_SAID}{{0,30}}(?:external|"
    rf"embedded){_SAID}{{0,230}}|"
    rf"an dieser stelle (?:finden|finde|befindet) {_SAID}{{0,250}}",
    rf"I (?:agree|consent){_SAID}{{0,20}}(?:external|embedded|third.party|personal data){_SAID}{{0,240}}|"
    rf"ich bin (?:damit )?einverstanden, dass{_SAID}{{0,250}}",
    rf"your privacy (?:matters|is important){_SAID}{{0,250}}",
    rf"(?:cookies )?we and our (?:\d{{1,4}} )?partners {_SAID}{{0,250}}",
    # letters and their subscription
    rf"you(?:.re| are)? (?:receiv|gett)\w{{0,5}} this (?:e-?mail|mail|newsletter|message)\b{_SAID}{{0,250}}",
    rf"sign up (?:now |here |today )?(?:for|to) {_SAID}{{0,60}}\b(?:newsletter|mail|briefing|inbox|"
    rf"digest|updates)\b{_SAID}{{0,180}}",
    r"view (?:this|it)[^\"“”.]{0,20} in (?:your|a|the) browser.{0,20}",
    r"(?:this )?slideshow requires javascript\.?|please enable javascript.{0,60}|"
    r"bitte aktivieren sie javascript.{0,60}",
    r"视频加载中.{0,20}|正在为您切换到.{0,40}|播放速度.{0,10}|\d{2}:\d{2}\s?/\s?\d{2}:\d{2}",
    r"(?:本文|全文)(?:共|约|大约)?\s?\d{3,6}\s?[多余]?字[^。]{0,30}|(?:预计)?阅读(?:时间|需要|时长|约)[^。]{0,12}分钟",
    r"(?:sie erhalten (?:diese|unsere)n? (?:e-?mail|newsletter)|vous recevez (?:cet|ce) (?:e-?mail|message)"
    r"|recibes? este (?:correo|mensaje)|você recebeu este e-?mail|このメールは).{0,160}|"
    r"wird diese (?:e-?mail|nachricht) nicht (?:richtig|korrekt) .{0,60}",
    r"[您你]收到(?:此|这封|该|本)(?:邮件|信).{0,80}|如果?(?:您)?(?:无法|不能)(?:正常)?(?:显示|查看|浏览).{0,60}",
    r"our mailing address (?:is|:).{0,200}|"
    r"(?:update|manage) (?:your )?(?:e-?mail |subscription )?preferences.{0,60}|"
    r"unsubscribe (?:from|here|at any|instantly).{0,120}|(?:newsletter|hier) (?:abbestellen|abmelden).{0,60}",
    r"(?:赞赏|打赏|喜欢)作者|返回[^，。]{1,6}[,，]\s?查看更多.{0,4}",
)

# The same in Chinese, which is in no line without a Han character ...
ANYWHERE_IN_CHINESE = _compile_patterns(
    # footers
    r".{0,120}(?:ICP[备证]\s?\d{5}|ICP证\d|公网安备|增值电信业务(?:经营)?许可证|"
    r"许可证号?[:：]).{0,150}",
    r".{0,60}版权所有.{0,100}",
    r"违法(?:和|及|与)不良信息举报.{0,100}|举报(?:电话|邮箱)[:：].{0,60}|网友评论仅供.{0,40}",
    # boxes
    r".{0,150}【点击(?:投票|查看|进入|报名|领取|下载|购买).{0,10}】.{0,60}",
    r"[(（【]?\s?原标题\s?[:：].{1,100}",
    # captions with the name of a photographer or agency
    r"[▲△▼◆]?\s?(?:[上下左右]?图为|(?:[上下左右]|资料)图[:：])[^。]{1,60}。?",
    r"[^。]{1,60}(?:供图|[/／]\s?摄)",
    r"[^。]{1,80}。\s?[^。]{2,16}\s?(?:摄|摄影|供图)|[^。]{1,80}。?\s?[(（][^。（）()]{1,16}\s?(?:摄|摄影|供图|制图|绘)[)）]",
    r"[^。]{0,80}[(（]?(?:图源|图片来源|图片来自|摄影)\s?[:：/／|丨][^。]{1,40}|"
    r"[(（]?图(?:片|源)?\s?[:：/／|｜丨]\s?[^。]{1,20}[)）]?",
    r".{0,60}(?:资料图片?|资料照片?|(?:视频|网页|网络)截图)[)）]?|"
    r"[*※]?\s?(?:封面|题图|头图|首图|配图)(?:图片?)?(?:来源|来自|摄影)?\s?[:：/／].{1,30}",
    # codes to scan, apps to open, accounts to follow
    rf"{_OPEN}(?:请?(?:打开|使用|用))?(?:手机|微信|支付宝|浏览器)?"
    r"(?:扫一扫|长按(?:识别|扫描|图片|下图|上图)|(?:扫码|扫描)[^。！]{0,16}(?:关注|查看|打开|阅读|下载|进|加|领取|"
    r"二维码|分享|添加|了解|获取|报名|咨询|参与))[^。！]{0,50}[。！]?[】)）\]]?",
    r"[^。]{0,20}(?:扫一扫|扫描|扫码|长按|识别)[^。]{0,12}(?:二维码|小程序码)[^。]{0,20}[。！]?",
    rf"{_OPEN}(?:点击|立即|马上|请)?(?:打开|下载|前往|登录)[^，。]{{0,15}}(?:APP|客户端|小程序)[，,]?\s?"
    r"(?:即可|可|去|来)?(?:掌握|畅[读享]|随时|解锁|参与|查看|阅读|浏览|了解|收看|体验|获取|看)[^。]{0,20}[】)）\]]?|"
    r"[【(（\[](?:打开|下载)[^。]{0,15}(?:APP|客户端).{0,40}",
    rf"{_OPEN}(?:更多[^，。]{{0,20}}[，,])?(?:欢迎|请)?(?:搜索)?关注[^。]{{0,30}}"
    r"(?:公众号|视频号|官方微信|官方微博|微信号)[^。]{0,60}",
    r"[^。]{0,4}点击(?:上方|下方|左下角|右上角)[^。]{0,24}(?:关注|订阅|加星|置顶)[^。]{0,12}",
    r"点击[^。，]{0,8}(?:名片|蓝字|卡片|头像|阅读原文|关注按钮)[^。]{0,40}",
    r"[^。]{0,40}(?:点个|点击|点亮|点下|点一[个下]|点(?=[「“])|右下角)[^。]{0,6}[「“\"'【]?"
    r"(?:在看|好看|赞|小心心|红心)[」”\"'】]?[^。]{0,30}",
    r"[^。]{0,40}(?:设为|设成|标为|加个?|添加)\s?[「“\"]?星标[^。]{0,40}",
    r"(?:(?:您|你)(?:认为|觉得)|本文|这篇文章)[^。]{0,60}(?:相关度|有帮助|有用|满意|喜欢)[^。]{0,12}[？?]"
    r"(?:\s?[^。]{1,6}){0,5}",
    r"[^。]{0,20}(?:觉得|喜欢|欢迎|请|记得|别忘|求|一键)[^。]{0,12}(?:点赞|在看|转发|分享|收藏)"
    r"(?:\s?[、，,和及+]?\s?(?:点赞|在看|转发|分享|收藏|关注)){1,4}[^。]{0,12}",
    r"[^。]{0,12}动(?:动|一动)(?:小|手|你的)*指[^。]{0,40}|[^。]{0,20}给(?:小编|作者|我们)[^。]{0,6}(?:鸡腿|点赞|鼓励|打赏)[^。]{0,10}",
    r"(?:海量资讯|精准解读|精彩内容)[^。]{0,20}尽在.{1,30}",
)

# ... and what may begin with any word. Looking for one of `NOTICE_WORDS`, which are in each such line in
# lower case, costs less than matching it.
NOTICES = _compile_patterns(
    r".{0,60}all rights reserved.{0,100}",
    r".{0,80}[(（](?:image|photo|bild): ?.{1,60}[)）]",
    # consent to cookies and to embedded content
    rf"{_SAID}{{0,60}}(?:view|show|see|load|display|watch) (?:this|the) (?:content|video|map|post|embed)"
    rf"{_SAID}{{0,40}}\b(?:accept|allow|enable|agree|consent){_SAID}{{0,120}}",
    rf"{_SAID}{{0,20}}\bexternen? inhalte?n?\b{_SAID}{{0,180}}|"
    rf"{_SAID}{{0,40}}mit ihrer (?:zustimmung|einwilligung){_SAID}{{0,180}}",
    rf"{_SAID}{{0,80}}personal data (?:may|can|will) be (?:transmitted|transferred|sent){_SAID}{{0,150}}",
    rf"{_SAID}{{0,100}}\b(?:we|this (?:web)?site)"
    rf"(?: and our [\w ]{{0,20}}partners)? uses? cookies?\b{_SAID}{{0,180}}",
    rf"{_SAID}{{0,60}}(?:accept|allow) (?:all )?cookies{_SAID}{{0,60}}",
    # letters and their subscription
    rf"{_SAID}{{0,120}}\bby (?:signing up|subscribing|submitting)\b{_SAID}{{0,20}}\byou (?:agree|"
    rf"accept|consent){_SAID}{{0,120}}",
    r"[^\"“”.]{0,40}\bour (?:daily|weekly|monthly|free) (?:mail|e-?mail|newsletter|briefing|digest)",
    rf"[^\"“”.]{{0,120}}you can unsubscribe{_SAID}{{0,80}}",
    rf"{_SAID}{{0,80}}(?:reserved|available|exclusive)(?: only)? (?:for|to)"
    rf" (?:our )?subscribers\b{_SAID}{{0,60}}",
    # the publisher
    rf"{_SAID}{{0,120}}\b(?:registered at the chamber of commerce|VAT (?:no|number|id)\b|"
    rf"handelsregister|ust-?id)\b{_SAID}{{0,150}}",
)
# fmt: off
NOTICE_WORDS = (
    "accept", "agree", "allow", "bild:", "briefing", "chamber", "consent", "cookie", "digest", "einwilligung",
    "enable", "extern", "handelsregister", "image:", "mail", "newsletter", "personal data", "photo:",
    "rights", "subscribe", "ust-id", "ustid", "vat ", "zustimmung",
)
# fmt: on

# Before the first sentence.
HEAD = _compile_patterns(
    r"(?:文|图|撰文|作者|记者|编辑)\s?[/／|丨:：]\s?.{1,30}",
    r"(?:by|von|por|par|di|af|av|text:|foto:) .{2,60}",
    r"(?:photo|image|picture) source\s?[:：].{1,60}|图片?(?:来源|源)\s?[:：]?.{1,30}|图/.{1,20}",
    r"\d+\s?min(?:ute)?s?\.? ?(?:read|lesezeit)?",
)

_WHO = (
    r"责任编辑|责编|编辑|编审|校对|审核|审读|监制|主编|总编|作者|撰文|撰稿|采写|记者|通讯员|"
    r"实习生|翻译|编译|终审|初审|复审|排版|设计|制图|值班编委|实习编辑|见习编辑|文字|摄影|供稿|值班"
)

# After the last sentence.
TAIL = _compile_patterns(
    r"[(（【\[]?\s?(?:责任编辑|责编|校对|审核|值班编辑)\s[^。？?]{1,30}",
    rf"[(（【\[]?\s?(?:本文)?(?:{_WHO})(?:[/／、|和及]?(?:{_WHO})){{0,3}}\s?[:：丨|/／]\s?[^。？?]{{0,80}}",
    r"[(（【\[]?\s?(?:本文)?(?:来源|稿源|来自|转载自|转自|摘自|原文链接|原文地址|原文出处|本文链接|"
    r"链接)\s?[:：].{1,150}",
    r"(?:source\s?[:：].{0,60})?(?:the )?(?:responsible )?editor(?: of .{1,40})?\s?[:：].{1,60}",
    r"[(（]?(?:本文)?(?:标签|关键[词字]|tags?(?: for this article)?|本文标签|话题|topics|filed under|"
    r"schlagworte)\s?[:：].{0,200}",
    r"(?:上一?篇|下一?篇|上一条|下一条|previous|next)(?:文章|新闻|post)?\s?[:：].{0,100}",
    # rights and disclaimers
    r"(?:※|\*|【|\[)?\s?(?:版权声明|版权说明|免责声明|特别声明|郑重声明|特别提示|声明|转载声明|"
    r"法律声明|风险提示|反侵权公告|版权与免责声明|disclaimer|disclosure|notice)"
    r"(?:】|\])?\s?[:：].{0,280}",
    r".{0,40}未经.{0,40}(?:授权|许可|允许|同意|书面).{0,60}(?:转载|复制|摘编|镜像|使用|追究|"
    r"必究).{0,100}",
    r"[(（*]?.{0,20}(?:如需)?转载(?:申请|请|须|需|时|本文|务必|，|,).{0,100}|.{0,40}(?:禁止|谢绝|"
    r"严禁)(?:转载|商业转载).{0,60}",
    r".{0,30}(?:仅|不)代表.{0,30}(?:观点|立场|意见).{0,100}|.{0,60}不构成.{0,16}(?:投资|"
    r"买卖)?建议.{0,60}",
    r".{0,60}(?:仅提供|提供)信息(?:存储|发布).{0,40}|(?:以上|本文)内容(?:均)?(?:由|为|系).{0,20}(?:上传|发布|提供).{0,60}",
    r"凡本(?:网|站|报).{0,20}(?:注明|标注).{0,250}|.{0,30}(?:图片|文章|内容|素材).{0,10}(?:源于|"
    r"来源于?|来自|转自)(?:网络|互联网).{0,60}",
    r"如(?:有|涉及|涉|存在).{0,16}侵权.{0,80}|.{0,30}侵犯.{0,20}(?:权益|版权|权利).{0,40}(?:联系|"
    r"告知|删除).{0,60}",
    r"[(（]?(?:本文)?(?:完|全文完|待续|未完待续)[)）]?",
    # requests to the reader
    r"[^。]{0,16}(?:添加|加)[^。]{0,10}(?:微信|VX|QQ)[^。]{0,30}[。！]?|"
    r"(?:投稿|商务|广告|媒体|内容|爆料|转载|合作|投诉|纠错|联系|新闻|读者){1,2}(?:邮箱|电话|微信|热线|方式)?\s?[:：].{1,60}|"
    r"(?:商务|广告|媒体|内容)?(?:合作|投稿|转载|爆料)[^。]{0,10}(?:联系|添加|加|咨询)[^。]{0,40}",
    r".{0,60}(?:欢迎|敬请|更多|每[天日]|记得|快来|长按|[下上左右]方|专注).{0,40}"
    r"(?:二维码|公众号|官方微信|微信号|官方微博|视频号|服务号|订阅号|专区|微社区|QQ群).{0,80}",
    r".{0,20}(?:24小时|滚动)?播报最新.{0,60}|(?:相关)?(?:资讯|新闻)?请关注\s?[:：].{0,40}",
    r"(?:更多|欲知更多|了解更多|更多详情|更多内容|更多资讯).{0,30}(?:请|关注|登录|访问|点击|尽在|"
    r"戳).{0,80}",
    r"(?:写|发表|我来说两句|说两句|我要评论|评论).{0,12}(?:评论|两句|看法).{0,30}|"
    r".{0,10}请发表您的看法.{0,10}",
    r"(?:write to|email|contact|e-?mail|reach) .{1,80}@.{2,60}|(?:follow|find) (?:us|me|him|her|them|"
    r"@\w{1,30}|[A-Z][\w. ]{1,40}) on .{2,120}",
    r"(?:(?:additional )?(?:reporting|writing|editing)|compiled|translated|edited) by .{2,160}",
    r"(?:click here to )?(?:sign up|subscribe|join us|follow us|get (?:the|our|"
    r"email)).{0,60}(?:newsletter|inbox|updates|email|news|channel|here|today|now|whatsapp|"
    r"telegram).{0,100}",
    r".{0,160}(?:subscribe|sign up|join)(?: now| here| today)? (?:free|for free|to our|to the).{0,80}",
    r"(?:have|got) a (?:tip|story).{0,150}|do you have a story.{0,120}|.{0,100}\b(?:may be|"
    r"can be) (?:reached|contacted) at .{2,100}",
    r"for (?:more|the latest) .{0,60}(?:news|stories).{0,80}|(?:get in touch with|"
    r"contact) our .{0,100}",
    r"(?:this|the) (?:article|story|post|document).{0,60}(?:originally|first|"
    r"subject to copyright).{0,120}|citation: .{0,250}",
    r"thank you for (?:subscribing|reading|signing).{0,80}|"
    r"(?:if you |did you )?(?:enjoy(?:ed)?|liked?|loved?) "
    r"(?:this|reading|the) (?:article|story|post|piece|report|letter|newsletter)?.{0,150}\?.{0,120}|"
    r"if you (?:enjoyed|liked) this.{0,150}",
    r"all products? (?:featured|recommended).{0,150}|.{0,80}(?:affiliate|commission).{0,30}(?:link|"
    r"purchase|earn|buy).{0,120}",
    r"dieses thema im programm.{0,150}|mit material von .{0,60}|quelle\s?[:：].{1,80}|© .{1,80}",
    r"written by .{2,60}|about the author.{0,40}|.{2,60} contributed (?:to this (?:report|story|"
    r"article)|reporting).{0,60}",
)

# The advertising at the end of an article of a commercial account, matched from the last line upwards ...
SIGN_OFF = _compile_patterns(
    r"(?:好了?[,，])?以上(?:就|便|即)?是(?:今[天日]|本[期次文]|小编|全部).{0,12}(?:内容|分享|全部|"
    r"介绍)[,，!！。~]?.{0,30}(?:关注|分享|官网|收藏|下期|再见|每[天日]).{0,60}",
    r".{0,30}(?:关注|收藏|点赞|转发).{1,24}(?:官网|公众号|账号|我们|小编)[,，].{0,10}每[天日].{0,40}",
    rf".{{0,20}}(?:小编|[{HAN}]{{1,3}}[君哥姐妹]).{{0,12}}(?:整理|带来|准备|汇总|奉上|送上|分享).{{0,90}}"
    r"(?:资料|工具|表格|话术|攻略|福利|课程|干货|技巧|模板|礼包|合集).{0,40}",
    r"(?:福利|彩蛋|惊喜)(?:不止|来了|放送|时间|继续).{0,120}",
    rf"(?:戳戳?|点击|猛戳|私信|联系|添加|咨询)(?:小编|[{HAN}]{{1,3}}[君哥姐妹]|这里|下方|上方|阅读原文|"
    r"客服).{0,40}",
    r".{0,60}(?:免费领取|限时领取|即可领取|价值千金|所见即所得).{0,20}",
    r".{0,20}(?:我们下期再见|下期再见|咱们下期见|see you next time).{0,20}",
    r"(?:(?:喜欢|觉得).{0,20})?(?:欢迎|请|记得|别忘了).{0,10}(?:转发|分享|点赞|留言|评论).{0,40}",
    # the pitch of an author
    r"(?:I|we|my firm|our firm)(?: also| now|.d be happy to)? offer.{0,40}(?:free|complimentary|\d+.minute|"
    r"consultation|call).{0,200}",
    r"(?:just |simply )?(?:click|tap|use|follow) the (?:link|button) (?:below|above).{0,160}|"
    r"(?:book|schedule) (?:a|your) (?:free )?(?:call|demo|consultation|slot).{0,120}",
    r"(?:if you .{0,60},? )?(?:please )?(?:forward|share) this (?:post|article|letter|newsletter|email)"
    r"\b.{0,120}",
)
# ... and the half sentence that leads to them.
SIGN_OFF_LEAD = _compile_patterns(
    r"(?:would|do|are)\b.{0,60}\byour?\b.{0,60}\?|(?:want|need|ready|looking)\b.{0,80}\?",
    r"(?:因此|所以|最后)?[,，]?为了(?:帮助|方便|回馈|感谢|让)(?:大家|各位|你|您|读者|粉丝|商家).{0,90}",
)

# The line that ends an article; what follows is removed if it is short.
END = _compile_patterns(
    r"(?-i:[-—–=~·*_\s]{0,12}(?:THE )?END[-—–=~·*_\s.]{0,12})|"
    r"[-—–=~·*_]{1,12}\s?(?:the )?end\s?[-—–=~·*_.]{0,12}",
    r"[-—–=~·*\s(（【]{0,12}(?:全文完|正文完|全文结束|本文完|完)[-—–=~·*\s)）】]{0,12}",
    r"you.{0,8} receiv\w{1,5} this (?:e-?mail|mail|newsletter|message).{0,90}",
    r"(?:本文)?(?:标签|关键[词字])\s?[:：].{0,100}|tags for this article.{0,100}|【?随机内容】?|"
    r"返回顶部|back to (?:top|list)",
    r"[(（【\[]?\s?(?:责任编辑|责编)\s?[:：].{0,60}|上一?篇(?:文章)?\s?[:：].{0,100}|"
    r"下一?篇(?:文章)?\s?[:：].{0,100}",
)

# The first line of a region, or of the end of an article, with comments of readers ...
COMMENTS_START = _compile_patterns(
    r"(?:(?:网友|最新|热门|文章|用户|全部|精彩|精选|读者)?(?:评论|跟贴|跟帖|留言|热评)(?:列表|区)?|"
    r"(?:发表|我要|参与|写)(?:评论|留言)|(?:共有?)?\s?\d{1,6}\s?条(?:评论|留言|跟贴)|"
    r"(?:(?:top|reader|readers.|user|latest|all|your)\s)?(?:rated\s)?comments|leave a (?:reply|comment)|"
    r"join the (?:conversation|discussion)|\d{1,6} (?:comments|thoughts|responses|"
    r"replies)(?: on .{0,60})?|log ?in (?:or register )?to (?:post|leave|write) .{0,20}comments?|"
    r"(?:\d{1,6}\s)?(?:(?:leser)?kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties|댓글|コメント(?:一覧)?)|"
    r"(?:kommentar schreiben|laisser un commentaire|deja un comentario|deixe um comentário|댓글 쓰기))"
    r"\s?[:：]?\s?(?:[(（]?\s?\d+\s?条?\s?[)）]?)?\s?[:：]?",
)

# ... and of one with links to related articles.
RELATED_START = _compile_patterns(
    r"(?:[■·【\[]\s?)?(?:相关|推荐|热门|热点|最新|延伸|拓展|精彩|往期)"
    r"(?:阅读|新闻|文章|推荐|报道|链接|连接|内容|资讯|专题|标签|关键词|排行|话题|视频|"
    r"回顾)(?:\s?[】\]])?\s?[:：]?",
    r"(?:作者)(?:的?其他|最近|最新)文章\s?[:：]?|为[您你]推荐|猜[您你]喜欢|更多(?:新闻|文章|推荐|"
    r"资讯|精彩内容)?>{0,3}|【?随机内容】?",
    r"(?:点击|阅读|新闻|热文)?排行榜?|下一篇|上一篇",
    r"(?:related(?: (?:articles|stories|posts|content|news|topics|reading|coverage|links))?|"
    r"(?:more|latest|recent|popular|trending|top|featured) (?:news|stories|articles|posts|headlines|"
    r"videos)|"
    r"more (?:from|on|in|about) .{1,40}|you (?:may|might) (?:also )?(?:like|enjoy|"
    r"be interested in).{0,10}|also (?:like|read).{0,10}|"
    r"read (?:more|next|also)|recommended(?: (?:for you|reading|stories|articles|posts))?|see also|"
    r"most (?:read|popular|viewed|shared)|don.t miss|up next|about the author|share this.{0,20}|"
    r"follow us|"
    r"mehr zum thema.{0,40}|lesen sie auch|das könnte sie auch interessieren|meistgelesen|"
    r"lire aussi|à lire (?:aussi|également)|sur le même sujet|lee también|te puede interesar|"
    r"noticias relacionadas|"
    r"leia (?:também|mais)|veja também|você pode gostar|leggi anche|potrebbe interessarti|"
    r"läs (?:också|mer|även)|les også|læs også|читайте также|関連記事|関連キーワード|おすすめ.{0,6}|"
    r"こちらも)\s?[:：.…»>]{0,4}",
)
