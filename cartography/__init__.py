"""Cartography: how maps are drawn, the same for window, reports and exports; knows no Qt."""
