"""The columns and words of the sample files, as planners write them: Chinese titles and values."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from core.fields import fields

# Layers of the GeoPackage, and the column that holds the id.
LAYERS: Mapping[str, tuple[str, str]] = {
    "building": ("建筑", "楼栋编号"), "parcel": ("地块", "地块编号"), "water": ("水系", "水体编号"), "road": ("道路",
    "道路编号"),
    "metro": ("轨道交通", "轨道编号"), "underground_space": ("地下空间", "地下空间编号"),
    "protection_zone": ("保护区", "保护区编号"), "key_area": ("重点功能区", "功能区编号"),
    "planning_unit": ("控规单元", "单元编号"), "district": ("行政区", "区县编号"), "geology": ("地质分区", "地质分区编号"),
    "borehole": ("钻孔", "钻孔编号"), "facility": ("设施", "设施编号"), "tree": ("绿植", "绿植编号"),
    "pv_asset": ("既有光伏", "光伏系统编号"),
}  # fmt: skip
# Columns that planners call otherwise than the dictionary does.
COLUMNS: Mapping[str, str] = {"floors_above": "层数", "status": "开发状态"}
# Left out of the files: the program finds them.
DERIVED: Mapping[str, tuple[str, ...]] = {
    "building": ("footprint_m2", "settlement", "district_code", "military"), "parcel": ("use", "key_area"),
}  # fmt: skip
ANSWERS = {"yes": "是", "no": "否", "unknown": "不详"}
WORDS: Mapping[str, Mapping[str, str]] = {
    "use": {
        "residential": "住宅", "rural_house": "农房", "government_office": "行政办公", "business_office": "办公",
        "research": "科研",
        "education": "学校", "health": "医院", "welfare": "养老", "culture": "文化", "sport": "体育", "retail": "商场",
        "market": "市场", "catering": "餐饮", "hotel": "酒店", "entertainment": "娱乐", "other_commerce": "商业",
        "community_service": "社区服务", "rural_community_service": "村委会", "industry": "厂房", "warehouse": "仓库",
        "transport": "车站", "depot_parking": "公交场站", "utility": "公用设施", "utility_outlet": "加油站",
        "data_centre": "数据中心", "power_plant": "电厂", "green": "公园", "square": "广场", "special": "特殊用地",
        "reserve": "留白",
    },
    "roof_type": {"flat": "平", "pitched": "坡", "metal": "彩钢"},
    "status": {"existing": "现状", "planned": "规划", "granted": "已出让", "approved": "已批未建"},
    "investor": {"government": "政府投资", "private": "社会投资"},
    "structural_check": {"passed": "通过", "failed": "不通过"},
    "settlement": {"urban": "城镇", "rural": "农村"},
    "land_use_system": {"plan2023": "用地用海分类"},
    "green_star": {"none": "无", "basic": "基本级", "one": "一星", "two": "二星", "three": "三星"},
    "unit_type": {"leading": "重点推进", "preferred": "优先发展", "basic": "基本"},
    "asset_state": {"operating": "在用", "stopped": "停用", "removed": "拆除"},
    "rapid_shutdown": ANSWERS, "firm_fixing": ANSWERS, "waterproof": ANSWERS,
    "lithology": {"silt": "粉土", "medium_sand": "中砂", "coarse_sand": "粗砂", "gravel": "砾石", "granite": "花岗岩"},
}  # fmt: skip
FLAGS = {True: "是", False: "否"}
# Kinds mean different things in different layers, but no word stands for two of them.
KINDS: Mapping[str, str] = {
    "river": "河流", "lake": "湖泊", "canal": "河渠", "expressway": "快速路", "arterial": "主干路", "collector": "次干路",
    "street": "支路", "lane": "街巷", "railway": "铁路", "tunnel": "隧道", "under_river": "过河隧道", "station": "车站",
    "utility_tunnel": "综合管廊", "planned_space": "规划地下空间", "shopping": "地下商业", "car_park": "停车场",
    "civil_defence": "人防工程", "drinking_water": "饮用水水源保护区", "groundwater_ban": "地下水禁采区",
    "groundwater_limit": "地下水限采区", "overexploited": "地下水超采区", "ground_fissure": "地裂缝",
    "subsidence": "地面沉降区",
    "heritage_core": "文物保护范围", "heritage_control": "建设控制地带", "ecology": "生态保护红线",
    "no_burn": "高污染燃料禁燃区",
    "archaeology": "地下文物埋藏区", "survey": "勘察孔", "thermal_response": "热响应试验孔", "pumping": "抽水回灌试验孔",
    "deep": "中深层地热孔", "sewage_works": "污水处理厂", "water_works": "水厂", "data_centre": "数据中心",
    "power_plant": "热电厂",
    "waste_incinerator": "垃圾焚烧厂", "waste_station": "垃圾转运站", "bus_depot": "公交场站", "heat_station": "供热站",
    "substation": "变电站", "industrial_heat": "工业余热", "noise_barrier": "声屏障", "footbridge": "人行天桥",
    "swap_station": "换电站", "biomass": "生物质收储点", "reclaimed_water": "再生水", "tree": "乔木", "grove": "树丛",
}  # fmt: skip


def as_planners_write(table: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """A table with its id as a column, Chinese column names and Chinese words."""
    known = fields()
    out = table.drop(columns=[column for column in DERIVED.get(name, ()) if column in table.columns])
    for column in out.columns.drop("geometry"):
        values = out[column]
        if column in WORDS:
            out[column] = values.map(WORDS[column]).where(values.notna(), None)
        elif column == "kind":
            out[column] = values.map(lambda word: KINDS.get(word, word))
        elif values.dtype == bool:
            out[column] = values.map(FLAGS)
        elif column == "strata":
            out[column] = values
    titles = {column: COLUMNS.get(column, known[column].title_zh) for column in out.columns.drop("geometry")}
    ids = pd.Series(out.index.to_numpy(), index=out.index)
    out = out.rename(columns=titles)
    if LAYERS[name][1] in out.columns:
        out = out.drop(columns=LAYERS[name][1])
    out.insert(0, LAYERS[name][1], ids)
    return out.reset_index(drop=True)
