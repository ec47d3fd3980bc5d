"""Air-source heat pumps: the source that is everywhere, and what cold, frost, room and noise leave of it."""
