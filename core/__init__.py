"""Fields, units, problems, jobs and texts: what every other part of Lütu is written with."""
