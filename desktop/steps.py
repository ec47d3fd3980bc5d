"""Steps of the work: how far each one is, and in one sentence what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.texts import text
from layers.contents import CITY
from layers.project import Project
from potential import Assessment

STEPS = ("data", "demand", "potential", "plan", "results")
NEEDED = {"building": "Building footprints", "parcel": "Parcels", "weather": "Weather"}
DEMAND = "demand"


@dataclass(frozen=True)
class Step:
    """One step: `state` is done, stale or open; `next` says what to do in one sentence; `action` is what does it.

    `action` is the name of what the window offers (`import`, `check`, `demand`, `assess`, `plan`, `documents`), and
    empty where the next thing to do is the step that follows.
    """

    name: str
    state: str
    next: str
    action: str = ""


@dataclass(frozen=True)
class Standing:
    """What is known of a project: results with whether each is fresh, the plan, and whether anything was written.

    `potentials` is how many there are to assess, None where that does not matter; `documents` whether those of the plan
    were written.
    """

    made: Mapping[str, Assessment]
    fresh: Mapping[str, bool]
    plan: bool
    plan_fresh: bool
    written: bool
    potentials: int | None = None
    documents: bool = True


def steps_of(project: Project, standing: Standing) -> dict[str, Step]:
    """All steps of a project by name, in their order."""
    data = _data(project, standing)
    ready = data.state == "done"
    demand = _demand(standing, ready=ready)
    potential = _potential(standing, ready=ready)
    assessed = [fresh for name, fresh in standing.fresh.items() if name in standing.made and name != DEMAND]
    plan = _plan(standing, assessed=bool(assessed) and all(assessed))
    results = _results(standing, plan)
    return {one.name: one for one in (data, demand, potential, plan, results)}


def next_step(steps: Mapping[str, Step]) -> Step:
    """The first step with something left to do; the last one where all is done."""
    return next((one for one in steps.values() if one.state != "done"), steps[STEPS[-1]])


def is_written(folder: Path) -> bool:
    """Whether reports, documents or layers of a project were written."""
    return any(
        path.is_file() for part in ("documents", "exports", "sheets") for path in (folder / part).glob("*.*")
    )


def has_documents(folder: Path) -> bool:
    """Whether documents of the plan were written; reports of parcels are none."""
    return any((folder / "documents").glob("*.docx"))


def _data(project: Project, standing: Standing) -> Step:
    missing = [text(words) for name, words in NEEDED.items() if name not in project.sources]
    checked = standing.fresh.get(CITY, False)
    if missing:
        state = "stale" if project.sources else "open"
        return Step(
            "data",
            "done" if checked else state,
            text("Bring in what is missing: {names}.", names=text(", ").join(missing)),
            "import",
        )
    if not checked:
        return Step("data", "stale", text("Check the data: something in it is new or corrected."), "check")
    return Step("data", "done", text("The data is checked; go on to the demand of buildings."))


def _demand(standing: Standing, *, ready: bool) -> Step:
    if DEMAND not in standing.made:
        if not ready:
            return Step("demand", "open", text("The data comes first: complete and check it."))
        return Step("demand", "open", text("Compute what heat, cold and power the buildings need."), "demand")
    if not standing.fresh.get(DEMAND, False):
        return Step("demand", "stale", text("Compute the demand anew: data or settings changed."), "demand")
    return Step("demand", "done", text("The demand is known; go on to the potentials."))


def _potential(standing: Standing, *, ready: bool) -> Step:
    made = [standing.fresh.get(name, False) for name in standing.made if name != DEMAND]
    if not made:
        if not ready:
            return Step("potential", "open", text("The data comes first: complete and check it."))
        return Step(
            "potential", "open", text("Assess what sun, ground, water, air and waste heat give."), "assess"
        )
    if not all(made):
        words = text("{count} results are out of date; assess again.", count=made.count(False))
        return Step("potential", "stale", words, "assess")
    whole = len(made) if standing.potentials is None else standing.potentials
    if len(made) < whole:
        words = text(
            "{count} of {whole} potentials are assessed; the others are still to come.",
            count=len(made),
            whole=whole,
        )
        return Step("potential", "stale", words, "assess")
    return Step("potential", "done", text("The potentials are assessed; look at them, then make the plan."))


def _plan(standing: Standing, *, assessed: bool) -> Step:
    if not standing.plan:
        if not assessed:
            return Step("plan", "open", text("The potentials come first: a plan chooses among them."))
        return Step("plan", "open", text("Set targets where you have any, then make the plan."), "plan")
    if not standing.plan_fresh:
        return Step(
            "plan", "stale", text("Make the plan again: targets, decisions or results changed."), "plan"
        )
    return Step("plan", "done", text("The plan is made; fix choices, compare scenarios or write documents."))


def _results(standing: Standing, plan: Step) -> Step:
    current = all(standing.fresh.get(name, False) for name in standing.made) and plan.state != "stale"
    if not standing.written:
        if not standing.made:
            return Step("results", "open", text("Nothing to print yet: assess the potentials first."))
        if plan.state == "done":
            words = text("Write documents, map sheets, reports and layers.")
            return Step("results", "open", words, "documents")
        return Step("results", "open", text("Print parcel reports now, or make the plan first."), "report")
    if not current:
        return Step("results", "stale", text("What was written is older than the data; write it anew."), "")
    if not standing.documents:
        if plan.state == "done":
            words = text("Parcel reports are written; the documents of the plan are not yet.")
            return Step("results", "open", words, "documents")
        return Step("results", "open", text("Parcel reports are written; documents come with the plan."), "")
    return Step("results", "done", text("Reports and documents are up to date."))
