"""The run of the target: one child imports TensorFlow once and tells every stage and every part of the work as it ends.

A fresh child is started only after a death: for the parts that were still to come, and to import TensorFlow once
without its plugins when one of them seems to have ended the import.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from m1doctor.collect.answer import Answer
from m1doctor.collect.child import EXIT_STAGE, IMPORT_STAGE, MAX_LOG_LINES, Child, clean_lines, run_child
from m1doctor.collect.hiding import hiding_causes
from m1doctor.collect.load import LoadWatch
from m1doctor.collect.work import Work, in_words
from m1doctor.collect.world import World
from m1doctor.knowledge.parts import Part
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.plugins import Plugins
from m1doctor.model.runtime import ChildEnd, ChildOutcome, Device, Runtime, ShadowingFile
from m1doctor.model.unknown import Unknown, not_applicable, not_asked

BASE_STAGES = ("start", IMPORT_STAGE, "numpy alone", "devices", "placement")
"""What the first child does before the parts of the work."""
_IMPORT_STAGES = ("", "start", IMPORT_STAGE, "numpy alone")
"""The empty one stands for a death before the first stage."""
_WORDS = {
    "start": "starting the target's Python",
    IMPORT_STAGE: "importing TensorFlow",
    "numpy alone": "importing NumPy alone",
    "devices": "listing devices",
    "placement": "asking where a product runs",
    EXIT_STAGE: "leaving the target's Python",
}


def run_target(
    world: World,
    interpreter: Interpreter,
    plugins: Plugins | None,
    *,
    parts: Sequence[Part],
    limit_seconds: float,
    tell: Callable[[str], None],
) -> tuple[Runtime, dict[str, Any]]:
    """Run the target's Python and say what TensorFlow does in it: the runtime, and the sections that `parts` fill.

    `limit_seconds` is the limit of each child. `tell` hears a few words when a stage begins.
    """
    if interpreter.executable is None:
        nothing = Child.never_started("the target's executable is not known")
        work = Work(parts, nothing)
        return _runtime(world, interpreter, work, None), work.sections(None)
    watch = LoadWatch(world, frozenset(part.name for part in parts))
    words = {**_WORDS, **{part.name: part.words for part in parts}}

    def child(stages: Sequence[str], parts: Sequence[Part] = (), **extra: Any) -> Child:
        return run_child(
            world,
            interpreter.executable or "",
            stages,
            parts=parts,
            limit_seconds=limit_seconds,
            tell=lambda stage: tell(words.get(stage, stage)),
            watch=watch,
            options=extra,
        )

    first = child(BASE_STAGES, parts)
    without_plugins = None
    if _plugin_suspected(first, plugins):
        words[IMPORT_STAGE] = "importing TensorFlow without its plugins"
        without_plugins = child([IMPORT_STAGE], without_plugins=True).outcome((*_IMPORT_STAGES, EXIT_STAGE))
    work = Work(parts, first)
    work.go_on(
        lambda left: child([IMPORT_STAGE, "devices"] if any(part.on_device for part in left) else [IMPORT_STAGE], left)
    )
    return _runtime(world, interpreter, work, without_plugins), work.sections(watch.end())


def with_reported_macos(interpreter: Interpreter, runtime: Runtime) -> Interpreter:
    """The interpreter with what its own `platform.mac_ver()` said when it ran."""
    unknown = {name: reason for name, reason in interpreter.unknown.items() if name != "reported_macos"}
    if runtime.mac_version:
        return replace(interpreter, reported_macos=runtime.mac_version, unknown=unknown)
    if runtime.mac_version is None:
        unknown["reported_macos"] = Unknown("the target's Python did not come as far as to say it")
    else:
        unknown["reported_macos"] = not_applicable("the target's Python does not run on macOS")
    return replace(interpreter, reported_macos=None, unknown=unknown)


def _plugin_suspected(child: Child, plugins: Plugins | None) -> bool:
    """Whether the import came to a bad end in or near a plugin, so that it is worth doing without them."""
    if plugins is None or not plugins.libraries or IMPORT_STAGE in _answered(child):
        return False
    if IMPORT_STAGE not in child.report.announced:
        return False
    outcome = child.outcome(_IMPORT_STAGES)
    texts = (*outcome.python_stack, outcome.exception_message or "", *outcome.exception_causes)
    if any("load_library" in text or "tensorflow-plugins" in text for text in texts):
        return True
    return outcome.end in (ChildEnd.DIED, ChildEnd.EXITED) and not outcome.python_stack


def _answered(child: Child) -> set[str]:
    return set(child.report.answers) - set(child.report.raised)


def _runtime(world: World, interpreter: Interpreter, work: Work, without_plugins: ChildOutcome | None) -> Runtime:
    child, ends = work.children[0], work.ends()
    start, imported, listed, placed = (
        Answer(child.report.answers.get(stage)) for stage in ("start", IMPORT_STAGE, "devices", "placement")
    )
    outcome = child.outcome(("", *BASE_STAGES) if ends else ("", *BASE_STAGES, EXIT_STAGE))
    search_path = start.texts("path")
    versions = {"python": start.text("version")} | {
        name: value if isinstance(value, str) else None for name, value in imported.mapping("versions").items()
    }
    unknown = _why_unknown(child, outcome, without_plugins)
    imports = IMPORT_STAGE in _answered(child)
    refusal = Answer(placed.mapping("refusal"))
    return Runtime(
        outcome=outcome,
        parts=ends,
        import_seconds=imported.number("seconds") if imports else None,
        bytecode_cached=imported.boolean("bytecode_cached"),
        versions={name: value for name, value in versions.items() if value is not None},
        tensorflow_file=imported.text("file"),
        executable=start.text("executable"),
        prefix=start.text("prefix"),
        base_prefix=start.text("base_prefix"),
        machine=start.text("machine"),
        mac_version=start.text("mac_version"),
        search_path=search_path,
        user_site=start.text("user_site"),
        devices=_devices(listed),
        visible_devices=listed.texts("visible"),
        hidden_by=hiding_causes(world, interpreter, search_path),
        shadowed_here=_shadowed(imported),
        matmul_device=placed.text("device"),
        matmul_requested=placed.text("requested"),
        matmul_refusal=refusal.text("message"),
        without_plugins=without_plugins,
        numpy_alone=_numpy_alone(child),
        log_lines=clean_lines(child.reading.stderr, MAX_LOG_LINES),
        unknown=unknown,
    )


def _why_unknown(child: Child, outcome: ChildOutcome, without_plugins: ChildOutcome | None) -> dict[str, Unknown]:
    """A reason for each fact of the run that is missing."""
    answered = _answered(child)
    ended = in_words(outcome)
    unknown: dict[str, Unknown] = {}
    if "start" not in answered:
        unknown |= dict.fromkeys(
            ("executable", "prefix", "base_prefix", "machine", "mac_version", "search_path"), Unknown(ended)
        )
    if IMPORT_STAGE not in answered:
        unknown |= dict.fromkeys(("import_seconds", "bytecode_cached", "tensorflow_file"), Unknown(ended))
    if "devices" not in answered:
        unknown |= dict.fromkeys(("devices", "visible_devices"), Unknown(ended))
    if "placement" not in answered:
        unknown |= dict.fromkeys(("matmul_device", "matmul_requested"), Unknown(ended))
    if without_plugins is None:
        unknown["without_plugins"] = not_asked("no plugin is suspected of ending the import")
    if "numpy alone" not in child.report.announced:
        unknown["numpy_alone"] = not_asked("NumPy is imported by itself only after an import that raised")
    return unknown


def _devices(listed: Answer) -> tuple[Device, ...] | None:
    entries = listed.mappings("devices")
    if entries is None:
        return None
    devices = []
    for entry in map(Answer, entries):
        name, kind = entry.text("name"), entry.text("kind")
        if name is not None and kind is not None:
            details = {key: str(value) for key, value in entry.mapping("details").items()}
            devices.append(Device(name=name, kind=kind, details=details))
    return tuple(devices)


def _shadowed(imported: Answer) -> tuple[ShadowingFile, ...]:
    found = []
    for entry in map(Answer, imported.mappings("shadowed_here") or ()):
        module, path = entry.text("module"), entry.text("path")
        if module is not None and path is not None:
            found.append(ShadowingFile(module=module, path=path, instead_of=entry.text("instead_of")))
    return tuple(found)


def _numpy_alone(child: Child) -> str | None:
    error = child.report.raised.get("numpy alone")
    if error is not None:
        return f"{error.type}: {error.message}"
    version = Answer(child.report.answers.get("numpy alone")).text("version")
    return f"NumPy {version} imports" if version is not None else None
