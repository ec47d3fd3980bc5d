"""The settings form: inputs for the settings of a potential, made from its dataclass and the dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as settings_of_class
from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLineEdit, QPushButton, QScrollArea, QWidget

from core.fields import Field, setting
from core.problems import Problem, UserError
from core.texts import text
from core.units import given, unit_said
from desktop.plan_words import settings_of_words
from desktop.ui.form_dialog import FormDialog, column, label
from desktop.ui.inputs import ComboBox
from desktop.ui.setting_inputs import Offered, OneOf, SeveralOf, Switches

WIDTH_PX = 680  # one line for each note

HIGHEST_PX, FOOT_PX = 720, 64  # of the dialog, and of its row of buttons

Chosen = OneOf | SeveralOf | Switches
Input = QCheckBox | QComboBox | QLineEdit | Chosen


class Settable(Protocol):
    """What has settings: a potential or a plan; its title and the dataclass of its settings."""

    @property
    def title(self) -> str:
        """What it is called, English with a translation."""

    @property
    def settings(self) -> Any:
        """The dataclass of its settings."""


class SettingsDialog(FormDialog):
    """Asks what a potential is assessed with, and why.

    Parameters
    ----------
    potential : Settable
        Whose settings they are.
    settings : object
        The settings in force, an instance of `potential.settings`.
    offered : Mapping of str to sequence of pairs
        Words of settings that stand in tables, with what they are called.
    lead : str
        What comes of a change.

    Attributes
    ----------
    answer : dict
        Settings that differ from those in force, for `operations.set_settings`; empty if none does.
    """

    def __init__(
        self,
        potential: Settable,
        settings: Any,
        parent: QWidget | None = None,
        *,
        offered: Mapping[str, Offered] | None = None,
        lead: str = "",
    ) -> None:
        super().__init__(
            text("Settings: {title}", title=text(potential.title)),
            lead or text("A change makes the assessment stale; it can be undone."),
            text("Use these settings"),
            parent,
        )
        self.setMinimumWidth(WIDTH_PX)
        self.answer: dict[str, Any] = {}
        self._settings = settings
        self._defaults = potential.settings()
        self._offered = offered or {}
        self.inputs: dict[str, Input] = {}
        for item in settings_of_class(potential.settings):
            known = setting(item.name)
            made = self._input(known, getattr(settings, item.name))
            unit = unit_said(known.unit)
            note = label(
                _note(known, getattr(self._defaults, item.name), self._offered.get(item.name, ())),
                "small",
                wraps=True,
            )
            self.inputs[item.name] = made
            self.add(f"{known.title} ({unit})" if unit else known.title, column([made, note]), made)
            made.setToolTip(known.meaning)
        self.more()
        self.why = QLineEdit()
        self.why.setPlaceholderText(text("Kept in the history, and in the reports"))
        self.add(text("Reason"), self.why)
        self.back = QPushButton(text("Back to the defaults"))
        self.back.setProperty("part", "link")
        self.back.setAutoDefault(False)
        self.back.clicked.connect(self.fill_in_defaults)
        self.form.addRow(self.back)
        self._scroll()

    def more(self) -> None:
        """What stands below the settings; a form says what."""

    def _scroll(self) -> None:
        """Let a long form scroll: it must fit on a small screen, with its buttons in view."""
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = self.layout()
        assert layout is not None  # the form dialog has made it
        layout.replaceWidget(self.body, area)
        wanted = self.body.heightForWidth(WIDTH_PX)
        area.setWidget(self.body)
        self.resize(WIDTH_PX, min(HIGHEST_PX, wanted + FOOT_PX))

    @property
    def reason(self) -> str:
        """Why, as it was given."""
        return self.why.text().strip()

    def fill_in_defaults(self) -> None:
        """Write the values of the program into the form."""
        for name, made in self.inputs.items():
            _write(made, getattr(self._defaults, name))

    def read(self) -> None:
        """Read the form into `answer`; all that is wrong is said at once."""
        problems: list[Problem] = []
        values: dict[str, Any] = {}
        for name, made in self.inputs.items():
            try:
                values[name] = _read(made, setting(name), getattr(self._defaults, name))
            except UserError as error:
                problems += error.problems
        if problems:
            raise UserError(*problems)
        replace(self._settings, **values)
        self.answer = {
            name: value for name, value in values.items() if value != getattr(self._settings, name)
        }

    def _input(self, known: Field, value: Any) -> Input:
        if known.name in self._offered:
            made = self._chosen(self._offered[known.name], getattr(self._defaults, known.name))
            _write(made, value)
            return made
        if known.type == "flag":
            box = QCheckBox(text("yes"))
            _write(box, value)
            return box
        if known.choices:
            choice = ComboBox()
            for one in known.choices:
                choice.addItem(known.shown(one), one)
            _write(choice, value)
            return choice
        line = QLineEdit()
        line.setPlaceholderText(text("as in the standards"))
        _write(line, value)
        return line

    def _chosen(self, offered: Offered, default: Any) -> Chosen:
        """The input of a setting whose words stand in tables."""
        if isinstance(default, Mapping):
            return Switches(offered)
        return SeveralOf(offered) if isinstance(default, tuple) else OneOf(offered, optional=default == "")


def _note(known: Field, default: Any, offered: Offered = ()) -> str:
    """What a setting means, its limits and its default."""
    parts = [known.meaning] if known.meaning else []
    if known.low is not None and known.high is not None:
        parts.append(f"{_plain(known.low)}–{_plain(known.high)}")
    if default is None:
        parts.append(text("empty: as in the standards"))
    elif not known.choices and known.type != "flag" and default not in ("", (), {}):
        called = dict(offered)
        words = text(", ").join(called.get(one, one) for one in default) if called else _plain(default)
        parts.append(text("default {value}", value=words))
    return " · ".join(parts)


def _write(made: Input, value: Any) -> None:
    if isinstance(made, OneOf | SeveralOf | Switches):
        made.write(value)
    elif isinstance(made, QCheckBox):
        made.setChecked(bool(value))
    elif isinstance(made, QComboBox):
        made.setCurrentIndex(made.findData(value))
    else:
        made.setText("" if value is None else _plain(value))


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{rule}:{'yes' if on else 'no'}" for rule, on in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)


def _read(made: Input, known: Field, default: Any) -> Any:
    """The value in an input; UserError where it is none or outside the limits."""
    if isinstance(made, OneOf | SeveralOf | Switches):
        return made.value
    if isinstance(made, QCheckBox):
        return made.isChecked()
    if isinstance(made, QComboBox):
        return made.currentData()
    if isinstance(default, tuple | Mapping):
        return settings_of_words([f"{known.name}={made.text()}"])[known.name]
    words = made.text().strip().replace(",", ".").replace("，", ".")
    if known.type == "text":
        return words
    if not words and default is None:
        return None
    try:
        number = float(words)
    except ValueError as error:
        raise UserError(
            Problem(
                "{title} is not a number: {words}.", "Write a number.", title=known.title, words=words or "—"
            )
        ) from error
    low, high = known.low, known.high
    if number == default:  # 0 may stand for the year of the tables
        return default
    if not (low is None or number >= low) or not (high is None or number <= high):
        raise UserError(
            Problem(
                "{title} is outside {low} to {high} {unit}.",
                "Write a number within these limits.",
                title=known.title,
                low="−∞" if low is None else given(low),
                high="∞" if high is None else given(high),
                unit=unit_said(known.unit),
            )
        )
    if known.type == "count" and number % 1:
        raise UserError(
            Problem(
                "{title} is not a whole number: {words}.",
                "Write a whole number.",
                title=known.title,
                words=words,
            )
        )
    return int(number) if known.type == "count" else number
