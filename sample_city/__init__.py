"""Sample city: Qinghe 青禾市, made up, for first use, tutorial, tests and benchmarks."""

from sample_city.city import SampleCity, generate
from sample_city.files import write

__all__ = ["SampleCity", "generate", "write"]
