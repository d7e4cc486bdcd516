"""The run of the target: one child imports TensorFlow once and tells every part as it ends.

A fresh child is started only after a death: to send the pipeline through when the matmul killed its process, and to
import TensorFlow once without its plugins when one of them seems to have ended the import.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from m1doctor.collect.child import EXIT_STAGE, IMPORT_STAGE, MAX_LOG_LINES, Child, clean_lines, run_child
from m1doctor.collect.hiding import hiding_causes
from m1doctor.collect.world import World
from m1doctor.knowledge.smoke import SmokePlan, smoke_plan
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.plugins import Plugins
from m1doctor.model.runtime import ChildEnd, ChildOutcome, Device, Runtime, ShadowingFile
from m1doctor.model.smoke import MatmulRun, PipelineRun, Smoke
from m1doctor.model.unknown import Unknown, not_applicable, not_asked

_IMPORT_STAGES = ("", "start", IMPORT_STAGE, "numpy alone")
"""The empty one stands for a death before the first stage."""
_RUNTIME_STAGES = (*_IMPORT_STAGES, "devices", "placement")
_WORDS = {
    "start": "starting the target's Python",
    IMPORT_STAGE: "importing TensorFlow",
    "numpy alone": "importing NumPy alone",
    "devices": "listing devices",
    "placement": "asking where a product runs",
    "matmul": "multiplying matrices",
    "pipeline": "running a tf.data pipeline",
    EXIT_STAGE: "leaving the target's Python",
}


def run_target(
    world: World,
    interpreter: Interpreter,
    plugins: Plugins | None,
    *,
    smoke: bool,
    limit_seconds: float,
    tell: Callable[[str], None],
) -> tuple[Runtime, Smoke | None]:
    """Run the target's Python and say what TensorFlow does in it.

    `limit_seconds` is the limit of each child; there are three at most, and none follows one that hung at work. `tell`
    hears a few words when a part begins. The smoke run is `None` where it was not asked for.
    """
    if interpreter.executable is None:
        nothing = Child.never_started("the target's executable is not known")
        return _runtime(world, interpreter, nothing, None, smoke=smoke), _smoke([nothing], smoke_plan(), asked=smoke)
    plan = smoke_plan()
    options = _options(plan)

    def child(stages: Sequence[str], words: Mapping[str, str] = _WORDS, **extra: Any) -> Child:
        return run_child(
            world,
            interpreter.executable or "",
            stages,
            limit_seconds=limit_seconds,
            tell=lambda stage: tell(words.get(stage, stage)),
            options={**options, **extra},
        )

    wanted = ["start", IMPORT_STAGE, "numpy alone", "devices", "placement"]
    first = child([*wanted, "matmul", "pipeline"] if smoke else wanted)
    children = [first]
    without_plugins = None
    if _plugin_suspected(first, plugins):
        words = {**_WORDS, IMPORT_STAGE: "importing TensorFlow without its plugins"}
        without_plugins = child([IMPORT_STAGE], words, without_plugins=True).outcome((*_IMPORT_STAGES, EXIT_STAGE))
    elif smoke and first.end in (ChildEnd.DIED, ChildEnd.EXITED) and first.died_in(("devices", "placement", "matmul")):
        children.append(child([IMPORT_STAGE, "pipeline"]))
    runtime = _runtime(world, interpreter, first, without_plugins, smoke=smoke)
    return runtime, _smoke(children, plan, asked=smoke)


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


def _options(plan: SmokePlan) -> dict[str, Any]:
    matmul = plan.matmul
    return {
        "matmul": {
            "size": matmul.size,
            "seconds": matmul.seconds,
            "most": matmul.most,
            "warm_ups": matmul.warm_ups,
            "relative": matmul.relative_tolerance,
        },
        "pipeline": {"elements": plan.pipeline.elements, "batch": plan.pipeline.batch},
    }


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


def _runtime(
    world: World, interpreter: Interpreter, child: Child, without_plugins: ChildOutcome | None, *, smoke: bool
) -> Runtime:
    start, imported, listed, placed = (
        _Facts(child.report.answers.get(stage)) for stage in ("start", IMPORT_STAGE, "devices", "placement")
    )
    stages = _RUNTIME_STAGES if smoke else (*_RUNTIME_STAGES, EXIT_STAGE)
    outcome = child.outcome(stages)
    search_path = start.texts("path")
    versions = {"python": start.text("version")} | {
        name: value if isinstance(value, str) else None for name, value in imported.mapping("versions").items()
    }
    unknown = _why_unknown(child, outcome, without_plugins)
    imports = IMPORT_STAGE in _answered(child)
    refusal = _Facts(placed.mapping("refusal"))
    return Runtime(
        outcome=outcome,
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
    ended = _in_words(outcome)
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


def _in_words(outcome: ChildOutcome) -> str:
    where = f"in the part {outcome.stage!r}" if outcome.stage else "before it ran anything"
    match outcome.end:
        case ChildEnd.NOT_STARTED:
            return f"the target's Python could not be started: {outcome.exception_message}"
        case ChildEnd.RAISED:
            return f"the target raised {outcome.exception_type} {where}"
        case ChildEnd.DIED:
            return f"the target died of {outcome.signal} {where}"
        case ChildEnd.HUNG:
            return f"the target gave no answer in {outcome.seconds:.0f} s, {where}"
        case ChildEnd.EXITED:
            return f"the target left with status {outcome.returncode} {where}"
        case ChildEnd.FINISHED:
            return "the target did not say"


def _devices(listed: _Facts) -> tuple[Device, ...] | None:
    entries = listed.mappings("devices")
    if entries is None:
        return None
    devices = []
    for entry in map(_Facts, entries):
        name, kind = entry.text("name"), entry.text("kind")
        if name is not None and kind is not None:
            details = {key: str(value) for key, value in entry.mapping("details").items()}
            devices.append(Device(name=name, kind=kind, details=details))
    return tuple(devices)


def _shadowed(imported: _Facts) -> tuple[ShadowingFile, ...]:
    found = []
    for entry in map(_Facts, imported.mappings("shadowed_here") or ()):
        module, path = entry.text("module"), entry.text("path")
        if module is not None and path is not None:
            found.append(ShadowingFile(module=module, path=path, instead_of=entry.text("instead_of")))
    return tuple(found)


def _numpy_alone(child: Child) -> str | None:
    error = child.report.raised.get("numpy alone")
    if error is not None:
        return f"{error.type}: {error.message}"
    version = _Facts(child.report.answers.get("numpy alone")).text("version")
    return f"NumPy {version} imports" if version is not None else None


def _smoke(children: Sequence[Child], plan: SmokePlan, *, asked: bool) -> Smoke | None:
    """The smoke run over the children that took part in it: the first one, and one more where that died at work."""
    if not asked:
        return None
    first, last = children[0], children[-1]
    outcomes = [first.outcome((*_RUNTIME_STAGES, "matmul", "pipeline", EXIT_STAGE))]
    if last is not first:
        outcomes.append(last.outcome((*_IMPORT_STAGES, "pipeline", EXIT_STAGE)))
    matmul = _matmul(_Facts(first.report.answers.get("matmul")), plan)
    pipeline = _pipeline(_Facts(last.report.answers.get("pipeline")))
    unknown: dict[str, Unknown] = {}
    if matmul is None:
        unknown["matmul"] = Unknown(_in_words(outcomes[0]))
    if pipeline is None:
        unknown["pipeline"] = Unknown(_in_words(outcomes[-1]))
    failed = [outcome for outcome in outcomes if outcome.end is not ChildEnd.FINISHED]
    return Smoke(
        outcome=failed[0] if failed else outcomes[0],
        matmul=matmul,
        pipeline=pipeline,
        other_outcomes=tuple(failed[1:]),
        unknown=unknown,
    )


def _matmul(facts: _Facts, plan: SmokePlan) -> MatmulRun | None:
    size, device, seconds = facts.number("size"), facts.text("device"), facts.number("seconds")
    largest = facts.number("largest_value")
    if size is None or device is None or seconds is None or largest is None:
        return None
    return MatmulRun(
        size=int(size),
        device=device,
        seconds=seconds,
        largest_error=facts.number("largest_error"),
        tolerance=plan.matmul.relative_tolerance * largest,
        largest_value=largest,
        wrong_elements=int(facts.number("wrong_elements") or 0),
    )


def _pipeline(facts: _Facts) -> PipelineRun | None:
    elements, expected = facts.number("elements"), facts.number("expected_elements")
    matches, seconds = facts.boolean("checksum_matches"), facts.number("seconds")
    if elements is None or expected is None or matches is None or seconds is None:
        return None
    return PipelineRun(
        elements=int(elements), expected_elements=int(expected), checksum_matches=matches, seconds=seconds
    )


class _Facts:
    """Typed looks into what a stage answered: a wrong type is a missing answer, since a target may write anything."""

    def __init__(self, answer: Mapping[str, Any] | None) -> None:
        self._answer = answer or {}

    def text(self, key: str) -> str | None:
        value = self._answer.get(key)
        return value if isinstance(value, str) else None

    def number(self, key: str) -> float | None:
        value = self._answer.get(key)
        return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    def boolean(self, key: str) -> bool | None:
        value = self._answer.get(key)
        return value if isinstance(value, bool) else None

    def texts(self, key: str) -> tuple[str, ...] | None:
        value = self._answer.get(key)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else None

    def mapping(self, key: str) -> dict[str, Any]:
        value = self._answer.get(key)
        return value if isinstance(value, dict) else {}

    def mappings(self, key: str) -> list[dict[str, Any]] | None:
        value = self._answer.get(key)
        return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else None
