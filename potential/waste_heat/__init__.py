"""Waste heat of power plants, industry, data centres and incineration."""
