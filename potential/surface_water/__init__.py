"""Surface water and sewage as sources of heat and cold."""
