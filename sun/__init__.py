"""The sun on a city: its sky, what stands in its way, and the light on ground, planes and walls."""
