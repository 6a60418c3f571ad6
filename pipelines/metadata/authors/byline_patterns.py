"""Labels of authors, editors and origins in bylines, and words that are no names."""

import re

from shopwire.pipelines.nlp.number_words import DATE_START, YEAR
from shopwire.storage.text.characters import HAN, KANA, LATIN_CAPITAL

COMMON_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏"
    "吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱"
    "严覃武戴莫孔向汤張陳劉楊黃趙吳孫馬鄭謝許韓馮鄧蕭葉呂盧鍾譚陸賈韋鄒"
)
"""First characters of the hundred most common Chinese surnames."""

SURNAMES = COMMON_SURNAMES | frozenset(
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌"
    "毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车"
    "项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎"
    "甄丛仲虞敖巩明佘池查麻苑迟邝封官谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉"
    "伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈"
    "伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但"
    "尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由龍賀顧龔嚴湯溫齊喬龐顏莊聶魯關蘭"
)

DOUBLE_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "司徒",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "宇文",
    "歐陽",
)

HAN_NAME = rf"[{HAN}]{{2,4}}"
HAN_NAMES = rf"{HAN_NAME}(?:[\s、，,&/／]{{1,3}}{HAN_NAME}){{0,7}}"

NEXT_LABEL = re.compile(
    r"\s*(?:来源|來源|稿源|出自|出处|转自|转载|责任编辑|责编|编辑|編輯|校对|审核|审校|监制|摄影|图片|时间|時間|日期"
    r"|发布|發布|发表|发稿|更新|浏览|瀏覽|阅读|閱讀|点击|點擊|访问|訪問|人气|人氣|评论|評論|字号|字號|字体|字體|字數|分享|收藏|打印|标签|关键词"
    r"|记者|通讯员|作者|编译|翻译|举报|我有话说|声明|微信|公众号|返回|所属|分类|网友|选稿|"
    r"[|｜【】\[\]()（）<>《》〈〉;；。：:“”]|\d{4}[-年/.]|\d{1,2}[:：]\d{2}|$)",
    re.IGNORECASE,
)
"""The end of a value within its line: another label, a bracket or a date."""

AUTHOR_LABEL = re.compile(
    r"(?<![本原该合相])(?:(?:作\s{0,2}者|撰文|撰稿人?|执笔人?|主笔|采写|採訪撰文|文字记者|采访人员)"
    rf"(?:[:：]|\s?[|｜/／丨]\s?|\s{{1,3}}(?=[{HAN}]{{2,3}}(?:\s|$)))"
    r"|(?:编译|編譯|署名|供稿)(?:[:：]|\s?[|｜/／丨]\s?))"
)
TEXT_BY = re.compile(
    r"(?:^|[【\[（(\s]|(?<=\d\d))(?:本报)?(?:撰文|文|文字|图文|圖文|文\s?[/／]\s?图|文、图|图\s?[/／]\s?文)\s?[|｜/／丨:：]\s?"
    r"(?P<value>[^】\])）。]{2,40})"
    rf"|(?:文[/／]图)\s(?P<plain>{HAN_NAMES})"
)
NAME_BEFORE_TEXT = re.compile(rf"(?P<value>{HAN_NAMES})\s?[/／]\s?文(?![{HAN}]{{3}}[，。])")
NAME_FIRST_LINE = re.compile(
    rf"[（(【]?(?P<value>{HAN_NAMES})\s{{0,2}}(?:[/／|｜丨]\s?(?:文|撰文)|[/／|｜丨\s]\s?(?:编译|編譯|[{HAN}]{{2,4}}(?:报道|報導)))[）)】]?"
)
"""A line of names before their work: X/编译, X 综合报道."""

POSTED_BY = re.compile(
    r"由\s?(?P<value>[^\s，。:：]{2,12}?)\s?(?:发表|张贴|发布|撰写|發表)|^(?P<name>[^\s，。:：]{2,12})\s{1,3}(?:发表|发布|發表)[于於]"
)
ACCOUNT_WITH_DATE = re.compile(rf"(?P<value>[{HAN}\w]{{2,12}}?)\s{{0,3}}{DATE_START}")
"""The name of an author's account before the date, in the line below the headline."""

OUTLET_AND_NAME = re.compile(
    rf"\d{{1,2}}:\d{{2}}(?::\d{{2}})?\s{{1,3}}(?P<outlet>[{HAN}]{{2,12}})\s{{1,3}}(?P<value>{HAN_NAMES})$"
)
REPORTER_ROLE = re.compile("记者|記者|特派员|评论员|实习生|通讯员|通訊員|特约作者|撰稿人?")
REPORTERS_END = re.compile(r"编辑|責編|责编|校对|摄影|摄像|图片|来源|审核|监制|制作|/文|发自")
REPORTERS_PLACE = re.compile(r"(?:\d{1,2}日)?(?:报道|報導|报导|电|電|讯)$")
NOT_A_BYLINE = re.compile("[，。！？“；]")
DATE_LABEL = re.compile("时间|時間|日期|发布|发表|更新|首页|来源|星期|\\d")
IN_BRACKETS = re.compile(r"[（(【\[〔［]([^（）()【】\[\]〔〕［］]{2,48})[）)】\]〕］]")
SIGNATURE = re.compile(
    rf"(?:^|[。！？”…]\s{{0,2}})[（(]\s{{0,2}}(?P<value>[{HAN}]{{2,3}}(?:[\s、]{{1,2}}[{HAN}]{{2,3}}){{0,3}})"
    rf"(?:\s{{1,2}}[{HAN}]{{2,4}}报道)?\s{{0,2}}[）)]$"
)
NAME_IN_BRACKETS = re.compile(r"\d{1,2}[:：]\d{2}\s{0,2}[\[［【]\s?(?P<value>[^\]］】]{2,20}?)\s?[\]］】]")

REPORTER_PREFIX = re.compile(r"^[^\s记，。：]{0,8}(?:记者|記者)\s{0,3}")
EDITOR_LABEL = re.compile(
    r"(?:责任编辑|責任編輯|责编|本版编辑|本文编辑|网络编辑|编辑|編輯|小编)"
    rf"(?:\s?[:：]|\s(?=[{HAN}]{{2,3}}(?:[\s）)】]|$)))\s{{0,3}}"
)
EDITOR_WORDS = ("编", "編", "edit")
"""One of them is in lower case in each line that names an editor; looking for them costs less."""

ORIGIN_LABEL = re.compile(
    # The first characters of all labels: without them, the lookbehinds cost five times as much.
    r"(?=[信文本新消稿来來转轉摘出首])"
    r"(?<!图片)(?<!图)(?<!素材)(?<!数据)(?<!资料)(?<!视频)(?<!照片)"
    r"(?:信息来源|文章来源|本文来源|新闻来源|消息来源|稿件来源|稿源|来源于?|來源|转载自|转自|轉載自|摘自|出自|来自|首发于)"
    r"(?:\s{0,3}[:：]|(?=\s?[\[《【]))\s{0,3}"
)

ORIGIN_PREFIX = re.compile(r"^\W*(?:本文|信息|文章)?来源[于自]?\W*")
OUTLET_WITH_DATE = re.compile(
    rf"\d{{1,2}}:\d{{2}}(?::\d{{2}})?\s{{0,2}}《?(?P<after>[{HAN}—]{{2,14}})(?=[》\s]|$)"
    rf"|^(?P<before>[{HAN}]{{2,12}})\s{{0,2}}{DATE_START}"
)
"""The name of an outlet without a label, before or after date and time."""

ENGLISH_ORIGIN = re.compile(
    r"(?:^|[|•·]\s?)(?:source|via|republished from|reprinted from)\s?:\s?(?P<value>.{2,80})",
    re.IGNORECASE,
)
NAME_WORD_EN = r"[A-Z][\w&'’-]{0,30}(?:\.\w{1,10})?"
FIRST_PUBLISHED_ON = re.compile(
    r"(?:first|originally)\s(?:appeared|published|posted)\s(?:on|at|by|in(?=\sthe\s))\s"
    rf"(?P<value>(?-i:(?:the\s)?{NAME_WORD_EN}(?:\s(?:of\s|the\s|and\s|&\s)?{NAME_WORD_EN}){{0,5}}))",
    re.IGNORECASE,
)
ORIGIN_WORDS = ("源", "自", "首发于", "first", "originally", "source", "via", "from")
"""One of them is in lower case in each line that names an origin after a label."""

ENGLISH_EDITOR = re.compile(
    r"(?:responsible editor|edited by|editors?\s?:)\s?(?:of (?P<origin>[^:]{2,40}))?\s?[:：]?\s?"
    r"(?P<value>[^\W\d_][^\d|(,;:]{2,40})",
    re.IGNORECASE,
)
ENGLISH_AUTHOR = re.compile(
    r"(?:^|[|•·]\s?)(?:(?:written|words|posted|authored|story|report|article|published|submitted)\s)?by\b:?\s"
    r"(?P<value>\d?[^\W\d_][^|•·\d\n]{1,80})",
    re.IGNORECASE,
)
AUTHOR_PREFIX = re.compile(
    r"^\W*(?:(?:written|posted|authored|words|story|report|text|autor|author|analysis|opinion)\s{0,2}:?\s{0,2})?"
    r"(?:(?:by|von|par|por|di|av|door)\b)?[:\s]*",
    re.IGNORECASE,
)
CAPITAL_WORD = rf"[{LATIN_CAPITAL}][\w'’.-]{{0,20}}"
PERSON_WORDS = rf"{CAPITAL_WORD}(?:\s{CAPITAL_WORD}){{1,3}}"
PERSON = re.compile(rf"{PERSON_WORDS}(?:, [A-Z][\w.]{{1,5}})?")
AND = r"(?:and|&|und|et|y|e|og|och|en)"
MANY_PERSONS = rf"{PERSON_WORDS}(?:(?:, {AND}|,| {AND}) {PERSON_WORDS}){{0,5}}"
BY_PERSON = re.compile(
    rf"(?:[^|]{{0,48}}\d{{2}}h?,?\s)?(?i:by|von|par|por|di|door|av)\s(?P<value>(?:Dr\. )?{MANY_PERSONS})"
    r"(?:\W.{0,80})?"
)
"""A line that consists of `by` in any language and names, perhaps behind a date."""

KOREAN_REPORTER = re.compile(
    r"(?:^|[\s=\]|·])(?!담당|취재|사진|본지|전문|객원|수습|인턴)(?P<value>[가-힣]{2,4}(?:[·,]\s?[가-힣]{2,4}){0,3})"
    r"\s?(?:선임|수습|객원|전문|인턴)?(?:기자|특파원|논설위원|에디터)(?=[\s=·|(\[]|$)|^글\s?[=:·|]\s?(?P<name>[가-힣]{2,4})$"
)
JAPANESE_NAME = rf"[{HAN}{KANA}ー]{{1,5}}[\s　]?[{HAN}{KANA}ー]{{1,6}}"
JAPANESE_WRITER = re.compile(
    rf"(?:取材・文|文・写真|文・撮影|文|執筆|筆者|著者|記者|ライター)\s?[＝=：:／/]\s?(?P<value>{JAPANESE_NAME})"
    rf"|(?:^|[\s【（(])(?P<name>[{HAN}]{{1,3}}[\s　]?[{HAN}{KANA}]{{1,4}})\s?(?:記者|編集委員|特派員)"
    r"(?=[\s】）)・]|$)"
)
WRITTEN_BY = re.compile(
    r"(?:^|[|•·(]\s?|\b(?:post|article|story|piece|guide)\s(?:was\s|is\s)?)"
    r"(?i:written|authored|contributed|reported|words|story|text|reporting|guest post) (?i:by):?\s"
    rf"(?P<value>\d?{MANY_PERSONS})"
    r"|^(?i:authors?|autor(?:in)?(?:\s?/\s?autor(?:in)?)?|auteure?|autore|escrito por|geschrieben von|texte?)"
    rf"\s?[:：|]?\s(?P<name>{MANY_PERSONS})(?:$|\s?[|·(,])"
)
WRITTEN_BY_WORDS = (" by", "author", "autor", "auteur", "escrito", "geschrieben", "text")
"""One of them is in lower case in each line that WRITTEN_BY matches."""

AUTHOR_LINE = re.compile(
    r"(?:(?:about )?the author|author|written by|authored by|words by|story by|text by|autor(?:in)?)\s?:?",
    re.IGNORECASE,
)
"""A line that announces the name in the next line, or stands under a name."""

ROLE = (
    r"(?:editor|writer|reporter|correspondent|journalist|contributor|columnist|producer|blogger|analyst"
    r"|manager|director|founder|officer|president|specialist|consultant|strategist|expert|redakteur(?:in)?"
    r"|reporterin|korrespondent(?:in)?|autor(?:in)?|기자|특파원|記者|編集委員)s?"
)
ROLE_END = re.compile(
    r"(?:\s(?:senior|junior|chief|deputy|associate|assistant|managing|executive|contributing|staff|freelance"
    r"|guest|lead|special|general|retail|business|technology|tech|finance|financial|political|markets?"
    rf"|e-commerce|economics|industry|news|features?|data|content|and|marketing))*\s{ROLE}$",
    re.IGNORECASE,
)
ROLE_WORD = re.compile(
    rf"(?:[\w-]+ ){{0,3}}(?:{ROLE}|rep[óo]rter|redac?tora?|redatora?|journaliste?"
    r"|periodista|jornalista|giornalista)\b",
    re.IGNORECASE,
)
TRAILING_DAY = re.compile(
    r"\s(?:on\s)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday"
    r"|(?:jan|febr)uary|march|july|(?:sept|nov|dec)ember|october|(?:jan|feb|apr|jul|aug|sept?|oct|nov|dec)\.?)$",
    re.IGNORECASE,
)
NOT_A_PERSON = re.compile(
    rf"{ROLE}|\d+\s?m(?:in)?\b.*|.*\bmin(?:ute)?s?\b.{{0,8}}|\d.*(?:ago|read)|.*\bago"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|january|february|october|november|december"
    r"|front page|organi[sz]ation|cart|menu|home|login|log in|sign (?:in|up)|bio|biography|comments?"
    r"|reply|profile|(?:last )?updated.*|(?:published|posted|reviewed|licensed|powered|medically|fact.checked"
    r"|subscribe|read more|recent|related|popular|latest|share|shop|start|get|buy|try|view|photo|image"
    r"|contact|search|learn)\b.*|website|e-?mail|super ?user",
    re.IGNORECASE,
)
"""Roles, times and labels that stand in author elements."""

ORGANISATION = re.compile(
    r"\b(?:news|newsroom|nachrichten|redaktion|editorial|team|staff|desk|media|magazine|agency|press|online"
    r"|inc|ltd|gmbh|llc|verlag|admin|administrator|group|daily|web|reuters|afp|dpa)\b",
    re.IGNORECASE,
)
ABOUT_AUTHOR = re.compile(
    r"bio|desc|social|socmed|contact|avatar|photo|position|comment|powered|author[s_-]*(?:title|role|job|time|date|image|img)"
)
"""Names of elements that tell about an author."""

LEADING_DATE = re.compile(
    rf"(?:\w{{3,9}},?\s)?\w{{3,9}}\.?\s\d{{1,2}},?\s{YEAR}\b[^A-Za-z]{{0,12}}(?:[ap]\.?m\.?\b)?\s?(?:[A-Z]{{2,4}}\b)?[\s|·•,–-]{{0,4}}"
    rf"|\d{{1,2}}\.?\s\w{{3,9}}\.?\s{YEAR}\b[\s|·•,–-]{{0,4}}"
    rf"|(?:\d{{1,2}}[./-]){{2}}{YEAR}\b[\s|·•,–-]{{0,4}}|{YEAR}(?:[./-]\d{{1,2}}){{2}}\b[\s|·•,–-]{{0,4}}"
)
CLOCK = re.compile(r"\b\d{1,2}[:h.]\d{2}\b(?:\s?(?:uhr\b|[ap]\.?m\b\.?))?", re.IGNORECASE)
DATE_LINE = re.compile(rf"\b{YEAR}\b|\b\d{{1,3}} min\b", re.IGNORECASE)
OFFICE_NAMES = frozenset(
    {"news", "nachrichten", "redaktion", "editorialteam", "staff", "newsdesk", "newsroom"}
)
ENGLISH_NAME_END = re.compile(
    r"\s*(?:[|•·–—(\[]|\s-\s|\bon\s|\bin\s|\bfor\s|\bupdated\b|\bposted\b|\blast\b|\bfollow\b"
    r"|\b(?:photo|photograph\w*|picture|image|illustration|graphic|foto|bild|video)\w{0,2}\b\s?(?:by\b|von\b|:)"
    r"|\bpubli\w+|\bpubblicato\b|\bveröffentlicht\b|\bactuali[sz]\w+|\baktualisiert\b|\bmis à jour\b"
    r"|\b(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s\d|\bmay\s\d|\s\d|,\s(?!and\b)|$)",
    re.IGNORECASE,
)

TAGS_LABEL = re.compile(
    r"(?:本文标签|文章标签|标签|標籤|关键词|关键字|tags?|keywords)\s?[:：]\s?(?P<value>.{2,200})",
    re.IGNORECASE,
)

NOT_A_TAG = re.compile(r"[：:]|^[\d\W]+$")
NOT_A_NAME = re.compile(
    r"(?:(?:作者|编辑|记者|来源|发布|小编|撰文){2,4}|本报|实习生|实习|(?:赞赏|讚賞|打赏|喜欢|关注)(?:作者)?|点赞|收藏|分享|举报|简介|私信|未知|佚名|匿名|无名?|不详|网络|互联网|本站|原创|转载|编辑|小编|管理员?|系统管理员|网友"
    r"|游客|作者|记者|文章|正文|总阅读|阅读|null|none|undefined|unknown|anonymous|guest|user|root"
    r"|webmaster|admin(?:istrator)?|editor(?:ial)?|staff|(?:the )?author|n/?a|(?:your )?name\s?\*?"
    r"|contributor|twitter|facebook|(?:written |powered )?by|follow|default|view all posts?.*"
    r"|more from.*|posts by.*|about the authors?|no author)",
    re.IGNORECASE,
)
OUTLET_ENDING = re.compile(
    r"(?:网|网络|网站|报|报业|日报|晚报|社|台|电视|广播|周刊|杂志|出版社|集团|公司|中心|频道|新闻|资讯|财经|科技|在线"
    r"|编辑部|官方|客户端|博客|论坛|平台|大学|学院|协会|委员会|研究院|工作室|网易|新浪|搜狐|腾讯|凤凰|头条|观察|传媒"
    r"|时报|商报|团队|\bteam|\binc\.?|\bltd\.?|\bcms|\.(?:com|cn|net|org))$",
    re.IGNORECASE,
)
"""Endings of outlets and organisations, which may be an origin but no Chinese author."""

NOT_BYLINE_TEXT = re.compile(r"https?:|www\.|@|[{}<>=\"\\]|[_\d]{3}|^[\W\d]*$")
