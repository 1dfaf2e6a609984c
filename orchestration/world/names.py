"""Names, as they are written in systems that know a person by halves."""

from __future__ import annotations

# Surnames and given names with their pinyin; the common ones come first.
_SURNAMES = (
    "王:wang 李:li 张:zhang 刘:liu 陈:chen 杨:yang 黄:huang 赵:zhao "
    "吴:wu 周:zhou 徐:xu 孙:sun 马:ma 朱:zhu 胡:hu 郭:guo "
    "何:he 林:lin 高:gao 罗:luo 郑:zheng 梁:liang 谢:xie 宋:song "
    "唐:tang 许:xu 邓:deng 冯:feng 韩:han 曹:cao 曾:zeng 彭:peng "
    "萧:xiao 蔡:cai 潘:pan 田:tian 董:dong 袁:yuan 于:yu 余:yu "
    "叶:ye 蒋:jiang 杜:du 苏:su 魏:wei 程:cheng 吕:lv 丁:ding "
    "沈:shen 任:ren 姚:yao 卢:lu 傅:fu 钟:zhong 姜:jiang 崔:cui "
    "谭:tan 廖:liao 范:fan 汪:wang 陆:lu 金:jin 石:shi 戴:dai"
)
_GIVEN = (
    "伟:wei 芳:fang 娜:na 敏:min 静:jing 丽:li 强:qiang 磊:lei "
    "军:jun 洋:yang 勇:yong 艳:yan 杰:jie 娟:juan 涛:tao 明:ming "
    "超:chao 霞:xia 平:ping 刚:gang 英:ying 华:hua 文:wen 辉:hui "
    "鹏:peng 玲:ling 红:hong 宇:yu 浩:hao 晨:chen 欣:xin 怡:yi "
    "佳:jia 雪:xue 梅:mei 建:jian 国:guo 志:zhi 海:hai 春:chun "
    "秀:xiu 云:yun 婷:ting 思:si 子:zi 涵:han 梓:zi 轩:xuan "
    "博:bo 睿:rui 诗:shi 琪:qi 瑶:yao 萱:xuan 俊:jun 豪:hao "
    "凯:kai 鑫:xin 帆:fan 倩:qian 莉:li 冰:bing 雨:yu 晓:xiao "
    "东:dong 龙:long 波:bo 斌:bin 峰:feng"
)
SURNAMES = tuple(pair.split(":") for pair in _SURNAMES.split())
GIVEN = tuple(pair.split(":") for pair in _GIVEN.split())
# Characters that clerks mistake for one another: alike in sound or in shape.
MISTAKEN = {
    "伟": "炜", "芳": "方", "静": "晶", "丽": "莉", "军": "君", "洋": "扬", "艳": "燕", "杰": "洁",
    "明": "名", "平": "萍", "华": "花", "文": "纹", "辉": "晖", "玲": "铃", "红": "虹", "浩": "皓",
    "晨": "辰", "欣": "心", "佳": "嘉", "梅": "玫", "建": "健", "国": "囯", "志": "智", "婷": "亭",
}  # fmt: skip
STREETS = ("人民路", "解放路", "中山路", "建设街", "和平路", "文化路", "长江路", "学院路", "滨河路")
# What must stay text in every artefact: formulas, SQL, HTML, templates, look-alikes.
INJECTIONS = (
    "=HYPERLINK(\"http://evil.example\",\"点我\")",
    "Robert'); DROP TABLE members;--",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "@SUM(1+1)*cmd|' /C calc'!A0",
)  # fmt: skip

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
# Ways in which eleven digits are typed; the last is understood by nobody yet.
_SPELLINGS = (
    lambda p: p,
    lambda p: f"+86{p}",
    lambda p: f"+86 {p[:3]} {p[3:7]} {p[7:]}",
    lambda p: f"86{p}",
    lambda p: f"0086-{p}",
    lambda p: f"{p[:3]}-{p[3:7]}-{p[7:]}",
    lambda p: f"{p[:3]} {p[3:7]} {p[7:]}",
    lambda p: f"(+86){p}",
    lambda p: f" {p} ",
    lambda p: p.translate(_FULL_WIDTH),
)
SPELLINGS = len(_SPELLINGS)


def spell_phone(digits: str, way: int) -> str:
    """A phone number as somebody typed it."""
    return _SPELLINGS[way](digits)


def hanzi(surname: int, given: tuple[int, ...]) -> str:
    return SURNAMES[surname][0] + "".join(GIVEN[each][0] for each in given)


def pinyin(surname: int, given: tuple[int, ...]) -> str:
    return f"{''.join(GIVEN[each][1] for each in given).title()} {SURNAMES[surname][1].title()}"


def nickname(surname: int, given: tuple[int, ...], number: int) -> str:
    """What people call themselves in an app."""
    last = GIVEN[given[-1]]
    return (
        f"小{last[0]}",
        f"阿{last[0]}",
        f"{last[1]}{number % 1000}",
        f"老{SURNAMES[surname][0]}",
    )[number % 4]


def mistaken(name: str) -> str:
    """The name with one character that sounds or looks alike, else with two changed places."""
    for at in range(len(name) - 1, 0, -1):
        if name[at] in MISTAKEN:
            return name[:at] + MISTAKEN[name[at]] + name[at + 1 :]
    return name[:-2] + name[-1] + name[-2]
