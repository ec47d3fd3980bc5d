"""The page of a shared map: folium's map with Leaflet, styles and behaviour put into the file itself."""

from __future__ import annotations

import base64
import html
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

Named = tuple[tuple[str, bool], dict[str, Any]]


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


def page(said: dict[str, Any], layers: Sequence[Named], bounds: list[list[float]]) -> str:
    """The whole HTML file.

    Parameters
    ----------
    said : dict
        Words, legends and colours, see `reports.web_map`.
    layers : sequence of ((title, shown), GeoJSON)
        From below to above.
    bounds : list
        South-west and north-east corner as latitude and longitude. [°]
    """
    figure = Figure(title=html.escape(said["title"]))
    figure.header.add_child(_element(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'))
    figure.header.add_child(_element(f"<style>{_stylesheet()}</style>"))
    figure.header.add_child(_element(f"<script>{_script()}</script>"))
    figure.header.add_child(_element("<script>const lutuSaid = {{ this.said | tojson }};</script>", said))
    chart = folium.Map(
        tiles=None, prefer_canvas=True, zoom_control=False, control_scale=False, zoom_snap=0.25
    )
    chart.default_js, chart.default_css = [], []  # folium's own are links into the network
    figure.add_child(chart)
    shapes = []
    for place, ((title, shown), data) in enumerate(layers):
        style = JsCode(f"lutuStyler(lutuSaid.layers[{place}])")
        shape = folium.GeoJson(data, name=html.escape(title), show=shown, style=style)
        shape.add_to(chart)
        shapes.append(shape.get_name())
    folium.LayerControl(collapsed=False).add_to(chart)
    chart.fit_bounds(bounds, padding=(24, 24))
    chart.add_child(_Dress(shapes))
    return str(figure.render())


def _element(template: str, said: dict[str, Any] | None = None) -> Element:
    """A piece of the head; only the words of the map are filled in, all else stays as it is."""
    if said is None:
        template = "{% raw %}" + template + "{% endraw %}"
    element = Element(template)
    element.said = said
    return element


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
