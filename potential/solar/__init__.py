"""The sun on roofs and walls: potentials and the kernels they stand on."""
