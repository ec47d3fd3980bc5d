"""Allocation: one choice for every parcel, at least cost under targets of the city, with a proof and the price of each."""

from plans.allocation.choices import Account, Allocation, Choices, Limit, Prices
from plans.allocation.preview import Preview, preview
from plans.allocation.solve import allocate

__all__ = ["Account", "Allocation", "Choices", "Limit", "Preview", "Prices", "allocate", "preview"]
