"""From facts to a report: judge, reach the verdict, and say what m1doctor itself could not do."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from m1doctor import __version__
from m1doctor.checks.engine import judge
from m1doctor.checks.registry import Registry
from m1doctor.checks.selection import Selection, is_note_of_choice
from m1doctor.checks.verdict import reach_verdict
from m1doctor.model.facts import Facts
from m1doctor.model.report import Lock, Report, Target
from m1doctor.model.unknown import UnknownKind

if TYPE_CHECKING:
    from m1doctor.locks.installed import LockOutcome

LARGEST_REPORT_BYTES = 64 * 2**20
"""A report of a full TensorFlow environment takes well under a hundredth of this."""


def now() -> datetime:
    """The current time, in UTC."""
    return datetime.now(UTC)


def make_report(
    facts: Facts,
    target: Target,
    registry: Registry,
    selection: Selection,
    *,
    notes: tuple[str, ...] = (),
    broken: tuple[str, ...] = (),
    lock: Lock | None = None,
    replay_of: str | None = None,
    clock: Callable[[], datetime] = now,
) -> Report:
    """Judge `facts` and put everything together.

    `notes` are remarks on the examination, told after those on the selection. `broken` says which third-party checks
    could not be loaded.
    """
    results = judge(facts, registry, selected=selection.__contains__)
    crashed = tuple(unknown.reason for unknown in facts.unknown.values() if unknown.kind is UnknownKind.CRASHED)
    return Report(
        m1doctor_version=__version__,
        created=clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        target=target,
        facts=facts,
        results=results,
        verdict=reach_verdict(facts, registry, results),
        notes=(*selection.notes, *notes),
        failures=(*broken, *crashed),
        lock=lock,
        replay_of=replay_of,
    )


def judge_again(
    report: Report,
    registry: Registry,
    selection: Selection,
    *,
    broken: tuple[str, ...] = (),
    clock: Callable[[], datetime] = now,
) -> Report:
    """Judge the facts of an earlier report: the same facts give the same results on any machine.

    A check that was judged then keeps the seconds that it took there, as the facts keep theirs, and one that is new
    has none: the document has no clock of this machine in it.
    The target, the lock and the remarks are those of the machine that was examined; only the remarks on the choice of
    checks are this run's own.
    """
    kept = tuple(note for note in report.notes if not is_note_of_choice(note))
    again = make_report(
        report.facts,
        report.target,
        registry,
        selection,
        notes=kept,
        broken=broken,
        lock=report.lock,
        replay_of=report.replay_of or report.created,
        clock=clock,
    )
    seconds = {result.id: result.seconds for result in report.results}
    results = tuple(replace(result, seconds=seconds.get(result.id, 0.0)) for result in again.results)
    return replace(again, results=results)


def load_report(file: str) -> Report:
    """Read a saved report, or the one in a bundle; ``-`` is standard input.

    Raises `DocumentError` that names the file, for one that cannot be read or is no report.
    """
    from m1doctor.documents import DocumentError, from_json  # noqa: PLC0415 - brings msgspec

    try:
        if file == "-":
            if sys.stdin is None:
                raise DocumentError("cannot read -: standard input is closed")
            content = sys.stdin.buffer.read(LARGEST_REPORT_BYTES + 1)
        else:
            with Path(file).open("rb") as stream:
                content = stream.read(LARGEST_REPORT_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"cannot read {file}: {reason}"
        raise DocumentError(message) from error
    if len(content) > LARGEST_REPORT_BYTES:
        message = f"{file}: larger than any report (more than {LARGEST_REPORT_BYTES // 2**20} MiB)"
        raise DocumentError(message)
    from m1doctor.support.bundle.manifest import BundleError  # noqa: PLC0415 - brings zipfile
    from m1doctor.support.bundle.reader import is_archive, report_of  # noqa: PLC0415 - likewise

    try:
        return report_of(content) if is_archive(content) else from_json(content.removeprefix(codecs.BOM_UTF8))
    except (DocumentError, BundleError) as error:
        message = f"{file}: {error}"
        raise DocumentError(message) from error


def with_lock(report: Report, outcome: LockOutcome) -> Report:
    """The report of an examination that wrote pinned requirements."""
    pinned = outcome.lock
    lock = Lock(path=str(outcome.written.path), packages=len(pinned.packages), hashed=pinned.unhashed is None)
    remarks: list[str] = []
    if pinned.unhashed is not None:
        remarks.append(f"the pinned requirements carry no hashes: {pinned.unhashed}")
    if pinned.left_out:
        names = ", ".join(f"{package.name} ({package.reason})" for package in pinned.left_out)
        remarks.append(f"not pinned: {names}")
    if outcome.written.backup is not None:
        remarks.append(f"the file that was there before is kept as {outcome.written.backup}")
    return replace(report, lock=lock, notes=(*report.notes, *remarks))


def with_remark(report: Report, remark: str, *, failure: bool = False) -> Report:
    """The report with one more remark, or with one more thing that m1doctor could not do."""
    if failure:
        return replace(report, failures=(*report.failures, remark))
    return replace(report, notes=(*report.notes, remark))
