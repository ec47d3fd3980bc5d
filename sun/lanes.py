"""Steps of the shadow planes along sixteen lines at a time, written for the vector unit of the processor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 16  # lines in one vector; narrower processors split it
RANKS = 4  # ranks of cells taken in one pass, so that the shadow planes stay in registers
LINES = 1024  # lines of one block: its shadow planes stay in the second-level cache
PITCH = LINES + LANES  # from one band's shadow planes to the next, off the powers of two that caches dislike
# Of every band: fall of the plane per step, half of it, vector of beam and sky (or of beam alone), vector of
# sky alone, unit vector to the middle of the band. Before the first band stands the break height.
BAND_NUMBERS = 11

_FLOAT = ir.FloatType()
_INT = ir.IntType(64)
_VECTOR = ir.VectorType(_FLOAT, LANES)
_COUNTS = ir.VectorType(ir.IntType(32), LANES)
_BYTES = ir.VectorType(ir.IntType(8), LANES)
_FUSED = ("contract",)  # a product and a sum may be one instruction


class _Lanes:
    """What the steps below share: where their lines lie, and one band's step from rank to rank."""

    def __init__(
        self, builder: Any, starts: Any, state: Any, bands: Any, height: Any, *, sides: bool
    ) -> None:
        self.builder = builder
        self.sides = sides
        self.state = state
        self.bands = bands
        self.height = height
        self.zero = ir.Constant(_VECTOR, [0.0] * LANES)
        self.starts = [self.start(starts, rank) for rank in range(RANKS + 1)]
        if sides:
            self.places = [self.start(starts, RANKS + 1 + rank) for rank in range(RANKS)]
            self.width = self.start(starts, 2 * RANKS + 1)
        self.break_m = self.number(self.whole(0))

    def start(self, starts: Any, which: int) -> Any:
        return self.builder.load(self.builder.gep(starts, [self.whole(which)], source_etype=_INT), typ=_INT)

    def whole(self, value: int) -> Any:
        return ir.Constant(_INT, value)

    def place(self, pointer: Any, index: Any, element: Any, kind: Any) -> Any:
        return self.builder.bitcast(
            self.builder.gep(pointer, [index], source_etype=element), kind.as_pointer()
        )

    def load(self, pointer: Any, index: Any) -> Any:
        return self.builder.load(self.place(pointer, index, _FLOAT, _VECTOR), align=4)

    def store(self, value: Any, pointer: Any, index: Any) -> None:
        self.builder.store(value, self.place(pointer, index, _FLOAT, _VECTOR), align=4)

    def number(self, index: Any) -> Any:
        """One number of the band table, the same in all lanes."""
        b = self.builder
        scalar = b.load(b.gep(self.bands, [index], source_etype=_FLOAT), typ=_FLOAT)
        return self.in_all_lanes(scalar, _VECTOR)

    def in_all_lanes(self, scalar: Any, kind: Any) -> Any:
        b = self.builder
        undefined = ir.Constant(kind, ir.Undefined)
        first = b.insert_element(undefined, scalar, ir.Constant(ir.IntType(32), 0))
        return b.shuffle_vector(first, undefined, ir.Constant(_COUNTS, [0] * LANES))

    def numbers(self, band: Any, first: int, count: int) -> list[Any]:
        b = self.builder
        base = b.add(b.mul(band, self.whole(BAND_NUMBERS)), self.whole(1 + first))
        return [self.number(b.add(base, self.whole(which))) for which in range(count)]

    def enter(self, chunk: Any) -> None:
        """Read the heights of a chunk of lines at all ranks, and see where they break off."""
        b = self.builder
        self.lane = b.mul(chunk, self.whole(LANES))
        self.cells = [b.add(start, self.lane) for start in self.starts]
        heights = [self.load(self.height, cell) for cell in self.cells]
        self.heights = heights[:RANKS]
        self.breaks = [
            b.fcmp_ordered(">", b.fsub(heights[rank], heights[rank + 1]), self.break_m)
            for rank in range(RANKS)
        ]
        if self.sides:
            self.inside = [self.inside_at(place) for place in self.places]

    def inside_at(self, place: Any) -> Any:
        """Which lanes of a rank lie between the sides of the plane."""
        b = self.builder
        first = self.in_all_lanes(b.trunc(b.add(place, self.lane), ir.IntType(32)), _COUNTS)
        cells = b.add(first, ir.Constant(_COUNTS, list(range(LANES))))
        width = self.in_all_lanes(b.trunc(self.width, ir.IntType(32)), _COUNTS)
        return b.icmp_unsigned(
            "<", cells, width
        )  # what is left of the plane is negative, a very large number

    def step(self, band: Any, lit: Callable[[int, Any], None]) -> None:
        """Carry a band's shadow planes over the ranks, telling of each where its cells are lit."""
        b = self.builder
        fall, half_fall = self.numbers(band, 0, 2)
        index = b.add(b.mul(band, self.whole(PITCH)), self.lane)
        shadow = self.load(self.state, index)
        for rank in range(RANKS):
            plane = b.fsub(shadow, fall)
            reached = b.fcmp_ordered("<=", plane, self.heights[rank])
            edge = b.fadd(self.heights[rank], b.select(self.breaks[rank], half_fall, self.zero))
            carried = b.select(b.fcmp_ordered(">", plane, edge), plane, edge)
            if self.sides:
                reached = b.and_(reached, self.inside[rank])
                carried = b.select(self.inside[rank], carried, shadow)
            lit(rank, reached)
            shadow = carried
        self.store(shadow, self.state, index)

    def dot(self, rank: int, vector: list[Any], east: list[Any], north: list[Any]) -> Any:
        """The upward normal of a rank's cells times a vector."""
        b = self.builder
        level = b.fmul(east[rank], vector[0], flags=_FUSED)
        other = b.fmul(north[rank], vector[1], flags=_FUSED)
        return b.fsub(b.fsub(vector[2], level, flags=_FUSED), other, flags=_FUSED)

    def positive(self, value: Any) -> Any:
        b = self.builder
        return b.select(b.fcmp_ordered(">", value, self.zero), value, self.zero)


def _pointers(context: Any, builder: Any, kinds: Any, values: Any) -> list[Any]:
    return [
        context.make_array(kind)(context, builder, value).data
        for kind, value in zip(kinds, values, strict=True)
    ]


def _light(*, sides: bool) -> Any:
    """How light is added by vectors of lines: all of them inside the plane, or some beyond its sides.

    Numba signature `(height, east, north, total, starts, state, bands, split, count, first, last)`: carry the
    shadow planes over `RANKS` ranks and add to `total` the light of the bands that reach a cell. Planes of
    float32; `starts` the flat index of the block's first line at each rank and the next, and at `sides` also its
    place on each rank and the width of the plane; `state` and `bands` as laid out above; `split` lowest of `count`
    bands with beam and sky clipped apart; chunks `first` to `last`. At `sides` lines outside the plane keep state
    and light.
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def step(
        typing: Any, height: Any, east: Any, north: Any, total: Any, starts: Any, state: Any, bands: Any,
        split: Any, count: Any, first: Any, last: Any,
    ) -> Any:  # fmt: skip
        signature = types.void(height, east, north, total, starts, state, bands, split, count, first, last)

        def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            b = builder
            pointers = _pointers(context, b, sig.args[:7], args[:7])
            height_p, east_p, north_p, total_p, starts_p, state_p, bands_p = pointers
            split_n, count_n, first_n, last_n = args[7:]
            lanes = _Lanes(b, starts_p, state_p, bands_p, height_p, sides=sides)
            sums = [cgutils.alloca_once(b, _VECTOR) for _ in range(RANKS)]

            def add(rank: int, light: Any) -> None:
                b.store(b.fadd(b.load(sums[rank]), light), sums[rank])

            with cgutils.for_range(b, last_n, start=first_n) as chunks:
                lanes.enter(chunks.index)
                easts = [lanes.load(east_p, cell) for cell in lanes.cells[:RANKS]]
                norths = [lanes.load(north_p, cell) for cell in lanes.cells[:RANKS]]
                for rank in range(RANKS):
                    b.store(lanes.load(total_p, lanes.cells[rank]), sums[rank])
                with cgutils.for_range(b, split_n) as low:
                    numbers = lanes.numbers(low.index, 2, 9)

                    def apart(rank: int, lit: Any, numbers: list[Any] = numbers) -> None:
                        beam = lanes.positive(lanes.dot(rank, numbers[:3], easts, norths))
                        sky = lanes.dot(rank, numbers[3:6], easts, norths)
                        faced = lanes.dot(rank, numbers[6:], easts, norths)
                        ahead = b.fcmp_ordered(">", faced, lanes.zero)
                        light = b.fadd(beam, b.select(ahead, sky, lanes.zero))
                        add(rank, b.select(lit, light, lanes.zero))

                    lanes.step(low.index, apart)
                with cgutils.for_range(b, count_n, start=split_n) as high:
                    vector = lanes.numbers(high.index, 2, 3)

                    def together(rank: int, lit: Any, vector: list[Any] = vector) -> None:
                        light = lanes.positive(lanes.dot(rank, vector, easts, norths))
                        add(rank, b.select(lit, light, lanes.zero))

                    lanes.step(high.index, together)
                for rank in range(RANKS):
                    lanes.store(b.load(sums[rank]), total_p, lanes.cells[rank])
            return context.get_dummy_value()

        return signature, build

    return step


def _count(*, sides: bool) -> Any:
    """How lit bands are counted by vectors of lines: all of them inside the plane, or some beyond its sides.

    Numba signature `(height, lit_bands, starts, state, bands, count, first, last)`: as for light, with a plane of
    uint8 to write; lines outside it count none.
    """

    @intrinsic  # type: ignore[untyped-decorator]
    def step(
        typing: Any, height: Any, lit_bands: Any, starts: Any, state: Any, bands: Any, count: Any,
        first: Any, last: Any,
    ) -> Any:  # fmt: skip
        signature = types.void(height, lit_bands, starts, state, bands, count, first, last)

        def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            b = builder
            height_p, lit_p, starts_p, state_p, bands_p = _pointers(context, b, sig.args[:5], args[:5])
            count_n, first_n, last_n = args[5:]
            lanes = _Lanes(b, starts_p, state_p, bands_p, height_p, sides=sides)
            none = ir.Constant(_COUNTS, [0] * LANES)
            counts = [cgutils.alloca_once(b, _COUNTS) for _ in range(RANKS)]

            def add(rank: int, lit: Any) -> None:
                b.store(b.add(b.load(counts[rank]), b.zext(lit, _COUNTS)), counts[rank])

            with cgutils.for_range(b, last_n, start=first_n) as chunks:
                lanes.enter(chunks.index)
                for rank in range(RANKS):
                    b.store(none, counts[rank])
                with cgutils.for_range(b, count_n) as each:
                    lanes.step(each.index, add)
                for rank in range(RANKS):
                    place = lanes.place(lit_p, lanes.cells[rank], ir.IntType(8), _BYTES)
                    b.store(b.trunc(b.load(counts[rank]), _BYTES), place, align=1)
            return context.get_dummy_value()

        return signature, build

    return step


add_light, add_light_at_sides = _light(sides=False), _light(sides=True)
count_lit, count_lit_at_sides = _count(sides=False), _count(sides=True)
