"""`m1doctor checks`: the list of all checks, and of the rules for training scripts."""

from __future__ import annotations

from m1doctor.cli.options import Format, FormatOption, NoColorOption
from m1doctor.cli.terminal import look_around, write_err, write_out


def checks(*, format: FormatOption = Format.TEXT, no_color: NoColorOption = False) -> None:  # noqa: A002 - the option's name
    """List every check, and every rule that `lint` judges by."""
    from m1doctor.checks.registry import load  # noqa: PLC0415 - imports every check
    from m1doctor.lint.registry import load_rules  # noqa: PLC0415 - imports every rule

    registry, broken = load()
    for sentence in broken:
        write_err(f"m1doctor: warning: {sentence}")
    if format is Format.JSON:
        from m1doctor.render.manual_document import list_as_json  # noqa: PLC0415

        write_out(list_as_json([*registry, *load_rules()]))
        return
    from m1doctor.render.manual import list_as_text  # noqa: PLC0415

    terminal = look_around(no_color=no_color)
    write_out(list_as_text([*registry, *load_rules()], width=terminal.width, colour=terminal.colour))
