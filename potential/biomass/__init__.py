"""Biomass as fuel of boilers."""
