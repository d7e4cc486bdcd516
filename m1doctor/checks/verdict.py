"""The verdict: results reduced to what a person should know first."""

from __future__ import annotations

from collections.abc import Sequence

from m1doctor.checks.registry import Registry
from m1doctor.model.facts import Facts
from m1doctor.model.report import Result, SkipKind, Status, Verdict, VerdictStatus


def reach_verdict(facts: Facts, registry: Registry, results: Sequence[Result]) -> Verdict:
    """Reduce `results` to one word, one sentence and the causes.

    Causes are the warnings and errors that no other failure explains (an explained one is already skipped): errors
    first, then by stage from the machine to the result, then in the order of the report.
    """
    stage = {check.id: check.stage for check in registry}
    failures = [result for result in results if result.status.failed]
    failures.sort(key=lambda result: (result.status is not Status.ERROR, stage.get(result.id, 99)))
    causes = tuple(result.id for result in failures)
    if failures:
        first = failures[0]
        status = VerdictStatus.ERROR if first.status is Status.ERROR else VerdictStatus.WARNING
        return Verdict(status=status, headline=first.summary, causes=causes)
    undecided = _undecided(registry, results)
    if undecided is not None:
        return Verdict(status=VerdictStatus.UNKNOWN, headline=f"I don't know: {undecided}.")
    notes = [result for result in results if result.status is Status.NOTE]
    if notes:
        return Verdict(status=VerdictStatus.NOTE, headline=f"{_healthy(facts)} One remark: {notes[0].summary}")
    return Verdict(status=VerdictStatus.HEALTHY, headline=_healthy(facts))


def _undecided(registry: Registry, results: Sequence[Result]) -> str | None:
    """Why nothing can be called healthy, or `None` when it can."""
    decisive = {check.id for check in registry if check.decisive}
    for result in results:
        if result.status is Status.CRASHED:
            return f"check {result.id} itself failed ({result.reason})"
        if result.id in decisive and result.skip is SkipKind.UNKNOWN:
            return result.reason or "a fact that decides is unknown"
    if not any(result.status in (Status.PASS, Status.NOTE) for result in results):
        return "not one check could be judged"
    return None


def _healthy(facts: Facts) -> str:
    """Say what was found well, and how far the examination went."""
    tensorflow = facts.packages.find("tensorflow") if facts.packages else None
    if tensorflow is None and facts.packages:
        tensorflow = facts.packages.find("tensorflow-macos")
    name = f"TensorFlow {tensorflow.version}" if tensorflow else "This environment"
    runtime = facts.runtime
    if runtime is None:
        return f"Nothing wrong found in the files: {name} was examined without running it."
    gpus = [device.name for device in runtime.devices or () if device.kind == "GPU"]
    where = f"sees {len(gpus)} GPU and computes on it" if gpus else "runs, on the CPU"
    return f"Nothing wrong found: {name} {where}."
