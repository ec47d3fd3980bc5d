"""Settings of the programme: years, money, what is to be least or most, and what urban buildings buy without the plan."""

from __future__ import annotations

from dataclasses import dataclass, field

from plans.indicator_inputs import IndicatorSettings

COST, CARBON, SAVING = "least_cost", "most_carbon_saved", "most_saving_per_yuan"


@dataclass(frozen=True)
class ProgrammeSettings(IndicatorSettings):
    """What the planner sets of a programme; how energy and rates are counted as `IndicatorSettings`.

    Parameters
    ----------
    objective : str
        What the choice is best in: least yearly cost, most carbon avoided, or most coal saved for every yuan a year.
    target_year : int
        Last year of the programme; 0 takes that of the table of rules.
    from_year : int
        First year of the programme; 0 takes that of the table of rules.
    budget_yuan : float or None
        Investment that may be spent in all; None sets no limit. [yuan]
    yearly_budget_yuan : float or None
        Investment that may be spent in a year; None sets no limit. [yuan]
    least_yearly_share : float or None
        Share of the whole investment that every open year is to see; None takes that of the table of rules.
    allow_unapproved : bool
        Whether options that still lack an assessment or a permit may be chosen; they count in no target even then.
    new_public_power : bool
        Whether new public buildings must have photovoltaics.
    """

    objective: str = field(default=COST, metadata={"choices": (COST, CARBON, SAVING)})
    target_year: int = field(default=0, metadata={"low": 0, "high": 2100})
    from_year: int = field(default=0, metadata={"low": 0, "high": 2100})
    budget_yuan: float | None = field(default=None, metadata={"low": 0.0, "high": 1e13})
    yearly_budget_yuan: float | None = field(default=None, metadata={"low": 0.0, "high": 1e13})
    least_yearly_share: float | None = field(default=None, metadata={"low": 0.0, "high": 0.5})
    allow_unapproved: bool = False
    new_public_power: bool = True


@dataclass(frozen=True)
class Bought:
    """Energy of urban civil buildings in the target year, without the choices of the plan.

    Parameters
    ----------
    bought_kgce : float
        What is bought. [kgce]
    replaced_kgce : float
        What renewable energy that stands already replaces. [kgce]
    """

    bought_kgce: float
    replaced_kgce: float = 0.0
