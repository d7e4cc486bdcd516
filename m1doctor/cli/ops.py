"""`m1doctor ops`: which operations of a model have a kernel on the GPU."""

from __future__ import annotations

import math
from contextlib import ExitStack
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from m1doctor.cli.exits import Exit
from m1doctor.cli.options import NoColorOption, PageFormat, PageFormatOption
from m1doctor.cli.terminal import look_around, working_folder, write_out
from m1doctor.errors import UserError
from m1doctor.model.finding import Level
from m1doctor.settings import FailOn

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
    python: Annotated[
        str | None, typer.Option("--python", metavar="PATH", help="Trace it with the TensorFlow of this interpreter.")
    ] = None,
    site_packages: Annotated[
        str | None,
        typer.Option("--site-packages", metavar="DIR", help="The installed packages; nothing of theirs is run."),
    ] = None,
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
    limit: Annotated[
        float, typer.Option("--limit", metavar="SECONDS", help="Time limit of TensorFlow in the target.")
    ] = 120.0,
    fail_on: Annotated[
        FailOn,
        typer.Option("--fail-on", help="Level from which findings make exit status 1: no kernel is a warning."),
    ] = FailOn.ERROR,
    format: PageFormatOption = PageFormat.TEXT,  # noqa: A002 - the option's name
    no_color: NoColorOption = False,
) -> int:
    """Say which operations of a model run on the GPU, layer by layer, and which fall to the CPU.

    The model is traced by the target's TensorFlow, without its weights and without computing anything. The target is
    chosen as for diagnose. With --static or --site-packages a .keras archive is read without TensorFlow.
    """
    if not 0 < limit < math.inf:
        message = f"--limit: a number of seconds above 0 is expected, not {limit:g}"
        raise UserError(message)
    if inference and (static or site_packages is not None):
        option = "--static" if static else "--site-packages"
        message = f"{option} and --inference exclude each other: the table of layers holds both directions"
        raise UserError(message)
    terminal = look_around(no_color=no_color)
    from m1doctor.support.operations.answer import read_question  # noqa: PLC0415 - wrong usage needs none

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
    return exit_status(places, fail_on)


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
    limit: float,
    live: bool,
) -> ModelPlaces:
    """Look at the target, and ask it or the table."""
    from m1doctor.collect.examine import Depth, Progress, Silence, examine  # noqa: PLC0415
    from m1doctor.collect.runner import SystemRunner  # noqa: PLC0415
    from m1doctor.collect.target import choose_target  # noqa: PLC0415
    from m1doctor.collect.world import LiveWorld  # noqa: PLC0415
    from m1doctor.model.report import TargetKind  # noqa: PLC0415
    from m1doctor.support.operations.answer import choose_plugin, read_configuration, trace  # noqa: PLC0415

    runner = SystemRunner()
    world = LiveWorld(runner)
    target = choose_target(world, python=python, site_packages=site_packages)
    with ExitStack() as stack:
        stack.callback(runner.end)
        progress: Progress = Silence()
        if live:
            from m1doctor.cli.progress import LiveProgress  # noqa: PLC0415 - only where somebody watches

            progress = stack.enter_context(LiveProgress())
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
                limit_seconds=limit,
                tell=lambda words: progress.told("runtime", words),
            )
        finally:
            progress.finished("runtime")
