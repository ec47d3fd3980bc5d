"""The walk: what a planner does from the start page to printed pages, following only what the window says."""

from __future__ import annotations

import time
from pathlib import Path

from tests.desktop.tour.screen import REST_S, WORK_S, Guide

NAME = "Qinghe"
BUILDINGS = "建筑.shp"
SYSTEM = "EPSG:4545"
LABEL_COLUMN = "绿色建筑标"  # a Shapefile has no room for its last letter
PARCEL = "QH-0312"
BUILDING = "QH-0002-09"  # its height is missing in the files
AT_WORK_S = 3.0  # from the beginning of long work until it is seen at work


def walk(guide: Guide, files: Path, place: Path) -> Path:
    """The whole work; gives the folder of the project, which is made in `place`."""
    begin(guide, place)
    bring(guide, files)
    settle(guide)
    mend(guide)
    compute(guide)
    look(guide)
    plan(guide)
    write(guide)
    compose(guide, place / NAME)
    report(guide)
    care(guide)
    return place / NAME


def begin(guide: Guide, place: Path) -> None:
    """From the start page to an empty project at its place."""
    guide.picture("start")
    guide.click("New project…")
    guide.sees("Name of the project")
    guide.fill("Name of the project", NAME)
    guide.fill("Nearest city", "xi'an")
    guide.fill("Lies in", str(place))
    guide.rest()
    guide.picture("place")
    guide.click("Make project")
    guide.sees("Drop your files here")
    guide.rest()


def bring(guide: Guide, files: Path) -> None:
    """All files of a folder, chosen in the file dialog."""
    guide.click("Choose files…")
    guide.dialog()
    guide.write(str(files))
    guide.keys("Return")
    for _ in range(2):  # the first click closes what the dialog offers below the line
        guide.click_item("dirty")
        time.sleep(2 * REST_S)  # no double click, which would open the folder
    guide.keys("ctrl+a")
    guide.click_item("dirty", held="ctrl")  # all but the folder, wherever it stands
    time.sleep(REST_S)
    guide.picture("choose-files")
    guide.keys("alt+o")  # Return would open the folder, which was clicked last
    guide.dialog(open=False)
    guide.rest()
    guide.picture("files")


def settle(guide: Guide) -> None:
    """What every layer becomes; the one without a reference system gets it."""
    guide.click("Next")
    guide.sees(
        "Every layer becomes a table of the project. Look at the columns where something is to be decided."
    )
    guide.rest()
    guide.picture("columns")
    guide.click("Next")
    guide.sees("Decide about {names} first: press “Details…”, or take out what is not needed.")
    guide.picture("to-decide")
    guide.click(f"Details of {{layer}}|layer={BUILDINGS}")
    guide.dialog()
    guide.rest()
    guide.picture("layer")
    guide.choose("Reference system", SYSTEM, "reference-systems")
    guide.rest()
    guide.choose("Add a column of ours", "green_star")
    guide.choose("Column that holds {title}|title=green_star", LABEL_COLUMN, "column-to-match")
    guide.rest()
    guide.picture("layer-settled")
    guide.click("Import")
    guide.dialog(open=False)
    guide.rest()
    guide.picture("columns-settled")
    guide.click("Next")
    guide.sees(
        "What was found in the data. Problems can be mended in the files, or on the map later.", WORK_S
    )
    guide.rest(WORK_S)
    guide.picture("problems")
    guide.click("Next")
    guide.rest()
    guide.picture("ready")
    guide.click("Look at the map")
    guide.rest()
    guide.picture("map")


def mend(guide: Guide) -> None:
    """A missing height is found among the problems, written in, and the data is checked again."""
    guide.keys("alt+3")
    guide.click("Problems")
    guide.rest()
    guide.picture("problems-on-map")
    guide.click("Show the rows of: {problem}")
    guide.rest()
    guide.picture("rows-of-a-problem")
    find(guide, BUILDING)
    guide.picture("building")
    guide.click("Correct {title}|title=height_m")  # the card becomes a form, its height under the keys
    guide.rest()
    guide.keys("ctrl+a")
    guide.write("6.5")
    guide.picture("correction")
    guide.keys("Return")
    guide.rest()
    guide.keys("alt+1")
    guide.rest()
    guide.picture("data-changed")
    guide.click("Check data")
    guide.rest(WORK_S)
    guide.picture("data-checked")


def compute(guide: Guide) -> None:
    """Demand, then all potentials, by the buttons that lead on."""
    guide.click("Go to: {step}")
    guide.click("Compute demand")
    guide.rest(WORK_S)
    guide.picture("demand")
    guide.click("Go to: {step}")
    guide.click("Layers")
    guide.click("Assess potentials")
    time.sleep(AT_WORK_S)
    guide.picture("assessing")
    guide.rest(WORK_S)
    guide.picture("potentials")


def look(guide: Guide) -> None:
    """Themes of the map, a parcel with its card, the table with a filter, and charts."""
    guide.click("Theme of the layer")
    time.sleep(REST_S)
    guide.picture("themes")
    guide.keys("Down", "Down", "Return")
    guide.rest()
    guide.picture("theme")
    find(guide, PARCEL)
    guide.picture("parcel")
    guide.click_at(guide.found("parcel", PARCEL))
    guide.rest()
    guide.picture("clicked")
    guide.keys("F6")
    guide.rest()
    guide.picture("table")
    guide.keys("F6", "F4")
    guide.rest()
    guide.picture("charts")
    guide.keys("F4")


def plan(guide: Guide) -> None:
    """A target of the city's own, the plan, and where one of its figures comes from."""
    guide.click("Go to: {step}")
    guide.rest()
    guide.picture("plan-to-make")
    guide.click("Set a target…")
    guide.dialog()
    guide.choose("Indicator", "pv_capacity_added", "indicators")
    guide.fill("Value", "200")
    guide.choose("Unit", "MW")
    guide.fill("Source", "Energy plan of the city")
    guide.picture("target")
    guide.click("Set")
    guide.dialog(open=False)
    guide.rest()
    guide.picture("target-set")
    guide.click("Make the plan")
    time.sleep(AT_WORK_S)
    guide.picture("planning")
    guide.rest(WORK_S)
    guide.picture("planned")
    guide.click("Investment")
    guide.dialog()
    guide.rest()
    guide.picture("trace")
    guide.keys("Escape")
    guide.dialog(open=False)


def write(guide: Guide) -> None:
    """The documents of the plan with its map sheets."""
    guide.click("Go to: {step}")
    guide.rest()
    guide.picture("nothing-written")
    guide.click("Write documents…")
    guide.dialog()
    guide.click("Map sheets")
    guide.fill("Prepared by", "Planning office")
    guide.picture("documents")
    guide.click("Write")
    guide.dialog(open=False)
    time.sleep(AT_WORK_S)
    guide.picture("writing")
    guide.rest(WORK_S)
    guide.picture("written")


def compose(guide: Guide, project: Path) -> None:
    """A sheet composed by hand: previewed, saved and printed."""
    guide.keys("ctrl+shift+p")
    guide.dialog()
    guide.rest()
    guide.picture("sheet")
    guide.click("Save as PDF…")
    guide.fill("fileNameEdit", str(project / "documents" / "sheet.pdf"))
    guide.picture("save-sheet")
    guide.keys("Return")
    guide.rest(WORK_S)
    guide.click("Print…")
    guide.fill("filename", str(project / "documents" / "printed.pdf"))
    guide.picture("printer")
    guide.keys("Return")
    guide.rest(WORK_S)
    guide.picture("sent-to-printer")
    guide.click("Close")
    guide.dialog(open=False)


def report(guide: Guide) -> None:
    """The report of a parcel, and the end: what the menu offers and what the program is."""
    find(guide, PARCEL)
    guide.keys("alt+5")
    guide.rest()
    guide.picture("results")
    guide.click("Parcel reports…")
    guide.dialog()
    guide.picture("reports")
    guide.click("Print reports")
    guide.dialog(open=False)
    guide.rest(WORK_S)
    guide.picture("printed")
    guide.keys("alt+m")
    time.sleep(REST_S)
    guide.picture("menu")
    guide.click_item("About Lütu")
    guide.dialog()
    guide.picture("about")
    guide.keys("Escape")
    guide.dialog(open=False)


ASKED = (  # what is asked over the window: its menu, its entry, and the name of its picture
    ("Project", "Save as…", "save-as"),
    ("Project", "Project settings…", "project-settings"),
    ("Project", "Copies of the project…", "copies"),
    ("Print and export", "Export…", "export"),
    ("Selecting", "Select by a condition…", "condition"),
    ("Map", "Views of the map…", "views"),
    ("Map", "Base map…", "base-map"),
    ("Map", "Save the map as a picture…", "map-picture"),
)
BESIDE = (  # what stands beside the window
    ("Data", "PV systems that exist…", "pv-systems"),
    ("Data", "Standards…", "standards"),
    ("Potentials and plan", "All scenarios…", "scenarios"),
    ("Potentials and plan", "Lists of the plan…", "lists"),
    ("Print and export", "Preview documents…", "document-preview"),
    ("Print and export", "Preview parcel reports…", "report-preview"),
    ("", "This machine…", "machine"),
)


def care(guide: Guide) -> None:
    """What else the menu leads to, each looked at and closed again."""
    for menu, entry, name in ASKED:
        guide.menu(menu, entry)
        guide.dialog()
        guide.rest()
        guide.picture(name)
        guide.keys("Escape")
        guide.dialog(open=False)
    for menu, entry, name in BESIDE:
        guide.menu(menu, entry)
        guide.rest()
        guide.beside()
        guide.picture(name)
        guide.keys("Escape")
        guide.beside(open=False)


def find(guide: Guide, name: str) -> None:
    """Search for a parcel or a building and go there."""
    guide.keys("ctrl+k")
    guide.write(name)
    time.sleep(REST_S)
    guide.keys("Return")
    guide.rest()
