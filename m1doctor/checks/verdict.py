"""The verdict: results reduced to what a person should know first."""

from __future__ import annotations

from collections.abc import Sequence

from m1doctor.checks.as_locked import as_locked
from m1doctor.checks.registry import Registry
from m1doctor.checks.tensorflow_packages import tensorflow_distribution
from m1doctor.checks.testimony import is_harmless
from m1doctor.model.facts import Facts
from m1doctor.model.plugins import LinkStatus, Plugins
from m1doctor.model.profile import FEWEST_STEPS, Profile, Watch
from m1doctor.model.report import Result, SkipKind, Status, Verdict, VerdictStatus
from m1doctor.model.runtime import ChildEnd
from m1doctor.model.unknown import UnknownKind


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
    if facts.log_alone:
        return _of_a_log(facts, any(result.status is Status.NOTE for result in results))
    undecided = _undecided(facts, registry, results) or _unseen(facts.profile)
    if undecided is not None:
        return Verdict(status=VerdictStatus.UNKNOWN, headline=f"I don't know: {undecided}.")
    noted = any(result.status is Status.NOTE for result in results)
    status = VerdictStatus.NOTE if noted else VerdictStatus.HEALTHY
    return Verdict(status=status, headline=_healthy(facts, registry, results))


def _undecided(facts: Facts, registry: Registry, results: Sequence[Result]) -> str | None:
    """Why nothing can be called healthy, or `None` when it can."""
    for unknown in facts.unknown.values():
        if unknown.kind is UnknownKind.CRASHED:
            return unknown.reason
    decisive = {check.id for check in registry if check.decisive}
    for result in results:
        if result.status is Status.CRASHED:
            return f"check {result.id} itself failed ({result.reason})"
        if result.id in decisive and result.skip is SkipKind.UNKNOWN:
            return result.reason or "a fact that decides is unknown"
    if not any(result.status in (Status.PASS, Status.NOTE) for result in results):
        reasons = {result.reason for result in results}
        why = f" ({reasons.pop()})" if len(reasons) == 1 else ""
        return f"not one check could be judged{why}"
    return None


def _unseen(profile: Profile | None) -> str | None:
    """Why a watched script that shows no fault cannot be called well."""
    if profile is None or (profile.inside is not None and profile.inside.steps.count >= FEWEST_STEPS):
        return None
    if profile.inside is not None:
        return "the script took too few training steps that could be seen"
    if profile.watch is not Watch.INSIDE and profile.gpu_share is None:
        return (
            "from outside nothing is seen that holds the script back, and how loaded the GPU is cannot be read here; "
            "--inside tells more"
        )
    return None if profile.gpu_share is not None else "the script could not be observed from within"


def _runs_well(profile: Profile) -> str:
    inside = profile.inside
    if inside is None or inside.steps.median_seconds is None:
        return f"Nothing seen that holds the script back: the GPU had work {profile.gpu_share or 0.0:.0%} of the time."
    waits = f", {inside.wait_share:.0%} of the time waiting for input" if inside.wait_share is not None else ""
    return (
        f"Nothing seen that holds the script back: {inside.steps.count} steps of "
        f"{inside.steps.median_seconds * 1000:.1f} ms{waits}."
    )


def _of_a_log(facts: Facts, noted: bool) -> Verdict:  # noqa: FBT001 - read beside its only call
    """A log that names no cause proves no health; only where every line of it is known can it be called harmless."""
    log = facts.log
    assert log is not None  # noqa: S101 - `log_alone` has seen to it
    if noted:
        return Verdict(status=VerdictStatus.NOTE, headline="These lines name no cause, but something to know.")
    if is_harmless(log):
        return Verdict(
            status=VerdictStatus.HEALTHY, headline="Nothing is wrong in these lines: all of them are harmless."
        )
    if not log.lines:
        return Verdict(status=VerdictStatus.UNKNOWN, headline="I don't know: the log is empty.")
    return Verdict(
        status=VerdictStatus.UNKNOWN, headline="I don't know: these lines name no cause that m1doctor knows."
    )


def _healthy(facts: Facts, registry: Registry, results: Sequence[Result]) -> str:
    """Say what was found well, and how far the examination went."""
    if facts.profile is not None:
        return _runs_well(facts.profile)
    told = as_locked(facts, results)
    if told is not None:
        return told
    if len(results) < len(registry):
        return f"Nothing wrong found by the {len(results)} chosen of {len(registry)} checks."
    distribution = tensorflow_distribution(facts.packages) if facts.packages else None
    name = f"TensorFlow {distribution.version}" if distribution else "this environment"
    runtime = facts.runtime
    if runtime is None or runtime.outcome.end is not ChildEnd.FINISHED:
        return f"Nothing wrong found in the files: {_linked(facts.plugins, name)}. Nothing was run."
    gpus = [device.name for device in runtime.devices or () if device.kind == "GPU"]
    if not gpus:
        return f"Nothing wrong found: {name} runs, on the CPU."
    computes = " and computes on it" if runtime.matmul_device and "GPU" in runtime.matmul_device else ""
    sees = "the GPU" if len(gpus) == 1 else f"{len(gpus)} GPUs"
    return f"Nothing wrong found: {name} sees {sees}{computes}."


def _linked(plugins: Plugins | None, name: str) -> str:
    """What the files alone tell."""
    links = [
        plugin
        for plugin in (plugins.libraries if plugins else ())
        if plugin.link and plugin.link.status is LinkStatus.LINKS
    ]
    if not links:
        return f"{name} was examined"
    plugin = links[0].distributions[0] if links[0].distributions else "its plugin"
    return f"{plugin} links with {name}"
