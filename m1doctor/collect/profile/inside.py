"""What the observer in the script's process wrote: the way in, and the last line of its report as facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from m1doctor.model.profile import CompiledFunction, InputStage, Inside, Steps, TrainedModel
from m1doctor.model.unknown import Unknown

DOOR = Path(__file__).resolve().parents[2] / "probes" / "inside"
"""The folder that goes first on the script's PYTHONPATH."""
_LONGEST_LINE = 256 * 1024
"""A line is some 10 kB; two of them are always in it."""


def with_door(environ: Mapping[str, str], report: Path) -> dict[str, str]:
    """The environment in which Python brings the observer into the script; it restores PYTHONPATH by itself."""
    before = environ.get("PYTHONPATH")
    inside = {**environ, "M1DOCTOR_INSIDE": str(report)}
    inside["PYTHONPATH"] = f"{DOOR}:{before}" if before else str(DOOR)
    inside.pop("M1DOCTOR_INSIDE_PYTHONPATH", None)
    if before is not None:
        inside["M1DOCTOR_INSIDE_PYTHONPATH"] = before
    return inside


def read_inside(report: Path) -> Inside | Unknown:
    """The facts of a report, or why there are none."""
    text = _last_lines(report)
    for line in reversed(text.splitlines()):
        try:
            state = json.loads(line)
        except ValueError:
            continue  # cut off in the middle by the end of the process
        if isinstance(state, dict):
            return _inside(_State(state))
    return Unknown("the observer wrote nothing: the script was over within a second or did not import sitecustomize")


def _last_lines(report: Path) -> str:
    """The end of the report, which holds its last line whole."""
    try:
        with report.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _LONGEST_LINE))
            return file.read(_LONGEST_LINE).decode("utf-8", "replace")
    except OSError:
        return ""


def _inside(state: _State) -> Inside:
    first, last = state.number("first_step_seconds"), state.number("last_step_seconds")
    wait, devices, graph, model = (state.part(name) for name in ("wait", "devices", "graph", "model"))
    started = first is not None and last is not None
    unknown: dict[str, Unknown] = {}
    if not started:
        unknown["training_seconds"] = unknown["wait_seconds"] = Unknown("no training step was seen")
    if not devices:
        unknown["gpus"] = unknown["visible_gpus"] = Unknown("no training step was seen, and asking earlier has effects")
    return Inside(
        complete=state.flag("last"),
        versions={name: str(value) for name, value in state.part("versions").raw.items()},
        fit=_steps(state.part("fit")),
        loop=_steps(state.part("loop")),
        training_seconds=last - first if first is not None and last is not None else None,
        wait_seconds=wait.number("seconds") if started else None,
        requests=wait.whole("requests"),
        examples=wait.whole("examples") or None,
        eager_gradients=state.whole("eager_gradients"),
        eager_site=state.text("eager_site"),
        model=TrainedModel(
            class_name=model.text("class") or "?",
            optimizer=model.text("optimizer"),
            variables=model.whole("variables"),
            device=model.text("device"),
            run_eagerly=model.flag("run_eagerly"),
            jit_compile=model.flag("jit_compile"),
        )
        if model
        else None,
        gpus=devices.texts("gpus") if devices else None,
        visible_gpus=devices.texts("visible_gpus") if devices else None,
        gpu_hidden_at=state.text("gpu_hidden_at"),
        gradient_device=state.text("gradient_device"),
        graph_operations=graph.whole("operations") if graph else None,
        heavy_devices=graph.counts("heavy_devices"),
        without_gpu_kernel=graph.counts("without_gpu_kernel"),
        functions=tuple(
            CompiledFunction(
                name=each.text("name") or "?",
                site=each.text("site") or "?",
                made=each.whole("made"),
                traces=each.whole("traces"),
            )
            for each in state.parts("functions")
        ),
        stages=tuple(
            InputStage(
                name=each.text("name") or "?",
                elements=each.whole("elements"),
                busy_seconds=each.number("busy_seconds") or 0.0,
                parallelism=each.number("parallelism"),
            )
            for each in state.parts("stages")
        ),
        troubles=state.texts("troubles"),
        unknown=unknown,
    )


def _steps(state: _State) -> Steps:
    periods = state.raw.get("periods")
    return Steps(
        count=state.whole("count"),
        median_seconds=state.number("median_seconds"),
        periods=tuple(float(each) for each in periods if isinstance(each, int | float))
        if isinstance(periods, list)
        else (),
    )


class _State:
    """Typed looks into what the observer wrote: the process is the user's, and may write anything."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw

    def __bool__(self) -> bool:
        return bool(self.raw)

    def number(self, key: str) -> float | None:
        value = self.raw.get(key)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def whole(self, key: str) -> int:
        return int(self.number(key) or 0)

    def text(self, key: str) -> str | None:
        value = self.raw.get(key)
        return value if isinstance(value, str) else None

    def flag(self, key: str) -> bool:
        return self.raw.get(key) is True

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.raw.get(key)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

    def part(self, key: str) -> _State:
        value = self.raw.get(key)
        return _State(value if isinstance(value, dict) else {})

    def parts(self, key: str) -> list[_State]:
        value = self.raw.get(key)
        return [_State(item) for item in value if isinstance(item, dict)] if isinstance(value, list) else []

    def counts(self, key: str) -> dict[str, int]:
        part = self.part(key)
        return {name: part.whole(name) for name in sorted(part.raw)}
