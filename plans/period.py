"""Years of a plan: the base year, the period that counts as new, the target year and the horizon."""

from __future__ import annotations

from dataclasses import dataclass

from standards import Taken


@dataclass(frozen=True)
class Period:
    """Years of a plan.

    Parameters
    ----------
    first_year : int
        First year of the path of energy and carbon.
    base_year : int
        Last year of the period before.
    from_year, target_year : int
        First and last year of the period; what is added in them counts as new.
    horizon_year : int
        Last year of the path.
    """

    first_year: int
    base_year: int
    from_year: int
    target_year: int
    horizon_year: int

    @property
    def years(self) -> range:
        """All years of the path."""
        return range(self.first_year, self.horizon_year + 1)


def period_of(taken: Taken, base_year: int = 0) -> Period:
    """The period of the table of rules; another base year moves the period with it.

    Parameters
    ----------
    taken : Taken
        Reads and remembers numbers.
    base_year : int
        Base year; 0 takes that of the table.
    """

    def year(case: str) -> int:
        return int(taken.number("energy_plan_rules", item="period", case=case))

    base = base_year or year("base")
    moved = base - year("base")
    return Period(
        first_year=min(year("first"), base),
        base_year=base,
        from_year=year("from") + moved,
        target_year=year("target") + moved,
        horizon_year=max(year("horizon"), year("target") + moved),
    )
