"""Goals of the made-up city for its plan, as a city would set them after those of the country."""

from __future__ import annotations

SOURCE = "青禾市示例目标"
YEAR = 2030
# Indicator, value and unit.
GOALS: tuple[tuple[str, float, str], ...] = (
    ("pv_capacity_added", 200.0, "MW"),
    ("geothermal_area_added", 120.0, "万m2"),
    ("renewable_substitution_rate", 15.0, "%"),
    ("retrofit_area", 60.0, "万m2"),
    ("retrofit_area_residential", 40.0, "万m2"),
    ("retrofit_area_public", 20.0, "万m2"),
    ("ultra_low_energy_area", 10.0, "万m2"),
    ("two_star_share_new", 50.0, "%"),
)
