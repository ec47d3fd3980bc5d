"""Groundwater heat pumps: wells that take water, use its heat, and give all of it back to the same aquifer."""
