"""Heat and cold from boreholes: where they may stand, what the ground gives them, and for how long."""
