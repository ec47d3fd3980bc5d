"""Report pages: pages of parcel reports as pictures, for the preview, for a printer and as files; the same as in the PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from core.jobs import Job
from desktop.outputs import Results
from layers.export_files import make_folder, replacing
from reports.parcel import file_names, preview

PICTURE_DPI = 300  # of pages for a printer
FILE_DPI = 200  # of pages as files


def pages_of(
    results: Results, parcel_id: str, *, language: str, author: str = "", dots_per_inch: float
) -> list[bytes]:
    """The pages of the report of one parcel as PNG.

    Raises
    ------
    UserError
        There is no such parcel.
    """
    return preview(
        results.city,
        results.assessments,
        parcel_id,
        language=language,
        author=author,
        outdated=bool(results.stale),
        dots_per_inch=dots_per_inch,
    )


def printed_pages(
    results: Results, parcel_ids: Sequence[str], *, language: str, author: str = "", job: Job
) -> Iterator[bytes]:
    """All pages of some reports as PNG, fine enough for a printer, one at a time."""
    for one in job.each(list(parcel_ids), "Printing reports"):
        yield from pages_of(results, one, language=language, author=author, dots_per_inch=PICTURE_DPI)


def write_pictures(
    results: Results,
    parcel_ids: Sequence[str] | None,
    folder: Path,
    *,
    language: str,
    author: str = "",
    job: Job,
) -> list[Path]:
    """Write every page of some reports, or of all, as a PNG file of its own: parcel and number of the page.

    Raises
    ------
    UserError
        There is no such parcel, or the folder cannot be written to.
    """
    parcels = results.city.tables.get("parcel", pd.DataFrame())
    ids = [str(one) for one in (parcels.index if parcel_ids is None else parcel_ids)]
    make_folder(folder)
    stems = [Path(name).stem for name in file_names(ids)]
    written = []
    for one, stem in job.each(list(zip(ids, stems, strict=True)), "Writing reports"):
        made = pages_of(results, one, language=language, author=author, dots_per_inch=FILE_DPI)
        for number, page in enumerate(made, start=1):
            path = folder / f"{stem}-{number}.png"
            with replacing(path) as place:
                place.write_bytes(page)
            written.append(path)
    return written
