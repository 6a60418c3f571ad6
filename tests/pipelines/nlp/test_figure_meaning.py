"""What figures count and whose they are, in labelled sentences of both languages."""

import pytest

from shopwire.pipelines.nlp.mentions import find_amounts

SENTENCES = [
    ("平台月活跃用户达6亿。", ["people"]),
    ("6亿月活跃用户打开了它。", ["people"]),
    ("这家公司有2万名主播。", ["people"]),
    ("直播间涌进130万人次。", ["people"]),
    ("约3万多家商家退出。", ["people"]),
    ("会员数已突破5000万。", ["people"]),
    ("它在县城招了1.2万骑手。", ["people"]),
    ("当日揽收快递7.3亿件。", ["parcels"]),
    ("全国快递业务量完成150亿件。", ["parcels"]),
    ("仓库每天发出20万单。", ["parcels"]),
    ("2万件包裹滞留。", ["parcels"]),
    ("三座仓每天可以处理500万件小包。", ["parcels"]),
    ("新仓日发货能力260万件。", ["parcels"]),
    ("订单量超过300万。", ["parcels"]),
    ("卖出8万台空调。", ["goods"]),
    ("上架100万件新款商品。", ["goods"]),
    ("一天卖掉12万件。", ["goods"]),
    ("开出1.5万家门店。", ["places"]),
    ("新仓占地3万平方米。", [""]),
    ("38万平方米跨境仓库启用。", [""]),
    ("它运来5万吨商品。", [""]),
    ("卖出20万斤苹果。", [""]),
    ("3.5万公里快递干线。", [""]),
    ("它服务1200万小米用户。", ["people"]),
    ("平台有3000万年轻用户。", ["people"]),
    ("3万天猫商家报名。", ["people"]),
    ("视频播放量达到2.4亿。", ["views"]),
    ("话题有3亿次阅读。", ["views"]),
    ("2万人前往城市。", ["people"]),
    ("2万台湾卖家入驻。", ["people"]),
    ("成交额5403亿元。", ["money"]),
    ("销售额达2.1亿元,买家120万。", ["money", "people"]),
    ("退货率为35%。", ["rate"]),
    ("直播占总销售额的30%。", ["rate"]),
    ("它拿下12%的市场份额。", ["rate"]),
    ("转化率3.5%,高于去年。", ["rate"]),
    ("销售额同比增长8.5%。", ["percent"]),
    ("退货率上升5个百分点。", ["percent"]),
    ("价格下降约20%。", ["percent"]),
    ("编号12345678不对。", [""]),
    ("The app has 600 million monthly active users.", ["people"]),
    ("Some 1.5 million sellers left.", ["people"]),
    ("Users reached 40 million.", ["people"]),
    ("The number of merchants rose to 250,000.", ["people"]),
    ("It will cut 14,000 jobs.", ["people"]),
    ("Couriers moved 540 million parcels.", ["parcels"]),
    ("It handles 300,000 orders a day.", ["parcels"]),
    ("They sold 2 million units.", ["goods"]),
    ("It lists 80 million new products.", ["goods"]),
    ("The chain runs 12,000 convenience stores.", ["places"]),
    ("A warehouse of 50,000 square metres.", [""]),
    ("Its 380,000-square-metre export warehouse opened.", [""]),
    ("It shipped 12,000 tonnes of goods.", [""]),
    ("It drove 45,000 miles to stores.", [""]),
    ("It has 12,000 day workers.", ["people"]),
    ("The clip got 3 million views.", ["views"]),
    ("It earned $3.2 billion.", ["money"]),
    ("It paid 12 million yuan to 40,000 drivers.", ["people", "money"]),
    ("It holds a 21% market share.", ["rate"]),
    ("The return rate was 30 per cent.", ["rate"]),
    ("Ads account for 18% of revenue.", ["rate"]),
    ("Sales rose by 12%.", ["percent"]),
    ("Profit was down 4 per cent.", ["percent"]),
    ("The margin fell 2%.", ["percent"]),
    ("The index stood at 45,000 and people left.", [""]),
]


@pytest.mark.parametrize(("sentence", "counts"), SENTENCES)
def test_a_figure_counts_what_its_neighbours_say(sentence: str, counts: list[str]) -> None:
    assert sorted(one.counts for one in find_amounts("", sentence)) == sorted(counts)


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("淘宝用户达到9亿。", "Taobao"),
        ("阿里巴巴说,淘宝用户达到9亿。", "Taobao"),
        ("臺灣賣家在淘寶賣出2億元。", "Taobao"),
        ("Amazon said that Temu’s sales had reached $5 billion.", "Temu"),
        ("A fine of $5 million awaits Temu.", "Temu"),
        ("Sales in China reached $5 billion.", ""),
        ("Nobody paid $5 million.", ""),
    ],
)
def test_a_figure_is_of_the_nearest_name_before_it(sentence: str, subject: str) -> None:
    assert [one.subject for one in find_amounts("", sentence)] == [subject]


def test_equal_numbers_of_two_things_are_two_figures() -> None:
    found = find_amounts("", "它有2万名主播。每天发出2万单。还是2万名主播。")
    assert [(one.value, one.counts) for one in found] == [(2e4, "people"), (2e4, "parcels")]
