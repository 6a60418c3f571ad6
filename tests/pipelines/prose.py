"""Short articles, written for these tests, that have nothing in common but their trade."""

SALE = (
    "The marketplace announced on Thursday that its autumn sale had drawn more customers than any "
    "before it. Orders from towns outside the large cities grew fastest, the company said, and small "
    "workshops sold more shoes, lamps and kitchen knives than the famous brands did. Merchants had "
    "prepared for months: some rented a second storehouse, others hired students to pack boxes "
    "through the night. Delivery firms put on extra trains and opened four hundred collection points "
    "in the countryside. Not everyone was pleased, for returns rose as well, and a trade association "
    "asked the platform to charge buyers who send back what they have already worn."
)
WAREHOUSE = (
    "A logistics group has opened its largest automatic hall near the river port of Hefei. Robots "
    "fetch shelves and bring them to people who fill parcels, so that nobody walks the long aisles "
    "any more. The group expects to handle goods for three hundred foreign shops that have no "
    "building of their own in the country. Local officials praised the jobs it brings; engineers are "
    "wanted, they said, rather than porters. Trial operation went on for half a year because the "
    "software kept sending two machines to the same corner. A second hall is planned beside it and "
    "should be ready when the new railway line is."
)
PARCELS = (
    "Post offices in the islands will weigh and photograph every parcel from abroad before it goes on "
    "to its reader, customs said. Shops that declare a coat as a gift of small worth must reckon with "
    "fines, and those that do so again are shut out of the simple procedure for a year."
)
RATES = (
    "The customs office of the eastern port counted {count} cargo flights with parcels abroad on "
    "November {day}, after {last} flights on the day before. That is {share} per cent of all flights "
    "of the province. The central rate stood at {rate} yuan to the dollar in the morning. At the "
    "gate of the free trade zone {pieces} thousand pieces were cleared before noon, most of them "
    "clothes, toys and small electronics, and the longest wait for a lorry was under an hour. The "
    "office publishes its count every evening and asks carriers to book their slots in good time."
)
# One report as two hands may have put it into English.
ONE_HAND = (
    "The platform said on November 11 that its live streaming business grew by 38 percent last year. "
    "More than 2,400 farmers opened shops on the platform, and most of them come from villages in "
    "the western provinces. They sell apples, honey and tea directly to buyers in the big cities. In "
    "the past, the fruit had to pass through many hands before it reached the market. Now a farmer "
    "only needs a mobile phone and a good connection. The company promised to train another 5,000 "
    "farmers for free next year. Experts believe that the model can be copied in other countries, "
    "but they warn that quality must be guaranteed. Complaints about rotten fruit rose to 1,300 in "
    "the third quarter, and the platform has set up a special team to deal with them."
)
OTHER_HAND = (
    "According to the platform, as of November 11, live broadcast sales increased 38 percent over "
    "last year. Over 2,400 farmers have started stores there, the majority from villages in western "
    "regions. Apples, honey and tea go straight to consumers in the big cities. Previously such fruit "
    "had to pass through many intermediaries until it came to market. Today all a farmer requires is "
    "a mobile phone plus a stable network. Next year it will coach another 5,000 farmers free of "
    "charge, the firm pledged. Specialists think the model can be replicated abroad, yet caution that "
    "quality must be ensured. In the third quarter grievances about rotten fruit climbed to 1,300; "
    "the platform formed a special team to handle these."
)

# What was said at a press conference, and what each of two reporters wrote round it.
SAID = """商务部电子商务司负责人表示，今年以来全国网上零售额保持稳定增长，农村电商和即时零售成为新的亮点。
他介绍，前三季度全国农村网络零售额达到一点九万亿元，同比增长百分之六点四，农产品上行的规模继续扩大。
他强调，下一步将完善平台治理规则，规范直播带货行为，引导平台企业降低中小商家的推广费用。
针对消费者反映的退换货难问题，他说有关部门正在修订网络购物七日无理由退货的实施办法。
他还透露，跨境电商综合试验区将再扩围一批，并支持企业共建共享海外仓，缩短国际包裹的配送时间。"""
FIRST_REPORTER = """记者在发布会现场看到，多家外国媒体就关税问题连续提问，会议因此比原定时间延长了半小时。
会后有分析师认为，平台佣金若普遍下调一个百分点，中小商家的利润空间将明显改善。"""
SECOND_REPORTER = """本报北京讯：临近年末，各地仓储和快递企业已经开始为年货节招募临时工人。
在浙江义乌，从事饰品批发的陈女士说，她更关心的是海外仓的租金什么时候能够降下来。"""
