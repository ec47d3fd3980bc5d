"""Open planes: what the sun of a typical year gives on planes without shade, by tilt and direction."""

from __future__ import annotations

import pandas as pd

from core.texts import text
from layers.city import City
from plans import Part
from plans.figures import Figure, Figures
from potential.solar.pv_yield import Sun
from standards import Taken

SOUTH, EAST, WEST, NORTH = 180.0, 90.0, 270.0, 0.0
UPRIGHT = 90.0
TILTS = (10.0, 20.0, 30.0, 40.0, 50.0)
STEEPEST = 60  # the best plane to the south lies flatter everywhere in China
WALLS = {
    SOUTH: "Wall to the south",
    EAST: "Wall to the east",
    WEST: "Wall to the west",
    NORTH: "Wall to the north",
}
WH_PER_KWH = 1000.0
YEARLY = "kWh/(m² a)"


def open_planes(city: City) -> Part:
    """Irradiation of planes without shade in a typical year, after pvlib's Perez model.

    Parameters
    ----------
    city : City
        Its weather; nothing is known without.

    Returns
    -------
    Part
        Table `sun_plane` (a plane a row: tilt and direction [°], irradiation [kWh/(m² a)], over that of the level [-]);
        figures `climate.best_tilt` [°] and `climate.best_plane` [kWh/(m² a)], of planes to the south.
    """
    if city.weather is None:
        return Part()
    taken = Taken(city.standards)
    albedo = taken.parameter("ground_reflectance", "built-up area")
    sun = Sun(city.weather)

    def light(tilt: float, turn: float) -> float:
        parts = sun.irradiance(tilt, turn, albedo)
        return float((parts["beam"] + parts["sky"] + parts["ground"]).sum()) / WH_PER_KWH

    south = {float(tilt): light(float(tilt), SOUTH) for tilt in range(STEEPEST + 1)}
    best = max(south, key=lambda tilt: south[tilt])
    planes = [(text("The level"), 0.0, SOUTH, city.weather.ghi_kwh_per_m2_year)]
    for tilt in sorted({*TILTS, best}):
        name = "Best plane to the south" if tilt == best else "Plane to the south"
        planes.append((text(name), tilt, SOUTH, south[tilt]))
    planes += [(text(name), UPRIGHT, turn, light(UPRIGHT, turn)) for turn, name in WALLS.items()]
    level = planes[0][-1]
    table = pd.DataFrame(
        [(*plane, plane[-1] / level) for plane in planes],
        columns=["plane_name", "plane_tilt_deg", "plane_azimuth_deg", "plane_kwh_per_m2", "plane_over_level"],
        index=pd.RangeIndex(1, len(planes) + 1, name="sun_plane_id"),
    )
    numbers = tuple(taken.used)
    formula = "largest of the planes to the south in steps of one degree, without shade"
    figures = [
        Figure(
            "climate.best_tilt", "Tilt of the best plane to the south", best, "°", formula,
            ("climate.ghi",), numbers, digits=2,
        ),
        Figure(
            "climate.best_plane", "Irradiation of the best plane to the south", south[best], YEARLY, formula,
            ("climate.ghi",), numbers,
        ),
    ]  # fmt: skip
    return Part({"sun_plane": table}, Figures.of(figures), numbers)
