"""Series and copies in scripts without capitals, where only the place in a frame tells a name."""

import pytest

from scrapers.dedup.judge.verify import judge, opposed_facts
from scrapers.dedup.text.documents import Document
from scrapers.dedup.text.signatures import sign
from scrapers.dedup.text.tokens import spelled
from tests.dedup.test_kinds import document, relation

CONGRATULATION = (
    "国家主席周三致电{country}新任总统{person}，祝贺他就任{country}总统。电报说，两国建交以来，各领域合作取得丰硕成果，"
    "人民友谊不断加深。愿同{person}一道努力，推动两国关系迈上新台阶，造福两国人民。双方将继续在农业、卫生和教育领域扩大"
    "交流，支持青年互访。"
)
RAIN = (
    "{province}省气象台发布暴雨预警，预计未来十二小时内{province}省中部地区有大到暴雨，局地伴有雷电大风。气象部门提醒市民"
    "减少外出，注意防范山洪和城市内涝。学校和工地应做好停课停工准备，相关部门已派出35支队伍巡查河堤。"
)
FIRE = (
    "警方通报，周三下午，东莞市一处工厂发生火灾，造成{count}人死亡。消防部门出动车辆扑救，火势在两小时后得到控制。事故原因"
    "正在调查，企业负责人已被控制。市政府要求全面排查安全隐患，防止类似事故再次发生。"
)
INFECTIONS = (
    "{prefecture}県は{day}、新たに12人の感染が確認されたと発表した。{prefecture}県によると、入院中の患者のうち重症者はいない。"
    "知事は会見で、県民に手洗いや換気などの対策を続けるよう呼びかけた。医療機関の病床には余裕があり、検査体制も強化するという。"
)
FAIR = (
    "ผู้ว่าราชการจังหวัด{province}เปิดงานเทศกาลอาหารประจำปี เมื่อ{day} โดยมีร้านค้าเข้าร่วม 80 ร้าน "
    "นายกสมาคมท่องเที่ยวจังหวัด{province}กล่าวว่า งานนี้ช่วยกระตุ้นเศรษฐกิจท้องถิ่นและสร้างรายได้ให้ชุมชน "
    "นักท่องเที่ยวจำนวนมากเดินทางมาร่วมงานตั้งแต่ช่วงเย็น เจ้าหน้าที่จัดรถรับส่งฟรีและดูแลความปลอดภัยตลอดงาน"
)
CHOLERA = (
    "أعلنت وزارة الصحة في {country} يوم الأحد تسجيل 120 إصابة جديدة بمرض الكوليرا. وقال وزير الصحة {person} إن الفرق "
    "الطبية توزع المياه النظيفة في القرى المتضررة. وأضاف {person} أن المنظمات الدولية أرسلت أدوية وخياما إلى المناطق "
    "الحدودية. ودعت السلطات في {country} السكان إلى غلي الماء وغسل الخضار قبل الأكل."
)

ANGOLA = CONGRATULATION.format(country="安哥拉", person="若昂")
FINLAND = CONGRATULATION.format(country="芬兰", person="拉赫蒂")
HENAN, THREE = RAIN.format(province="河南"), FIRE.format(count="三")
AOMORI = INFECTIONS.format(prefecture="青森", day="3日")
KHON_KAEN = FAIR.format(province="ขอนแก่น", day="วันเสาร์")
SUDAN = CHOLERA.format(country="السودان", person="هيثم إبراهيم")
ABROAD, RAINS, FESTIVAL, CASES = "主席致贺电", "暴雨预警", "เทศกาลอาหาร", "إصابات جديدة بالكوليرا"

PAIRS = {
    "chinese-other-country-and-person": ((ABROAD, ANGOLA), (ABROAD, FINLAND), "apart"),
    "chinese-beside-a-latin-abbreviation": ((ABROAD, ANGOLA + "WHO列席。"), (ABROAD, FINLAND + "WHO列席。"), "apart"),
    "chinese-names-with-a-character-in-common": (
        ("河南暴雨预警", HENAN),
        ("湖南暴雨预警", RAIN.format(province="湖南")),
        "apart",
    ),
    "chinese-other-count": (
        ("东莞工厂火灾三人死亡", THREE),
        ("东莞工厂火灾五人死亡", FIRE.format(count="五")),
        "apart",
    ),
    "japanese-other-prefecture": (
        ("青森の感染12人", AOMORI),
        ("長野の感染12人", INFECTIONS.format(prefecture="長野", day="3日")),
        "apart",
    ),
    "japanese-other-day": (
        ("新たに12人", AOMORI),
        ("新たに12人", INFECTIONS.format(prefecture="青森", day="4日")),
        "apart",
    ),
    "thai-other-province": (
        ("ขอนแก่นเปิดเทศกาลอาหาร", KHON_KAEN),
        ("ภูเก็ตเปิดเทศกาลอาหาร", FAIR.format(province="ภูเก็ต", day="วันเสาร์")),
        "apart",
    ),
    "thai-other-day": ((FESTIVAL, KHON_KAEN), (FESTIVAL, FAIR.format(province="ขอนแก่น", day="วันศุกร์")), "apart"),
    "arabic-other-country-and-person": (
        (CASES, SUDAN),
        (CASES, CHOLERA.format(country="اليمن", person="قاسم بحيبح")),
        "apart",
    ),
    "chinese-edited": (
        (ABROAD, ANGOLA),
        ("愿同安哥拉合作", ANGOLA.replace("丰硕", "丰富").replace("不断", "持续")),
        "join",
    ),
    "chinese-new-lead": (
        (ABROAD, ANGOLA),
        ("两国扩大交流", "据悉，领导人向新总统表示祝贺。" + ANGOLA.split("。", 1)[1]),
        "join",
    ),
    "chinese-abridged": ((ABROAD, ANGOLA), ("主席祝贺安哥拉总统", "。".join(ANGOLA.split("。")[:3]) + "。"), "join"),
    "chinese-corrected-name": ((ABROAD, ANGOLA), (ABROAD, ANGOLA.replace("若昂", "若奥")), "join"),
    "chinese-misspelt": ((RAINS, HENAN), (RAINS, HENAN.replace("防范", "防犯")), "join"),
    "japanese-edited": (
        ("青森の感染12人", AOMORI),
        ("青森で新たな感染", AOMORI.replace("呼びかけた", "求めた")),
        "join",
    ),
    "thai-edited": ((FESTIVAL, KHON_KAEN), (FESTIVAL, KHON_KAEN.replace("ช่วยกระตุ้น", "ส่งเสริม")), "join"),
    "arabic-edited": (
        (CASES, SUDAN),
        (CASES, SUDAN.replace("النظيفة", "الصالحة للشرب").replace("أرسلت", "بعثت")),
        "join",
    ),
    "arabic-corrected-name": ((CASES, SUDAN), (CASES, SUDAN.replace("هيثم إبراهيم", "هيثم عثمان")), "join"),
}  # fmt: skip


@pytest.mark.parametrize(("one", "other", "expected"), PAIRS.values(), ids=PAIRS)
def test_a_name_that_each_text_has_throughout_and_the_other_nowhere_tells_a_series_from_a_copy(one, other, expected):
    a, b = document(1, *one), document(2, *other)

    assert relation(a, b) == relation(b, a) == expected


def test_what_stands_against_each_other_is_told_of_scripts_without_capitals():
    a, b = (sign(Document(n, ABROAD, text)) for n, text in enumerate((ANGOLA, FINLAND)))

    pairs = opposed_facts(a, b)

    assert {(spelled(ANGOLA)[one], spelled(FINLAND)[other]) for one, other in pairs} == {("安", "芬"), ("若", "拉")}
    assert judge(a, b).reason == "facts_differ"
