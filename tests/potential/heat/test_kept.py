"""What shared sources found is kept in a project and comes back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from shapely.geometry import box

from core.jobs import Job
from layers import contents
from layers.project import Project
from potential import Potential
from potential.biomass.assessment import BIOMASS
from potential.records import from_record, to_record
from potential.surface_water.assessment import SURFACE_WATER
from potential.waste_heat.assessment import WASTE_HEAT
from tests.potential.heat_demand import demand_for
from tests.potential.water_town import QINGHE, facility, parcels_at, town, water


@pytest.mark.parametrize("potential", [SURFACE_WATER, WASTE_HEAT, BIOMASS], ids=lambda one: one.name)
@pytest.mark.parametrize("count", [0, 2])
def test_an_assessment_comes_back_from_a_project_as_it_went_in(
    tmp_path: Path, potential: Potential, count: int
) -> None:
    parcels = parcels_at([0, 150], settlement=["rural", "urban"])
    rows = [
        facility(400, 50, "sewage_works", sewage_m3_per_day=9e3, waste_heat_c=19.0, waste_heat_winter_c=13.0),
        facility(600, 50, "industrial_heat", waste_heat_kw=900.0, waste_heat_c=85.0),
        facility(900, 50, "biomass", residues_t_per_year=300.0),
    ]
    river = water(box(-2000, 300, 3000, 360))
    city = town(parcels, water=[river] if count else [], facility=rows if count else [])
    made = potential.assess(
        city, demand_for(parcels.index, heat_kw=90.0), potential.settings(draws=16), Job()
    )
    project = Project.create(tmp_path / "测试市", name="测试市", crs=QINGHE, facts={"province": "陕西"})
    given = contents.prepare_given(
        project.store, "parcel", parcels, contents.Origin("地块.gpkg", "d", contents.now())
    )
    project.keep(given)
    inputs = project.inputs()
    ready = contents.make_city(inputs, contents.load_given(inputs, Job()), {})
    project.keep(contents.prepare_city(project.store, ready, [], stamp=inputs.stamp, seconds=1.0))
    record = to_record(made)
    project.keep(contents.prepare_computed(project.store, record, stamp="s", seconds=0.1, spatial={"parcel"}))
    kept = contents.read_computed(project.store, potential.name)
    assert kept is not None
    again = from_record(kept)
    pd.testing.assert_frame_equal(again.parcels.astype(made.parcels.dtypes), made.parcels)
    assert {name: len(frame) for name, frame in again.details.items()} == {
        name: len(frame) for name, frame in made.details.items()
    }
    assert dict(again.totals) == dict(made.totals)
