"""Fields, units, problems, jobs and texts: what every other part of Lütu is written with."""

VERSION = "0.1.0"
