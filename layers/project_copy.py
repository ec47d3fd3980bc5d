"""A project under another name: all its files, the store as it stands at one moment."""

from __future__ import annotations

import shutil
from pathlib import Path

from core.jobs import Job
from core.problems import Problem, UserError
from layers.export_files import make_folder
from layers.store_copy import write_copy

STORE = "city.gpkg"
APART = (
    STORE,
    f"{STORE}-journal",
    "city.lock",
    "city.new.gpkg*",
    "*.new.tif",
)  # the store, and what is half-written


def save_as(project: Path, folder: Path, job: Job) -> None:
    """Copy a project to a folder that is empty or not there, in any thread; edits may go on meanwhile.

    Nothing is left of a copy that is stopped.

    Parameters
    ----------
    project, folder : Path
        Folders of the project and of the copy.

    Raises
    ------
    UserError
        If the folder holds something, lies within the project or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(Problem("{folder} is not empty.", "Choose another folder.", folder=folder))
    if folder.resolve().is_relative_to(project.resolve()):
        raise UserError(Problem("{folder} lies within the project.", "Choose another folder.", folder=folder))

    def one(source: str, target: str) -> None:
        job.check()
        shutil.copy2(source, target)

    make_folder(folder)
    try:
        shutil.copytree(
            project, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*APART), copy_function=one
        )
        write_copy(project / STORE, folder / STORE, job)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):  # those of shutil are such
            raise UserError(
                Problem(
                    "The project cannot be copied to {folder}: {cause}.",
                    "Choose another folder, or free some space there.",
                    folder=folder,
                    cause=error,
                )
            ) from error
        raise
