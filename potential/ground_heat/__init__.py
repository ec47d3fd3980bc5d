"""Heat of the ground by closed loops: fields of boreholes, their temperatures and what they can carry."""
