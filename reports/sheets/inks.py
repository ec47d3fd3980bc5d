"""Inks of sheets: fills, hatches, lines and symbols as SVG, on the map and beside the words of the legend alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core import look
from core.look import LIGHT
from reports import svg
from reports.sheets.paper import UNITS_PER_MM

INK, MUTED, ACCENT = (LIGHT[name] for name in ("ink", "muted", "accent"))
FORBIDDEN_INK = look.GRADES["forbidden"][0]
WHITE = "#ffffff"
HATCH_MM, HATCH_LINE_MM = 1.3, 0.22
OVERLAYS = ("lines", "lines_back", "cross", "dots")  # hatches without a fill
SWATCH_MM = (8.0, 4.6)
Kind = Literal["area", "line", "point"]


@dataclass(frozen=True)
class Pen:
    """How features of one class are drawn.

    Parameters
    ----------
    kind : {"area", "line", "point"}
    colour : str
        `#rrggbb`.
    hatch : str
        `forbidden` over the fill, or one of `OVERLAYS` instead of a fill; empty for none.
    opacity : float
        Of the fill, 0 to 1.
    outline : str
        Colour of outlines of areas; empty for none.
    width_mm : float
        Of outlines and lines. [mm]
    symbol : str
        Of points: dot, square, triangle or diamond.
    dashes_mm : tuple of float
        Of lines: drawn and left out in turn; empty for a whole line. [mm]
    """

    kind: Kind
    colour: str
    hatch: str = ""
    opacity: float = 1.0
    outline: str = look.MAP_EDGE
    width_mm: float = 0.1
    symbol: str = "dot"
    dashes_mm: tuple[float, ...] = ()

    def pattern(self, unit: float = UNITS_PER_MM) -> str:
        """Id of the hatch's pattern, one for each unit, as map and legend may stand in one picture; empty for none."""
        ink = FORBIDDEN_INK if self.hatch == "forbidden" else self.colour
        return f"{self.hatch}-{ink.lstrip('#')}-{unit:g}" if self.hatch else ""

    def style(self, unit: float = UNITS_PER_MM) -> list[str]:
        """Attributes of the paths of areas and lines, one set for each time a path is drawn."""
        width = f'stroke-width="{self.width_mm * unit:g}" stroke-linejoin="round"'
        if self.kind == "line":
            dashes = " ".join(f"{length * unit:g}" for length in self.dashes_mm)
            end = f'stroke-dasharray="{dashes}"' if dashes else 'stroke-linecap="round"'
            return [f'fill="none" stroke="{self.colour}" {width} {end}']
        if self.hatch in OVERLAYS:
            return [f'fill="url(#{self.pattern(unit)})" stroke="{self.colour}" {width}']
        edge = f'stroke="{self.outline}" {width}' if self.outline else ""
        faint = f' fill-opacity="{self.opacity:g}"' if self.opacity < 1 else ""
        drawn = [f'fill="{self.colour}"{faint} fill-rule="evenodd" {edge}']
        return [*drawn, f'fill="url(#{self.pattern(unit)})"'] if self.hatch else drawn

    def swatch(self) -> str:
        """The picture of the class beside its words."""
        width, height = SWATCH_MM
        if self.kind == "point":
            parts = [symbol(width / 2, height / 2, self.symbol, self.colour)]
        elif self.kind == "line":
            ground = f'<path d="M0 0h{width:g}v{height:g}h{-width:g}z" fill="{look.MAP_GROUND}"/>'
            parts = [ground] if self.colour == WHITE else []  # it could not be seen on paper
            parts.append(f'<path d="M0.6 {height / 2:g}h{width - 1.2:g}" {self.style(1)[0]}/>')
        else:
            box = f"M0.2 0.2h{width - 0.4:g}v{height - 0.4:g}h{0.4 - width:g}z"
            parts = [f'<path d="{box}" {style}/>' for style in self.style(1)]
        defined = [defs([self], 1.0)] if self.hatch else []
        return svg.picture(width, height, [*defined, *parts])


def defs(pens: list[Pen], unit: float = UNITS_PER_MM) -> str:
    """The patterns of some pens, each once."""
    patterns = {}
    for pen in pens:
        if pen.hatch:
            ink = FORBIDDEN_INK if pen.hatch == "forbidden" else pen.colour
            name = pen.pattern(unit)
            patterns[name] = _pattern(name, pen.hatch, ink, unit)
    return f"<defs>{''.join(patterns.values())}</defs>" if patterns else ""


def _pattern(name: str, hatch: str, ink: str, unit: float) -> str:
    side, width = HATCH_MM * unit, HATCH_LINE_MM * unit
    turned = {"forbidden": 45, "lines": 45, "lines_back": -45, "cross": 45, "dots": 0}[hatch]
    stroke = f'stroke="{ink}" stroke-width="{width:g}"'
    if hatch == "dots":
        drawn = f'<circle cx="{side / 2:g}" cy="{side / 2:g}" r="{width:g}" fill="{ink}"/>'
    else:
        drawn = f'<path d="M{side / 2:g} 0v{side:g}" {stroke}/>'
        drawn += f'<path d="M0 {side / 2:g}h{side:g}" {stroke}/>' if hatch == "cross" else ""
    return (
        f'<pattern id="{name}" width="{side:g}" height="{side:g}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate({turned})">{drawn}</pattern>'
    )


def symbol(x: float, y: float, name: str, colour: str, *, size_mm: float = 1.9) -> str:
    """A symbol around a place on paper. [mm]"""
    half = size_mm / 2
    edge = 'stroke="#fff" stroke-width="0.2"'
    if name == "square":
        return svg.rectangle(x - half, y - half, size_mm, size_mm, f'fill="{colour}" {edge}')
    shapes = {
        "triangle": f"M{x:.2f} {y - half * 1.25:.2f}l{half * 1.15:.2f} {half * 2:.2f}h{-half * 2.3:.2f}z",
        "diamond": f"M{x:.2f} {y - half * 1.2:.2f}l{half * 1.2:.2f} {half * 1.2:.2f}l{-half * 1.2:.2f} "
        f"{half * 1.2:.2f}l{-half * 1.2:.2f} {-half * 1.2:.2f}z",
    }
    if name in shapes:
        return f'<path d="{shapes[name]}" fill="{colour}" {edge}/>'
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{half:.2f}" fill="{colour}" {edge}/>'
