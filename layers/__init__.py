"""Given data: the city, its readers, reference systems, rasters, weather and the project that keeps them."""
