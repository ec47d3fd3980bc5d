"""Options: from what every potential offers to one choice for every parcel, with the accounts of the city it adds up to."""

from plans.options.choose import choose
from plans.options.settings import CARBON, COST, SAVING, Bought, ProgrammeSettings
from plans.options.suitability import suitability

__all__ = ["CARBON", "COST", "SAVING", "Bought", "ProgrammeSettings", "choose", "suitability"]
