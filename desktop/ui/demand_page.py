"""The page of demand: what buildings need in a year, and by use, and how to compute it anew."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd

from core.fields import field
from core.texts import text, word
from core.units import quantity
from desktop.addresses import Address, in_rows
from desktop.steps import DEMAND
from desktop.ui.card_parts import FactRow, button, hairline, label
from desktop.ui.data_page import Page
from desktop.ui.trace_menu import offer_trace

TOTALS = (
    "heat_kwh_per_year",
    "cold_kwh_per_year",
    "hot_water_kwh_per_year",
    "electricity_kwh_per_year",
    "final_kwh_per_year",
    "carbon_tco2_per_year",
)


class DemandPage(Page):
    """What the buildings of the city need."""

    def write(self) -> None:
        """The year of the city, then final energy by use."""
        workspace = self.workspace
        self.column.addWidget(label(text("Demand of buildings"), "title"))
        made = workspace.assessments.get(DEMAND)
        if made is None:
            words = text("Not computed yet. It needs building footprints, uses, heights and the weather.")
            self.column.addWidget(label(words, "small", wraps=True))
            self.buttons(button(text("Compute demand"), "main", partial(workspace.assess, [DEMAND])))
            return
        stale = not workspace.fresh.get(DEMAND, False)
        self.buttons(
            button(
                text("Recalculate demand"), "main" if stale else "plain", partial(workspace.assess, [DEMAND])
            ),
            button(text("Show on the map"), "plain", partial(workspace.show_result, DEMAND)),
        )
        self.column.addWidget(label(text("The city in a year"), "section"))
        for name in TOTALS:
            if name in made.totals:
                at = Address(table=DEMAND, column=name)
                self._fact(field(name).title, made.totals[name], field(name).unit, at)
        baseline = made.details.get("baseline")
        if baseline is not None and len(baseline):
            self._uses(baseline)

    def _uses(self, baseline: pd.DataFrame) -> None:
        """Final energy of the stock by use, the largest first."""
        self.column.addWidget(hairline())
        self.column.addWidget(label(text("Final energy by use"), "section"))
        by_use = baseline.groupby("use", observed=True)["final_kwh_per_year"].sum()
        for use, value in by_use.sort_values(ascending=False).items():
            rows = baseline.index[baseline["use"] == use]
            at = in_rows("baseline", list(rows))("final_kwh_per_year")
            self._fact(word(str(use)), value, "kWh/a", at)

    def _fact(self, title: str, value: Any, unit: str, at: Address) -> None:
        said = quantity(float(value), unit)
        row = FactRow(title, said)
        offer_trace(row, [(title, at)], self.workspace.trace_asked.emit, said)
        self.column.addWidget(row)
