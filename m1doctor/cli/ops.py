"""`m1doctor ops`: which operations of a model have a kernel on the GPU."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from m1doctor.cli.exits import Exit
from m1doctor.cli.options import (
    LimitOption,
    NoColorOption,
    PageFormat,
    PageFormatOption,
    PythonOption,
    SitePackagesOption,
)
from m1doctor.cli.terminal import look_around, working_folder, write_out
from m1doctor.cli.watching import watched
from m1doctor.errors import UserError
from m1doctor.model.finding import Level
from m1doctor.settings import FailOn, find_settings

if TYPE_CHECKING:
    from m1doctor.collect.operations import Question
    from m1doctor.model.operations import ModelPlaces


class Dtype(StrEnum):
    """What a model computes with."""

    FLOAT32 = "float32"
    FLOAT16 = "float16"
    BFLOAT16 = "bfloat16"
    FLOAT64 = "float64"
    MIXED_FLOAT16 = "mixed_float16"
    MIXED_BFLOAT16 = "mixed_bfloat16"


def ops(
    model: Annotated[
        str,
        typer.Argument(
            metavar="MODEL", help="A .keras archive, the folder of a SavedModel, or script.py:function (it is run)."
        ),
    ],
    *,
    python: PythonOption = None,
    site_packages: SitePackagesOption = None,
    static: Annotated[
        bool, typer.Option("--static", help="Read a .keras archive layer by layer; run nothing of the target.")
    ] = False,
    plugin: Annotated[
        str | None,
        typer.Option("--plugin", metavar="VERSION", help="As this tensorflow-metal does, not the installed one."),
    ] = None,
    dtype: Annotated[
        Dtype | None, typer.Option("--dtype", help="As if it computed with this type.", show_default="the model's own")
    ] = None,
    inference: Annotated[
        bool, typer.Option("--inference", help="Forward only: no gradients, no loss, no optimizer.")
    ] = False,
    limit: LimitOption = None,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            "--fail-on",
            help="Level from which findings make exit status 1: no kernel is a warning.",
            show_default="error",
        ),
    ] = None,
    format: PageFormatOption = PageFormat.TEXT,  # noqa: A002 - the option's name
    no_color: NoColorOption = False,
) -> int:
    """Say which operations of a model run on the GPU, layer by layer, and which fall to the CPU.

    The model is traced by the target's TensorFlow, without its weights and without computing anything. The target is
    chosen as for diagnose. With --static or --site-packages a .keras archive is read without TensorFlow.
    """
    if inference and (static or site_packages is not None):
        option = "--static" if static else "--site-packages"
        message = f"{option} and --inference exclude each other: the table of layers holds both directions"
        raise UserError(message)
    terminal = look_around(no_color=no_color)
    from m1doctor.support.operations.answer import read_question  # noqa: PLC0415 - wrong usage needs none

    settings = find_settings(working_folder())
    question = read_question(model, dtype=dtype.value if dtype else None, training=not inference, cwd=working_folder())
    places = _answer(
        question,
        python=python,
        site_packages=site_packages,
        plugin=plugin,
        static=static,
        limit=limit,
        live=terminal.live,
    )
    from m1doctor.render import operations as render  # noqa: PLC0415 - brings rich

    if format is PageFormat.JSON:
        write_out(render.operations_as_json(places))
    elif format is PageFormat.MARKDOWN:
        write_out(render.operations_as_markdown(places))
    else:
        write_out(
            render.operations_as_text(places, width=terminal.width, colour=terminal.colour, unicode=terminal.unicode)
        )
    return exit_status(places, fail_on or settings.fail_on or FailOn.ERROR)


def exit_status(places: ModelPlaces, fail_on: FailOn) -> Exit:
    """What falls to the CPU is a warning, a layer of which nothing is known a note."""
    levels = [Level.WARNING for layer in places.layers if layer.fallen]
    levels += [Level.NOTE for layer in places.layers if not layer.known]
    return Exit.FINDINGS if any(level.weight >= fail_on.weight for level in levels) else Exit.CLEAN


def _answer(
    question: Question,
    *,
    python: str | None,
    site_packages: str | None,
    plugin: str | None,
    static: bool,
    limit: float | None,
    live: bool,
) -> ModelPlaces:
    """Look at the target, and ask it or the table."""
    from m1doctor.collect.examine import DEFAULT_LIMIT_SECONDS, Depth, examine  # noqa: PLC0415
    from m1doctor.collect.target import choose_target  # noqa: PLC0415
    from m1doctor.model.report import TargetKind  # noqa: PLC0415
    from m1doctor.support.operations.answer import choose_plugin, read_configuration, trace  # noqa: PLC0415

    with watched(live=live) as (world, progress):
        target = choose_target(world, python=python, site_packages=site_packages)
        facts = examine(world, target, Depth(quick=True, bench=False), progress)
        version = facts.interpreter.version if facts.interpreter else None
        chosen = choose_plugin(plugin, facts.plugins, version)
        if static or target.kind is TargetKind.FOLDER:
            return read_configuration(question, chosen, facts.plugins.tensorflow_version if facts.plugins else None)
        if facts.interpreter is None:
            raise UserError("the target's Python cannot be examined; m1doctor diagnose says why")
        progress.started("runtime")
        try:
            return trace(
                world,
                facts.interpreter,
                question,
                chosen,
                limit_seconds=limit or DEFAULT_LIMIT_SECONDS,
                tell=lambda words: progress.told("runtime", words),
            )
        finally:
            progress.finished("runtime")
