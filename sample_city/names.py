"""Made-up names of plots, estates and institutions; nobody and no place is meant."""

from __future__ import annotations

import numpy as np

_DIGITS = "一二三四五六七八九"

# Kinds of which there are several, told apart by number or place.
NUMBERED: dict[str, tuple[str, ...]] = {
    "school": ("第{n}中学", "第{n}小学", "实验学校（{p}校区）", "{p}学校"),
    "kindergarten": ("{p}幼儿园",),
    "clinic": ("{p}社区卫生服务中心",),
    "community": ("{p}社区服务中心",),
    "welfare": ("{p}颐养院",),
    "government": ("{p}综合办公区",),
    "research": ("{p}研究院", "{p}实验基地"),
    "culture": ("{p}文化馆",),
    "hotel": ("{p}宾馆", "{p}大酒店", "{p}饭店"),
    "mall": ("{p}购物中心", "{p}百货"),
    "shops": ("{p}商业街",),
    "market": ("{p}批发市场",),
    "catering": ("{p}食府",),
    "leisure": ("{p}影城",),
    "other_commerce": ("{p}综合商业",),
    "office": ("{p}大厦", "{p}中心", "{p}广场写字楼"),
    "gas_station": ("{p}加油站",),
    "light_plant": ("{p}电子厂", "{p}食品厂", "{p}服装厂", "{p}印刷厂"),
    "plant": ("{p}机械厂", "{p}轴承厂", "{p}电缆厂", "{p}农机厂"),
    "heavy_plant": ("{p}化工厂", "{p}涂料厂"),
    "warehouse": ("{p}物流园", "{p}仓储中心"),
    "depot": ("{p}公交场站",),
    "car_park": ("{p}停车场",),
    "park": ("{p}公园",),
    "square": ("{p}广场",),
    "village": ("{p}组",),
    "urban_village": ("{p}城中村",),
    "village_centre": ("{p}村委会",),
    "blank": ("{p}留白用地",),
    "heat_station": ("{p}供热站",),
    "waste_station": ("{p}垃圾转运站",),
    "fire_station": ("{p}消防救援站",),
    "substation": ("{p}变电站",),
    "vocational": ("{p}职业技术学校",),
}
SINGLE: dict[str, tuple[str, ...]] = {
    "hospital": ("人民医院", "中医院", "北岸医院"),
    "library": ("青禾图书馆与博物馆",), "university": ("青禾大学",), "sport": ("青禾体育中心",),
    "station": ("青禾站",), "coach_station": ("青禾长途客运站",), "power_plant": ("青禾热电厂",),
    "sewage_works": ("青禾污水处理厂",), "water_works": ("青禾水厂",), "gas_supply": ("青禾燃气门站",),
    "data_centre": ("青禾云数据中心",), "military": ("军事用地",), "temple": ("慈云寺",), "heritage": ("青禾塔院",),
    "reserve_store": ("青禾粮食储备库",), "incinerator": ("青禾垃圾焚烧发电厂",), "lake_park": ("青禾湖公园",),
    "wall_park": ("环城公园",), "river_park": ("滨河公园",),
}  # fmt: skip
_TRADES = ("纺织", "机床", "电力", "邮电", "教师", "粮食", "建工", "铁路", "化工", "农机", "水利", "地质", "仪表", "轴承",
           "印刷", "供销", "医药", "交通", "林业", "商业")  # fmt: skip
_SLAB_ENDS = ("家属院", "小区", "新村", "南院", "北院", "东院", "西院")
_FINE = ("锦程", "翠岸", "澜庭", "书香", "星河", "望山", "临水", "和悦", "朗润", "观澜", "景明", "禾苑", "曲水", "枫林",
    "玉兰",
         "云麓", "梧桐", "清溪", "晴川", "朝阳", "嘉禾", "绿野", "麦田", "丹枫", "海棠")  # fmt: skip
_TOWER_ENDS = ("府", "苑", "湾", "里", "华庭", "名邸", "新城", "雅居")
_OLD = ("柳树", "双井", "书院", "竹笆", "油坊", "药局", "马神", "粉巷", "炭市", "木头", "糖坊", "印花", "莲池", "香米",
    "枣园",
        "石榴", "贡院", "钟楼", "鼓楼", "文庙")  # fmt: skip
_OLD_ENDS = ("巷", "坊", "里", "南巷", "北巷")
_PLACES = ("城南", "城北", "城东", "城西", "丰禾", "长宁", "望河", "龙桥", "文苑", "新庄", "麦香", "柳林", "清河", "东塬",
    "南坡",
           "石桥", "三合", "上原", "渡口", "杏园", "槐荫", "汉风", "北岸", "湖滨", "青川", "兴禾", "永宁", "安定", "和平",
           "友谊")  # fmt: skip


class Names:
    """Gives each plot a name of its own, the same for the same seed."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._used: dict[str, int] = {}
        self._counts: dict[str, int] = {}

    def of(self, style: str) -> str:
        """A new name for a plot of a style."""
        number = self._counts.get(style, 0)
        self._counts[style] = number + 1
        if style in SINGLE:
            names = SINGLE[style]
            return self._unused(names[number % len(names)])
        if style in ("slab",):
            return self._joined(_TRADES, _SLAB_ENDS)
        if style in ("tower", "garden"):
            return self._joined(_FINE, _TOWER_ENDS)
        if style == "courtyard":
            return self._joined(_OLD, _OLD_ENDS)
        patterns = NUMBERED.get(style, ("{p}地块",))
        pattern = patterns[number % len(patterns)]
        return self._unused(
            pattern.format(n=_numeral(number // len(patterns) + 1), p=self._rng.choice(_PLACES))
        )

    def _joined(self, first: tuple[str, ...], last: tuple[str, ...]) -> str:
        return self._unused(f"{self._rng.choice(first)}{self._rng.choice(last)}")

    def _unused(self, name: str) -> str:
        times = self._used.get(name, 0) + 1
        self._used[name] = times
        return name if times == 1 else f"{name}{_numeral(times)}期"


def _numeral(number: int) -> str:
    if number < 10:
        return _DIGITS[number - 1]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _DIGITS[tens - 1]) + "十" + (_DIGITS[ones - 1] if ones else "")
