"""The question, answered: the plugin's table found, the model read or traced, its operations placed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from m1doctor.collect.operations import PART, ModelKind, Question, trace_model
from m1doctor.collect.world import World
from m1doctor.errors import UnfinishedError, UserError
from m1doctor.knowledge.kernels import KernelTable, kernel_table, known_plugins
from m1doctor.knowledge.pairings import python_minor
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.operations import LayerPlaces, ModelPlaces, Source
from m1doctor.model.plugins import Plugins, Provider
from m1doctor.model.record import record
from m1doctor.model.runtime import ChildEnd, ChildOutcome
from m1doctor.support.operations import graph, layers
from m1doctor.support.operations.archive import read_archive

MAX_CHARACTERS = 300
"""Shown of an exception of the target: Keras puts a whole configuration into one line."""
MAX_GRAPH_BYTES = 2 << 30
"""Protocol buffers are never larger."""


@record(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The plugin whose kernels are meant."""

    table: KernelTable | None
    """`None` where no table is known: then only the running plugin itself can be asked."""
    why: str
    named: bool
    """Whether the user named it, so that what is installed does not count."""


def read_question(model: str, *, dtype: str | None, training: bool, cwd: Path) -> Question:
    """What `model` on the command line means. Raises `UserError` where it is nothing that can be read."""
    path, _, function = model.rpartition(":")
    if path.endswith(".py"):
        script = _existing(path, cwd)
        if not function.isidentifier():
            raise UserError(f"{model}: {function!r} is no name of a function; {path}:make_model is expected")
        return Question(kind=ModelKind.SCRIPT, path=str(script), function=function, dtype=dtype, training=training)
    found = _existing(model, cwd)
    if found.is_dir():
        if not (found / "saved_model.pb").is_file():
            raise UserError(f"{model}: a folder without a saved_model.pb in it")
        if dtype is not None:
            raise UserError("--dtype: the types of a SavedModel are part of its graph")
        if (found / "saved_model.pb").stat().st_size > MAX_GRAPH_BYTES:
            raise UserError(f"{model}: its saved_model.pb has more than {MAX_GRAPH_BYTES >> 30} GB")
        return Question(kind=ModelKind.SAVED_MODEL, path=str(found), training=training)
    if found.suffix == ".py":
        raise UserError(f"{model}: name the function that returns the model: {model}:make_model")
    if found.suffix in (".h5", ".hdf5"):
        raise UserError(f"{model}: the old HDF5 format is not read; save the model as a .keras archive")
    return Question(kind=ModelKind.KERAS, path=str(found), dtype=dtype, training=training)


def _existing(path: str, cwd: Path) -> Path:
    found = cwd / Path(path).expanduser()
    try:
        found.stat()
    except OSError as error:
        message = f"cannot read {path}: {error.strerror or error}"
        raise UserError(message) from error
    return found


def choose_plugin(named: str | None, plugins: Plugins | None, python: str | None) -> Chosen:
    """The table of the plugin that was named, else of the installed one, else of Apple's newest.

    Raises `UserError` for a named one without a table.
    """
    minor = python_minor(python) if python else None
    if named is not None:
        table = kernel_table(named, minor)
        if table is None:
            raise UserError(f"--plugin {named}: no such release; there is {', '.join(known_plugins())}")
        return Chosen(table=table, why="named by --plugin", named=True)
    for library in plugins.libraries if plugins else ():
        if library.provider is Provider.COMMUNITY:
            return Chosen(table=None, why="the community's plugin is installed, and it has no table here", named=False)
        if library.version is not None:
            return Chosen(table=kernel_table(library.version, minor), why="installed in the target", named=False)
    newest = known_plugins()[-1]
    return Chosen(table=kernel_table(newest, minor), why="none is installed: Apple's newest is meant", named=False)


def read_configuration(question: Question, chosen: Chosen, tensorflow: str | None) -> ModelPlaces:
    """The answer from the model's file alone. Raises `UserError` for what only TensorFlow can read."""
    if question.kind is not ModelKind.KERAS:
        raise UserError(f"{question.path}: only TensorFlow can read it; name a Python that has one with --python")
    if chosen.table is None:
        raise UserError(f"{chosen.why}; --plugin names a release that has one")
    archive = read_archive(Path(question.path))
    places = layers.places_of(
        archive.config,
        chosen.table,
        tensorflow=tensorflow,
        dtype=question.dtype.removeprefix("mixed_") if question.dtype else None,
        training=question.training,
    )
    if not places:
        raise UserError(f"{question.path}: its configuration names no layer")
    return _answer(
        question, chosen, source=Source.CONFIGURATION, places=places, tensorflow=tensorflow, keras=archive.keras
    )


def trace(
    world: World,
    interpreter: Interpreter,
    question: Question,
    chosen: Chosen,
    *,
    limit_seconds: float,
    tell: Callable[[str], None],
) -> ModelPlaces:
    """The answer of the target's TensorFlow: with the plugin that it loads, or else with the plugin's table.

    Raises `UserError` where the model cannot be made, and `UnfinishedError` where TensorFlow cannot be run.
    """
    if question.kind is ModelKind.KERAS:
        read_archive(Path(question.path))  # what is wrong with the archive is told in our words, before anything runs
    if interpreter.executable is None:
        raise UnfinishedError("the target's Python is not known")
    if chosen.named:
        question = _without_plugins(question)
    notes: list[str] = []
    traced = trace_model(world, interpreter.executable, question, limit_seconds=limit_seconds, tell=tell)
    if isinstance(traced, ChildOutcome) and traced.stage != PART and not question.without_plugins:
        notes.append(f"TensorFlow could not be run with its plugins ({_in_words(traced)}), so it was run without them")
        question = _without_plugins(question)
        traced = trace_model(world, interpreter.executable, question, limit_seconds=limit_seconds, tell=tell)
    if isinstance(traced, ChildOutcome):
        raise _failure(question, traced)
    if traced.gpu:
        chosen = Chosen(table=None, why="the running plugin was asked", named=False)
    elif chosen.table is None:
        raise UserError(f"{chosen.why}, and the target's TensorFlow offers no GPU to ask; try --plugin")
    return _answer(
        question,
        chosen,
        source=Source.GRAPH if question.kind is ModelKind.SAVED_MODEL else Source.TRACED,
        places=graph.places_of(traced, chosen.table),
        tensorflow=traced.tensorflow,
        keras=traced.keras,
        notes=(*notes, *traced.notes),
    )


def _without_plugins(question: Question) -> Question:
    return replace(question, without_plugins=True)


def _failure(question: Question, outcome: ChildOutcome) -> Exception:
    words = _in_words(outcome)
    if outcome.stage == PART and outcome.end is ChildEnd.RAISED:
        ways = "; --static reads it layer by layer, script.py:function makes it with classes of your own"
        return UserError(
            f"{question.path}: the model cannot be traced: {words}{ways if question.kind is ModelKind.KERAS else ''}"
        )
    return UnfinishedError(f"the target's TensorFlow cannot be asked: {words}")


def _in_words(outcome: ChildOutcome) -> str:
    if outcome.end is ChildEnd.RAISED:
        message = (outcome.exception_message or "").strip().splitlines()
        return f"{outcome.exception_type}: {message[0][:MAX_CHARACTERS]}" if message else f"{outcome.exception_type}"
    if outcome.end is ChildEnd.HUNG:
        return f"no answer in {outcome.time_limit_seconds:.0f} s"
    if outcome.signal is not None:
        return f"it died of {outcome.signal}"
    return outcome.exception_message or f"it left with status {outcome.returncode}"


def _answer(
    question: Question,
    chosen: Chosen,
    *,
    source: Source,
    places: tuple[LayerPlaces, ...],
    tensorflow: str | None,
    keras: str | None,
    notes: tuple[str, ...] = (),
) -> ModelPlaces:
    table = chosen.table
    return ModelPlaces(
        model=question.path + (f":{question.function}" if question.function else ""),
        source=source,
        plugin=table.plugin if table else None,
        plugin_why=chosen.why,
        kernels_source=table.source if table else "registered in the running TensorFlow",
        kernels_date=table.date if table else None,
        tensorflow=tensorflow,
        keras=keras,
        dtype=question.dtype,
        training=question.training and question.kind is not ModelKind.SAVED_MODEL,
        layers=places,
        notes=notes,
    )
