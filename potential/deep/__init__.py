"""Medium-deep geothermal: doublets that return all water, closed coaxial wells, and heat used in a cascade."""
