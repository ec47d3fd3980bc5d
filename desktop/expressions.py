"""Expressions: which rows of a table a planner means, by a condition on its columns or by a piece of text."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.fields import Field, fields
from core.problems import Problem, UserError
from core.texts import text

Mask = NDArray[np.bool_]
SLICE = 100_000  # rows that are looked at in one go

CONDITION = re.compile(r"[<>=]|\b(?:in|and|or|not)\b")
SINGLE_SIGN = re.compile(r"""("[^"]*"|'[^']*')|(?<![<>=!])=(?!=)""")
# What a condition may be made of; no calls, no attributes, nothing that could reach beyond the table.
ALLOWED = (
    ast.Expression,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.USub,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.Compare,
    ast.Eq,
    ast.NotEq,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
    ast.In,
    ast.NotIn,
    ast.Name,
    ast.Load,
    ast.Constant,
    ast.List,
    ast.Tuple,
)


def rows_meant(frame: pd.DataFrame, words: str) -> Mask | None:
    """Rows that meet a condition or hold a piece of text; None for no words.

    Parameters
    ----------
    frame : DataFrame
        The table; its index has the ids.
    words : str
        A condition such as `pv_kwp > 100 and use == "hotel"`, with names or titles of columns and words as
        stored or as shown; anything else is looked for in ids and texts.

    Returns
    -------
    ndarray of bool, shape (rows), or None
        Missing values meet no comparison.

    Raises
    ------
    UserError
        If it reads like a condition but cannot be understood.
    """
    plain = words.strip()
    if not plain:
        return None
    read = _meeting if CONDITION.search(_with_plain_signs(plain)) else _holding
    if len(frame) <= SLICE:
        return read(frame, plain)
    # In slices, so that other threads have their turn: comparing words holds them up.
    starts = range(0, len(frame), SLICE)
    return np.concatenate([read(frame.iloc[start : start + SLICE], plain) for start in starts])


def values_meant(frame: pd.DataFrame, words: str) -> pd.Series[Any]:
    """What an expression gives for every row.

    Parameters
    ----------
    frame : DataFrame
        The table; its index has the ids.
    words : str
        A number, a word in quotes, or a calculation such as `gfa_m2 / floors_above`, with names or titles of columns;
        `//` divides and leaves decimals out.

    Returns
    -------
    Series
        On the same index; missing where a value that is needed is missing, or where something is divided by 0.

    Raises
    ------
    UserError
        If it cannot be understood.
    """
    plain = _with_plain_signs(words.strip())
    found = _evaluated(frame, plain, (*ALLOWED, ast.FloorDiv), plain)
    if np.ndim(found) == 0 and isinstance(found, str | int | float | np.number | np.str_):
        found = np.full(len(frame), found, dtype=object if isinstance(found, str) else float)
    if np.shape(found) != (len(frame),):
        raise _not_calculated(words)
    values = pd.Series(np.asarray(found), index=frame.index)
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.astype(float).where(np.isfinite(values.astype(float)))
    return values


def _meeting(frame: pd.DataFrame, words: str) -> Mask:
    """Rows that meet a condition."""
    mask = np.asarray(_evaluated(frame, _with_plain_signs(words), ALLOWED, words))
    if mask.shape != (len(frame),) or mask.dtype != np.bool_:
        raise _not_understood(words)
    return mask


def _evaluated(frame: pd.DataFrame, plain: str, allowed: tuple[type[ast.AST], ...], words: str) -> Any:
    """What an expression of allowed parts gives; `words` is how it was written."""
    refused = _not_understood if allowed is ALLOWED else _not_calculated
    index = str(frame.index.name or "")
    columns = {str(name) for name in frame.columns} | ({index} if index else set())
    try:
        tree = ast.parse(plain, mode="eval")
    except (SyntaxError, ValueError) as error:
        raise refused(words) from error
    if not all(isinstance(node, allowed) for node in ast.walk(tree)):
        raise refused(words)
    said = ast.unparse(_Translated(columns).visit(tree))
    try:
        return frame.eval(said, engine="python", parser="pandas")
    except Exception as error:
        raise refused(words) from error


def _with_plain_signs(words: str) -> str:
    """The condition with the signs of a Chinese keyboard made plain, and `=` outside quotes as `==`."""
    plain = words.translate(str.maketrans("“”‘’（），＞＜＝", "\"\"''(),><="))
    return SINGLE_SIGN.sub(lambda found: found[1] or "==", plain)


class _Translated(ast.NodeTransformer):
    """Titles become names of columns, and words as they are shown become words as they are stored."""

    def __init__(self, columns: set[str]) -> None:
        self._columns = columns
        known = fields()
        self._by_title = {
            title: name
            for name in columns
            if name in known
            for title in (known[name].title_zh, known[name].title_en)
        }

    def visit_Name(self, node: ast.Name) -> ast.AST:
        # A field goes before a column of the planner that bears its title.
        name = node.id if node.id in fields() and node.id in self._columns else self._by_title.get(node.id)
        if name is None and node.id in self._columns:
            name = node.id
        if name is None:
            raise UserError(
                Problem(
                    "There is no column {name} in this table.",
                    "Choose one of its columns; the tip of each head says its name.",
                    name=node.id,
                )
            )
        return ast.Name(name, ast.Load())

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        sides = [node.left, *node.comparators]
        known = fields().get(next((side.id for side in sides if isinstance(side, ast.Name)), ""))
        if known is not None and known.choices:
            stored = {known.shown(choice): choice for choice in known.choices}
            for side in sides:
                for part in ast.walk(side):
                    if isinstance(part, ast.Constant) and part.value in stored:
                        part.value = stored[str(part.value)]
        return node


def _not_understood(words: str) -> UserError:
    return UserError(
        Problem(
            "The condition {words} cannot be understood.",
            'Write it like height_m > 24 and use == "hotel".',
            words=words,
        )
    )


def _not_calculated(words: str) -> UserError:
    return UserError(
        Problem(
            "The calculation {words} cannot be understood.",
            'Write it like gfa_m2 / floors_above, 24 or "hotel".',
            words=words,
        )
    )


def _holding(frame: pd.DataFrame, words: str) -> Mask:
    """Rows with a piece of text in their id or in one of their texts."""
    wanted = words.casefold()
    found = np.zeros(len(frame), dtype=bool)
    texts = [frame.index.to_series(), *(frame[name] for name in frame.columns)]
    for column in texts:
        if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
            continue
        codes, kinds = pd.factorize(column)
        known = fields().get(str(column.name))
        hit = np.array([_reads(kind, known, wanted) for kind in kinds], dtype=bool)
        found |= np.append(hit, False)[codes]  # a missing value has the code -1
    return found


def _reads(value: Any, known: Field | None, wanted: str) -> bool:
    shown = known.shown(value) if known is not None and (known.choices or known.type == "phrase") else ""
    return wanted in str(value).casefold() or wanted in shown.casefold()


EXAMPLES = (
    ("height_m", "Text, or a condition: Height > 24"),
    ("far", "Text, or a condition: far > 2"),
)


def examples(columns: Collection[str]) -> str:
    """What may be written about a table, as a hint in an empty box; an example where it has a column for one."""
    said = next((words for name, words in EXAMPLES if name in columns), "Text, or a condition")
    return text(said)
