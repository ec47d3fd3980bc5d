"""Heat and cold from closed loops in boreholes: where they may stand, what the ground gives, and for how long."""
