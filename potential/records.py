"""Records: assessments in the form in which a project keeps them, and back."""

from __future__ import annotations

from dataclasses import asdict
from types import MappingProxyType

from layers.contents import Computed
from potential import Assessment
from standards import Number


def to_record(assessment: Assessment) -> Computed:
    """What a project keeps of an assessment."""
    return Computed(
        name=assessment.name,
        tables={
            "parcel": assessment.parcels,
            "options": assessment.options,
            **assessment.details,
        },
        rasters=assessment.rasters,
        facts={
            "totals": dict(assessment.totals),
            "numbers": [asdict(number) for number in assessment.numbers],
            "remarks": list(assessment.remarks),
        },
    )


def from_record(record: Computed) -> Assessment:
    """The assessment a project kept."""
    details = {name: frame for name, frame in record.tables.items() if name not in ("parcel", "options")}
    return Assessment(
        name=record.name,
        parcels=record.tables["parcel"],
        options=record.tables["options"],
        details=MappingProxyType(details),
        totals=MappingProxyType(dict(record.facts["totals"])),
        rasters=MappingProxyType(dict(record.rasters)),
        numbers=tuple(Number(**number) for number in record.facts["numbers"]),
        remarks=tuple(record.facts["remarks"]),
    )
