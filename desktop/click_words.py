"""Click in the language of the moment: helps are English keys that are translated when they are shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from core.texts import LANGUAGES, text

Function = TypeVar("Function", bound=Callable[..., Any])
EXAMPLES = "Examples:"


class Option(click.Option):
    """An option whose help is translated."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Name and help, as Click lists them."""
        before, self.help = self.help, text(self.help) if self.help else self.help
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = before


class Argument(click.Argument):
    """An argument whose help is translated."""

    def __init__(self, *names: Any, help: str = "", **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.key = help

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Name and help, as Click lists them."""
        return self.make_metavar(ctx), text(self.key) if self.key else ""


class _Spoken(click.Command):
    """What command and group have in common."""

    def __init__(self, *arguments: Any, examples: tuple[str, ...] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.examples = examples

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = text("Show this help.")
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The line of usage."""
        pieces = self.collect_usage_pieces(ctx)
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=text("Usage: "))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text(self.help or ""))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """All options."""
        _options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples."""
        _examples(self.examples, formatter)


class Command(_Spoken):
    """A command whose help, usage and errors are said in the language of the moment."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words; too many are said in our words."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise click.UsageError(text("Not understood: {words}.", words=" ".join(map(str, rest))), ctx)
        return rest

    def get_short_help_str(self, limit: int = 45) -> str:
        """The line in the list of commands."""
        return text(self.short_help or self.help or "")


class Group(_Spoken, click.Group):
    """The group of all commands, in the language of the moment."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """All options, then all commands."""
        _options(self, ctx, formatter)
        shown = [one for one in self.commands.values() if not one.hidden]
        with formatter.section(text("Commands")):
            formatter.write_dl([(one.name or "", one.get_short_help_str()) for one in shown])

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands in the order of the work."""
        return list(self.commands)


def option(*names: str, **settings: Any) -> Callable[[Function], Function]:
    """An option; its help is an English key."""
    return click.option(*names, cls=Option, **settings)


def argument(name: str, **settings: Any) -> Callable[[Function], Function]:
    """An argument; its help is an English key."""
    return click.argument(name, cls=Argument, **settings)


def json_option(function: Function) -> Function:
    """The options that every command has: --json and --language."""
    spoken = option(
        "--language", type=click.Choice(LANGUAGES), expose_value=False, help="Language of messages, zh or en."
    )
    return option("--json", "as_json", is_flag=True, help="Write the result as JSON.")(spoken(function))


def said(error: click.ClickException) -> str:
    """What was wrong with the words of a command."""
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return text("{name} is missing.", name=error.param.get_error_hint(error.ctx).strip("'"))
    if isinstance(error, click.BadParameter) and error.param is not None:
        name = error.param.get_error_hint(error.ctx).strip("'")
        kind = error.param.type
        if isinstance(kind, click.Choice):
            return text("{name} must be one of: {choices}.", name=name, choices=", ".join(kind.choices))
        if isinstance(kind, click.IntRange) and kind.min is not None:
            return text("{name} must be a whole number of at least {least}.", name=name, least=kind.min)
        if kind is click.INT:
            return text("{name} must be a whole number.", name=name)
    if isinstance(error, click.NoSuchOption):
        near = ", ".join(error.possibilities or ())
        if near:
            return text("There is no option {name}; did you mean {near}?", name=error.option_name, near=near)
        return text("There is no option {name}.", name=error.option_name)
    if isinstance(error, click.exceptions.NoSuchCommand):
        near = ", ".join(error.possibilities or ())
        if near:
            return text(
                "There is no command {name}; did you mean {near}?", name=error.command_name, near=near
            )
        return text("There is no command {name}.", name=error.command_name)
    if isinstance(error, click.BadOptionUsage):
        return text("{name} needs a value.", name=error.option_name)
    return error.format_message()


def _options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    for kind, title in ((click.Argument, "Arguments"), (click.Option, "Options")):
        params = [one for one in command.get_params(ctx) if isinstance(one, kind)]
        listed = [record for one in params if (record := one.get_help_record(ctx)) is not None]
        if listed:
            with formatter.section(text(title)):
                formatter.write_dl(listed)


def _examples(lines: tuple[str, ...], formatter: click.HelpFormatter) -> None:
    if lines:
        formatter.write_paragraph()
        formatter.write(f"{text(EXAMPLES)}\n\n")
        formatter.write("".join(f"  {line}\n" for line in lines))
