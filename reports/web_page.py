"""The page of a shared map: folium's map with Leaflet, styles and behaviour put into the file itself."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template
from folium.utilities import JsCode

from core.look import LIGHT, MAP_GROUND

TEMPLATES = Path(__file__).with_name("templates")
LEAFLET = "js_lib_leaflet"
IMAGES = re.compile(r"url\(images/([\w.-]+\.png)\)")
SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
# The browser itself refuses whatever the file does not hold: nothing is asked for, nothing is told.
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"

# Where the user's words and shapes come in, after folium's templates are done: these take whatever looks like a
# template in a text for one, and would run it.
TITLE, SAID, SHAPES = "lutu-title-here", "lutu-said-here", "lutu-shapes-here"


class _Dress(MacroElement):  # type: ignore[misc]
    """The call that adds title, legend, cards and scale to the map."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        lutuDress({{ this._parent.get_name() }}, lutuSaid, [{{ this.shapes | join(", ") }}]);
        {% endmacro %}
        """
    )

    def __init__(self, shapes: Sequence[str]) -> None:
        super().__init__()
        self._name = "dress"
        self.shapes = shapes


def page(
    said: dict[str, Any], layers: Sequence[tuple[bool, dict[str, Any]]], bounds: list[list[float]]
) -> str:
    """The whole HTML file.

    Parameters
    ----------
    said : dict
        Words, legends and colours, see `reports.web_map`.
    layers : sequence of (shown, GeoJSON)
        From below to above; whether each is switched on when the map opens.
    bounds : list
        South-west and north-east corner as latitude and longitude. [°]
    """
    figure = Figure(title=TITLE)
    figure.header.add_child(_as_it_is(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'))
    figure.header.add_child(_as_it_is(f"<style>{_stylesheet()}</style>"))
    figure.header.add_child(_as_it_is(f"<script>{_script()}</script>"))
    given = f"const lutuSaid = {SAID};\nconst lutuShapes = {SHAPES};"
    figure.header.add_child(_as_it_is(f"<script>{given}</script>"))
    chart = folium.Map(
        tiles=None, prefer_canvas=True, zoom_control=False, control_scale=False, zoom_snap=0.25
    )
    chart.default_js, chart.default_css = [], []  # folium's own are links into the network
    figure.add_child(chart)
    shapes = []
    for place, (shown, _) in enumerate(layers):
        style = JsCode(f"lutuStyler(lutuSaid.layers[{place}])")
        shape = folium.GeoJson({"type": "FeatureCollection", "features": []}, show=shown, style=style)
        shape.add_to(chart)
        shapes.append(shape.get_name())
    chart.fit_bounds(bounds, padding=(24, 24))
    chart.add_child(_Dress(shapes))
    words = {
        TITLE: html.escape(said["title"]),
        SAID: _as_script(said),
        SHAPES: _as_script([data for _, data in layers]),
    }
    marks = re.compile("|".join(words))
    return marks.sub(lambda found: words[found[0]], str(figure.render()))


def _as_it_is(markup: str) -> Element:
    """A piece of the head in which nothing is filled in."""
    return Element("{% raw %}" + markup + "{% endraw %}")


def _as_script(values: Any) -> str:
    """Values as a script reads them; no text in them can end the script or begin markup."""
    written = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return written


@cache
def _script() -> str:
    leaflet = files(LEAFLET) / "static" / LEAFLET
    library = SOURCE_MAP.sub("", (leaflet / "leaflet.js").read_text(encoding="utf-8"))
    return library + (TEMPLATES / "web_map.js").read_text(encoding="utf-8")


@cache
def _stylesheet() -> str:
    leaflet = files(LEAFLET) / "static" / LEAFLET

    def picture(found: re.Match[str]) -> str:
        raw = (leaflet / "images" / found[1]).read_bytes()
        return f"url(data:image/png;base64,{base64.b64encode(raw).decode('ascii')})"

    library = IMAGES.sub(picture, (leaflet / "leaflet.css").read_text(encoding="utf-8"))
    tokens = {**LIGHT, "map-ground": MAP_GROUND}
    said = "; ".join(f"--{name}: {colour}" for name, colour in tokens.items())
    return f"{library}\n:root {{ {said} }}\n" + (TEMPLATES / "web_map.css").read_text(encoding="utf-8")
