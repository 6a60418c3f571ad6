"""Decide whether two articles report one event, without a store."""

import pytest

from shopwire.pipelines.stories.event_features import (
    Profile,
    list_terms,
    read_event_features,
    weigh_features,
)
from shopwire.pipelines.stories.event_similarity import (
    FEW_CLUSTERS,
    SAME_STORY,
    choose_cluster,
    measure_similarity,
    weaken_common,
)
from shopwire.pipelines.stories.translations import find_translations

DAY = 20_400
CHINESE = (
    "10月24日晚,天猫官方账号首次在抖音开启直播,时长约2个小时,共有130万人次观看。直播内容不是带货,"
    "而是讲解双十一攻略。抖音日活用户达6亿,淘宝与抖音的互联互通正在加快。"
)
TRANSLATION = (
    "On the evening of October 24, the official account of Tmall opened a live broadcast on tiktok "
    "for the first time, lasting about 2 hours, with a total of 1.3 million views. The live content "
    "is not goods, but explains the Double 11 strategy. tiktok has 600 million daily users, and the "
    "interconnection between Taobao and tiktok is accelerating."
)
OUTLET = (
    "Tmall went live on rival Douyin on October 24, and 1.34 million people looked in. Hosts spent "
    "two hours on how to use coupons over Double 11 rather than on selling. Douyin's 600 million "
    "daily users are what Taobao lacks, as the platforms connect their services."
)
OTHER_EVENT = (
    "Tmall will ask merchants for proof of origin from November 15, after complaints about fake "
    "liquor on Taobao in the run-up to Double 11. Shops that fail lose 20,000 yuan of their deposit."
)
BULLETIN = (
    "3月{day}日0时至24时,全省新增快递投诉{a}件,其中延误{b}件,丢失{c}件,破损{d}件,已办结{e}件,满意率{f}%。"
)
# What one firm does in the same days.
OF_ONE_FIRM = """\
Parcelio opens a hall for returned shoes near the harbour. Building begins in spring, 300 people will
sort boots and sandals there, said Anna Vetter. The chairman chose the architect.

Parcelio has sold its bicycles to a rental club. Couriers walk through the old town from now on, which
Anna Vetter calls healthy. The chairman kept one bicycle for himself.

Drivers of Parcelio have ended a quarrel about breaks. Each gets a quarter of an hour more, Anna Vetter
told the union. The chairman signed the contract at midnight.

Plastic bags disappear from the depots of Parcelio. A paper mill delivers its first rolls in June,
according to Anna Vetter. The chairman tore one to test it.

A computer failure hid 4,000 labels at Parcelio for a night. Engineers found a broken disk, and Anna
Vetter apologised. The chairman wants a second machine.

Managers of Parcelio learn patience from a football coach. He comes each Monday, joked Anna Vetter.
The chairman missed the first lesson.

A judge hears in autumn whether a rival may copy the yellow vans of Parcelio. Anna Vetter spoke of
theft before the court. The chairman designed the vans.

Parcelio has won a prize for reports on noise. Neighbours of a depot had complained for years, and Anna
Vetter had microphones hung up. The chairman thanked the jury.
"""
PRIZE_AGAIN = (
    "The jury of a prize for reports on noise has chosen Parcelio. Microphones hang at its depot since "
    "neighbours complained, said Anna Vetter. The chairman accepted it."
)


def profile(text: str, language: str = "en", day: int = DAY, title: str = "") -> Profile:
    return weigh_features(read_event_features(title, text, language, day), 0, {})


def test_a_translation_and_another_outlet_tell_the_same_story() -> None:
    chinese = profile(CHINESE, "zh")
    for english in (profile(TRANSLATION), profile(OUTLET)):
        assert measure_similarity(english, chinese).score >= SAME_STORY
        assert measure_similarity(chinese, english).score >= SAME_STORY


def test_the_same_platform_in_another_event_does_not() -> None:
    other = profile(OTHER_EVENT)
    assert measure_similarity(other, profile(OUTLET)).score < SAME_STORY
    assert measure_similarity(other, profile(CHINESE, "zh")).score < SAME_STORY


def test_a_template_filled_again_is_another_story() -> None:
    first = BULLETIN.format(day=1, a=48, b=31, c=15, d=22, e=40, f=91.5)
    repost = f"据通报,{first}"
    second = BULLETIN.format(day=2, a=63, b=27, c=18, d=35, e=59, f=94.1)
    assert measure_similarity(profile(repost, "zh"), profile(first, "zh")).score >= SAME_STORY
    assert measure_similarity(profile(second, "zh"), profile(first, "zh")).score == 0


def test_the_likeness_says_why() -> None:
    found = measure_similarity(profile(OUTLET), profile(CHINESE, "zh"))
    assert {"amount:6e+08", "date:1024"} <= set(found.features)
    assert "live" in found.words or "broadcast" in found.words or "million" in found.words


def test_average_link_keeps_stories_from_chaining() -> None:
    near, far = profile(TRANSLATION), profile(OTHER_EVENT)
    fresh = profile(OUTLET)
    assert choose_cluster(fresh, {1: [near]}).cluster == 1
    assert choose_cluster(fresh, {1: [near, *[far] * 6]}).cluster is None
    assert choose_cluster(fresh, {1: [near, far], 2: [near]}).cluster == 2
    assert choose_cluster(fresh, {}).cluster is None


def test_an_article_joins_each_cluster_of_one_that_is_similar_enough() -> None:
    texts = [(CHINESE, "zh"), (TRANSLATION, "en"), (OUTLET, "en"), (OTHER_EVENT, "en")]
    profiles = [profile(text, language) for text, language in texts]
    for fresh in profiles:
        for other in profiles:
            is_similar = measure_similarity(fresh, other).score >= SAME_STORY
            assert choose_cluster(fresh, {1: [other]}).cluster == (1 if is_similar else None)


def test_what_many_clusters_have_says_less() -> None:
    fresh, other = profile(OUTLET), profile(OTHER_EVENT)
    assert weaken_common(fresh, [[other]] * FEW_CLUSTERS) == fresh
    assert weaken_common(fresh, [[other] * 50]) == fresh
    assert weaken_common(fresh, [[profile(CHINESE, "zh")]] * 50) == fresh
    weakened = weaken_common(fresh, [[other]] * 4 * FEW_CLUSTERS)
    assert weakened.rarity["platform:Tmall"] == fresh.rarity["platform:Tmall"] / 2
    assert weakened.rarity["platform:Douyin"] == fresh.rarity["platform:Douyin"]
    changed = {fresh.spelling[key] for key, weight in weakened.words.items() if weight < fresh.words[key]}
    assert {"tmall", "taobao"} <= changed
    assert not changed & {"douyin", "hour", "million"}


def test_of_many_reports_on_one_firm_an_article_joins_that_of_its_event() -> None:
    texts = OF_ONE_FIRM.split("\n\n")
    clusters = {number: [profile(text)] for number, text in enumerate(texts)}
    fresh = profile(PRIZE_AGAIN)
    assert choose_cluster(weaken_common(fresh, clusters.values()), clusters).cluster == 7
    assert choose_cluster(fresh, clusters).cluster != 7


def test_what_the_store_knows_to_be_common_says_little() -> None:
    event = read_event_features("", OUTLET, "en", DAY)
    everywhere = dict.fromkeys(list_terms(event), 50_000)
    rare, common = weigh_features(event, 0, {}), weigh_features(event, 50_000, everywhere)
    assert common.rarity["platform:Douyin"] < rare.rarity["platform:Douyin"]


def test_the_day_of_publication_says_little() -> None:
    late = profile("On October 24 it rained.", day=DAY)
    own = profile("On October 24 it rained.", day=20_385)  # 2025-10-24
    assert own.rarity["date:1024"] < late.rarity["date:1024"]


def test_long_texts_need_more_in_common_than_short_ones() -> None:
    outlet, translation = profile(OUTLET), profile(TRANSLATION)
    aside = " ".join(f"Ferngate{sign} met Holmwick{sign} in Larkby{sign}." for sign in "abcdefghijklmnop")
    other_aside = " ".join(
        f"Quillford{sign} sued Tarnley{sign} in Ockwood{sign}." for sign in "abcdefghijklmnop"
    )
    long = [profile(f"{OUTLET} {aside}"), profile(f"{TRANSLATION} {other_aside}")]
    assert measure_similarity(*long).score < measure_similarity(outlet, translation).score


def test_the_headline_counts_twice() -> None:
    text = f"{OUTLET}\n{OTHER_EVENT}"
    assert (
        measure_similarity(profile(text), profile(OUTLET)).cosine
        > measure_similarity(profile(f"{OTHER_EVENT}\n{OUTLET}"), profile(OUTLET)).cosine
    )


def test_an_empty_text_is_like_nothing() -> None:
    empty = profile("")
    assert measure_similarity(empty, empty).score < SAME_STORY


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_translation_is_marked_from_either_side(language: str) -> None:
    chinese, english = profile(CHINESE, "zh"), profile(TRANSLATION)
    fresh, other = (english, chinese) if language == "en" else (chinese, english)
    fresh_id, other_id = 7, 5
    (found,) = find_translations(fresh_id, fresh, {other_id: other})
    assert (found.article_id, found.of_id) == ((7, 5) if language == "en" else (5, 7))


def test_another_outlets_report_is_no_translation() -> None:
    assert find_translations(7, profile(OUTLET * 3), {5: profile(CHINESE, "zh")}) == []
    assert find_translations(7, profile(OUTLET), {5: profile(TRANSLATION)}) == []
