"""Demand: what buildings need of heat, cold, hot water and power."""
