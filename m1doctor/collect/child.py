"""One child of the target's Python: started, watched, and its report read.

The report is what `m1doctor/probes/target.py` appends to its private file: JSON lines, and between them the stacks that
faulthandler writes. A target may fork, print, close descriptors or die at any moment, so nothing here trusts the text:
what cannot be read is left out.
"""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any

from m1doctor.collect.load import LoadWatch
from m1doctor.collect.world import World
from m1doctor.knowledge.parts import Part
from m1doctor.model.reading import Reading
from m1doctor.model.record import record
from m1doctor.model.runtime import ChildEnd, ChildOutcome

IMPORT_STAGE = "import tensorflow"
OUT_OF_TIME = "SIGALRM"
"""The signal that the child arms for each part: the kernel ends it where the part takes longer than it may."""
EXIT_STAGE = "exit"
"""Announced when all stages are over and only the end of the interpreter is left."""
MAX_LINES = 20
MAX_LOG_LINES = 60
MAX_LINE_CHARACTERS = 400
MAX_STACK_FRAMES = 40
_SHELL_SIGNAL_BASE = 128
_FATAL_SIGNALS = frozenset(
    {signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGKILL, signal.SIGSEGV}
)

_FAULT_HEAD = re.compile(r"(?:Current thread|Thread) 0x[0-9a-f]+.*\(most recent call first\):")
_FAULT_FRAME = re.compile(r'\s+File "(?P<file>[^"]*)", line (?P<line>\d+|\?\?\?) in (?P<name>.*)')
_FAULT_LINE = re.compile(
    r"(?:Fatal Python error: |Timeout \(\d+:|(?:Current thread|Thread) 0x|Extension modules: |\s+File \".*\", line )"
)
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def probe_script() -> str:
    """Path of the script that the child runs, with no link in it: its folder is then what Python would search."""
    return str(Path(__file__).resolve().parents[1] / "probes" / "target.py")


@record(frozen=True, slots=True, kw_only=True)
class StageError:
    """An exception that a stage raised."""

    type: str
    message: str
    stack: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    seconds: float = 0.0


@record(frozen=True, slots=True, kw_only=True)
class ChildReport:
    """What a child told."""

    announced: tuple[str, ...] = ()
    """Stages in the order in which they began."""
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Facts by stage; of a stage that raised, those it had gathered."""
    raised: dict[str, StageError] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    """How long each stage took that came to an end."""
    stack: tuple[str, ...] = ()
    """Python frames of the main thread at a fatal signal or shortly before the limit, innermost last."""


def parse_report(text: str, script: str, *, timed_out: bool = False) -> ChildReport:
    """Read a report file. Lines of another process than the first (a fork of the child) are passed over.

    After a limit, what comes behind the stack does not count: the question where it stands may itself have woken the
    child from the system call that it hung in.
    """
    announced: list[str] = []
    answers: dict[str, dict[str, Any]] = {}
    raised: dict[str, StageError] = {}
    seconds: dict[str, float] = {}
    owner = None
    fault_lines: list[str] = []
    for line in text.splitlines():
        record = _record(line)
        if record is None:
            fault_lines.append(line)
            continue
        owner = record.get("pid") if owner is None else owner
        if record.get("pid") != owner or (timed_out and any(map(_FAULT_HEAD.match, fault_lines))):
            continue
        facts = record.get("facts")
        stage, answer, error = (record.get(key) for key in ("stage", "answer", "raised"))
        if isinstance(stage, str):
            announced.append(stage)
        elif isinstance(answer, str) and isinstance(facts, dict):
            answers[answer] = facts
            seconds[answer] = _number(record.get("seconds"))
        elif isinstance(error, str):
            raised[error] = _stage_error(record)
            seconds[error] = raised[error].seconds
            if isinstance(facts, dict):
                answers[error] = facts
    return ChildReport(
        announced=tuple(announced),
        answers=answers,
        raised=raised,
        seconds=seconds,
        stack=parse_stack(fault_lines, script),
    )


def _nothing(constant: str) -> None:
    """NaN and the infinities are no JSON and no figures: a stage that means one has none."""
    del constant


def _record(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        record = json.loads(line, parse_constant=_nothing)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _stage_error(record: dict[str, Any]) -> StageError:
    error = record.get("error")
    error = error if isinstance(error, dict) else {}
    return StageError(
        type=str(error.get("type", "Exception")),
        message=clean_text(str(error.get("message", ""))),
        stack=_texts(error.get("stack"))[-MAX_STACK_FRAMES:],
        causes=_texts(error.get("causes")),
        seconds=_number(record.get("seconds")),
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _texts(value: object) -> tuple[str, ...]:
    return tuple(clean_text(str(item)) for item in value) if isinstance(value, list) else ()


def parse_stack(lines: Sequence[str], script: str) -> tuple[str, ...]:
    """The frames that faulthandler wrote for the thread that runs `script`, innermost last, without its own.

    faulthandler lists every thread. Ours is the one that ends in the script; else the one marked current; else the
    last, which faulthandler lists first created.
    """
    threads: list[tuple[str, list[tuple[str, str]]]] = []
    for line in lines:
        if _FAULT_HEAD.match(line):
            threads.append((line, []))
        elif threads and (frame := _FAULT_FRAME.match(line)):
            file, name = frame["file"], frame["name"]
            threads[-1][1].append((file, f'File "{file}", line {frame["line"]}, in {name}'))
    if not threads:
        return ()
    ours = [frames for _, frames in threads if any(file == script for file, _ in frames)]
    current = [frames for head, frames in threads if head.startswith("Current")]
    frames = (ours or current or [threads[-1][1]])[-1]
    own = f"{Path(script).parent}/"
    told = [clean_text(text) for file, text in frames if not file.startswith((own, "<frozen importlib"))]
    return tuple(reversed(told[:MAX_STACK_FRAMES]))


def clean_text(text: str) -> str:
    """Captured text without terminal control sequences; line ends stay."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_lines(text: str, most: int) -> tuple[str, ...]:
    """The last lines that say something, without faulthandler's stacks, each cut to a readable length."""
    lines = [line.rstrip() for line in clean_text(text).splitlines()]
    told = [line for line in lines if line.strip() and not _FAULT_LINE.match(line)]
    return tuple(_cut(line) for line in told[-most:])


def _cut(line: str) -> str:
    return line if len(line) <= MAX_LINE_CHARACTERS else f"{line[: MAX_LINE_CHARACTERS - 1]}…"


@record(frozen=True, slots=True, kw_only=True)
class Child:
    """A child that has ended."""

    reading: Reading
    report: ChildReport
    limit_seconds: float
    part_limits: dict[str, float] = field(default_factory=dict)
    """Limit of each part of the work by its name, in seconds."""

    @classmethod
    def never_started(cls, reason: str) -> Child:
        """The child that there was no way to start."""
        return cls(reading=Reading(argv=(), error=reason), report=ChildReport(), limit_seconds=0.0)

    @property
    def end(self) -> ChildEnd:
        """How the process itself ended, whatever its stages said."""
        if self.reading.error is not None:
            return ChildEnd.NOT_STARTED
        if self.reading.timed_out or self.signal == OUT_OF_TIME:
            return ChildEnd.HUNG
        if self.signal is not None:
            return ChildEnd.DIED
        return ChildEnd.FINISHED if EXIT_STAGE in self.report.announced else ChildEnd.EXITED

    @property
    def signal(self) -> str | None:
        """Name of the signal that ended the process, also where a shell between us and it has turned it into 128 + n.

        Only a process that had not reached its end is believed to have died that way.
        """
        number = self.reading.signal
        status = self.reading.returncode
        if number is None and status is not None and EXIT_STAGE not in self.report.announced:
            number = status - _SHELL_SIGNAL_BASE if status - _SHELL_SIGNAL_BASE in _FATAL_SIGNALS else None
        return signal_name(number) if number is not None else None

    @property
    def last_stage(self) -> str | None:
        """The last stage that began; `None` where the child died before the first."""
        return self.report.announced[-1] if self.report.announced else None

    @property
    def last_lines(self) -> tuple[str, ...]:
        """The last lines of standard error, or of standard output where that is empty."""
        return clean_lines(self.reading.stderr, MAX_LINES) or clean_lines(self.reading.stdout, MAX_LINES)

    def died_in(self, stages: Sequence[str]) -> bool:
        """Whether the process ended in one of `stages`, or (told by ``""``) before the first."""
        return self.end is not ChildEnd.FINISHED and (self.last_stage or "") in stages

    def outcome(self, stages: Sequence[str]) -> ChildOutcome:
        """How the part of the run that consists of `stages` ended.

        The death of the process counts where it fell into the part, an exception where a stage of the part raised it.
        """
        raised = [stage for stage in stages if stage in self.report.raised]
        # An exception that ends the import comes first whatever happens to the process afterwards.
        if self.died_in(stages) and raised[:1] != [IMPORT_STAGE]:
            return self._death()
        if not raised:
            return self._good_end(stages)
        error = self.report.raised[raised[0]]
        return ChildOutcome(
            end=ChildEnd.RAISED,
            seconds=error.seconds,
            stage=raised[0],
            exception_type=error.type,
            exception_message=error.message,
            exception_causes=error.causes,
            python_stack=error.stack,
            last_lines=self.last_lines,
            time_limit_seconds=self.limit_seconds,
        )

    def _good_end(self, stages: Sequence[str]) -> ChildOutcome:
        alone = stages[0] if len(stages) == 1 else None
        return ChildOutcome(
            end=ChildEnd.FINISHED,
            stage=alone,
            seconds=self.reading.seconds if alone is None else self.report.seconds.get(alone, 0.0),
            time_limit_seconds=self.part_limits.get(alone or "", self.limit_seconds),
        )

    def _death(self) -> ChildOutcome:
        stack = self.report.stack or parse_stack(self.reading.stderr.splitlines(), probe_script())
        limit = self.part_limits.get(self.last_stage or "") if self.signal == OUT_OF_TIME else None
        return ChildOutcome(
            end=self.end,
            seconds=self.reading.seconds if limit is None else limit,
            stage=self.last_stage,
            returncode=self.reading.returncode,
            signal=None if self.end is ChildEnd.HUNG else self.signal,
            exception_message=self.reading.error,
            python_stack=stack,
            last_lines=self.last_lines,
            time_limit_seconds=self.limit_seconds if limit is None else limit,
        )


def signal_name(number: int) -> str:
    """``"SIGILL"``, or ``"signal 34"`` for one without a name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def run_child(
    world: World,
    python: str,
    stages: Sequence[str],
    *,
    parts: Sequence[Part] = (),
    limit_seconds: float,
    tell: Callable[[str], None],
    watch: LoadWatch | None = None,
    options: dict[str, Any] | None = None,
) -> Child:
    """Run `stages`, then `parts`, in a new process of `python` and wait for its end, `limit_seconds` at most.

    `tell` hears the name of each stage when it begins, `watch` also whose it is. Never raises for what the child does.
    """
    script = probe_script()
    work = [{"name": part.name, "limit_seconds": part.limit_seconds, "options": part.options} for part in parts]
    chosen = {**(options or {}), "stages": list(stages), "parts": work, "limit_seconds": limit_seconds}

    def follow(line: str) -> None:
        record = _record(line)
        if record is not None and isinstance(stage := record.get("stage"), str):
            if watch is not None and isinstance(pid := record.get("pid"), int):
                watch.begun(stage, pid)
            tell(stage)

    reading = world.run(
        # -B: the examination leaves no compiled modules in the target. No -I, -E or -s: the user's PYTHONPATH, user
        # site and start-up files are part of what is examined. faulthandler from the start: a start-up file may crash.
        (python, "-B", "-X", "faulthandler", script, json.dumps(chosen, sort_keys=True)),
        timeout=limit_seconds,
        environ=child_environment(world),
        report=follow,
    )
    return Child(
        reading=reading,
        report=parse_report(reading.report, script, timed_out=reading.timed_out),
        limit_seconds=limit_seconds,
        part_limits={part.name: part.limit_seconds for part in parts},
    )


def child_environment(world: World) -> dict[str, str]:
    """The user's environment, changed only where the examination must speak up or leave no trace."""
    environ = dict(world.environ)
    environ["TF_CPP_MIN_LOG_LEVEL"] = "0"
    # The launcher of a macOS framework build leaves it for the Python it starts, not for the target.
    environ.pop("__PYVENV_LAUNCHER__", None)
    if "KERAS_HOME" not in environ and not _has_keras_settings(world):
        # Keras writes ~/.keras/keras.json on its first import and gives up in silence where it cannot.
        environ["KERAS_HOME"] = "/dev/null/keras"
    return environ


def _has_keras_settings(world: World) -> bool:
    home = world.environ.get("HOME") or world.home  # in this order, as `~` is resolved in the child
    return home is not None and (world.root / f"{home}/.keras/keras.json".lstrip("/")).exists()
