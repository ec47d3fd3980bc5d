"""Words of places: names of provinces and of climate zones in full, as documents write them."""

from __future__ import annotations

MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
REGIONS = {
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
    "香港": "香港特别行政区",
    "澳门": "澳门特别行政区",
}
FULL = ("省", "市", "区")  # ends a name that is whole already
ZONES = {"1": "严寒", "2": "寒冷", "3": "夏热冬冷", "4": "夏热冬暖", "5": "温和"}  # GB 50176, first level


def province_named(province: str) -> str:
    """The full name of a province: 陕西省 of 陕西; empty where none is given."""
    if not province or province.endswith(FULL):
        return province
    if province in MUNICIPALITIES:
        return f"{province}市"
    return REGIONS.get(province, f"{province}省")


def climate_named(zone: str) -> str:
    """A thermal climate zone in words: 建筑热工设计寒冷B区（2B区） of `2B`; as given where it is none of GB 50176."""
    name = ZONES.get(zone[:1])
    if name is None:
        return f"建筑热工设计{zone}区" if zone else ""
    return f"建筑热工设计{name}{zone[1:]}区（{zone}区）"
