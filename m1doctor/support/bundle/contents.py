"""What a bundle holds: the report in three forms, the raw readings, the lock, and what is missing and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

from m1doctor.checks.registry import Registry
from m1doctor.documents import to_json
from m1doctor.errors import UnfinishedError
from m1doctor.model.record import record
from m1doctor.model.report import Report
from m1doctor.model.unknown import Unknown
from m1doctor.render.html import to_html
from m1doctor.render.markdown import to_markdown
from m1doctor.support.bundle import manifest
from m1doctor.support.bundle.raw import Raw, raw_texts
from m1doctor.support.bundle.reader import REPORT
from m1doctor.support.redact.document import learn_from, redact_document
from m1doctor.support.redact.redactor import Redactor, Removed


class LeakError(UnfinishedError):
    """A secret was found in what was about to leave the machine; the message names its kind and the member."""


@record(frozen=True, slots=True, kw_only=True)
class Contents:
    """Everything that leaves the machine."""

    report: Report
    members: dict[str, bytes]
    """By name, the manifest included."""
    removed: tuple[Removed, ...]


def assemble(
    report: Report,
    registry: Registry,
    raw: Raw,
    *,
    lock: str | None,
    missing: tuple[str, ...],
    redactor: Redactor | None,
    judge: Callable[[Report], Report],
) -> Contents:
    """Put a bundle together, redacted unless `redactor` is `None`.

    `lock` are the pinned requirements, `missing` says what else could not be had, a sentence each. Facts are redacted
    before anything is rendered, and judged again by `judge`, so that whoever replays them comes to the same results.
    Raises `LeakError` where a known secret is left, or where the redacted facts are judged otherwise.
    """
    texts = raw_texts(raw)
    if lock is not None:
        texts["requirements.txt"] = lock
    if redactor is not None:
        learn_from(report, redactor)
        for text in texts.values():
            redactor.learn(text)
        report = _same_verdict(report, judge(redact_document(report, redactor)))
        texts = {name: redactor.redact(text) for name, text in texts.items()}
        missing = tuple(redactor.redact(sentence) for sentence in missing)
    removed = redactor.removed() if redactor is not None else ()
    texts |= {
        REPORT: to_json(report),
        "report.md": to_markdown(report, registry),
        "report.html": to_html(report, registry),
        "not-collected.txt": "\n".join([*missing, *not_collected(report)]) + "\n",
        "removed.txt": _removed_text(removed, redacted=redactor is not None),
    }
    members = {name: text.encode("utf-8", "backslashreplace") for name, text in texts.items()}
    members[manifest.NAME] = manifest.describe(
        members, m1doctor_version=report.m1doctor_version, created=report.created, redacted=redactor is not None
    )
    if redactor is not None:
        search(members, redactor)
    return Contents(report=report, members=members, removed=removed)


def search(members: dict[str, bytes], redactor: Redactor) -> None:
    """Look for every known secret in every member. Raises `LeakError` for the first that is found."""
    for name, content in members.items():
        kinds = redactor.surviving(content)
        if kinds:
            message = f"no bundle was made: a secret ({', '.join(kinds)}) would have been left in {name}"
            raise LeakError(message)


def not_collected(report: Report) -> Iterator[str]:
    """What is not known and why, a line each: ``host.gpu.cores: ioreg printed no core count``."""
    yield from _unknown(report.facts, "")


def _unknown(section: object, path: str) -> Iterator[str]:
    if not is_dataclass(section):
        return
    for field in fields(section):
        value = getattr(section, field.name)
        if field.name == "unknown":
            for name, reason in sorted(value.items()):
                if isinstance(reason, Unknown):
                    yield f"{path}{name}: {reason.reason} ({reason.kind.value})"
        else:
            yield from _unknown(value, f"{path}{field.name}.")


def _same_verdict(before: Report, after: Report) -> Report:
    """The report of the redacted facts, once it says the same as the one before."""
    for old, new in zip(before.results, after.results, strict=True):
        if (old.id, old.status, old.skip, old.root) != (new.id, new.status, new.skip, new.root):
            message = f"no bundle was made: without the secrets {new.id} would be {new.status} and not {old.status}"
            raise LeakError(message)
    return after


def _removed_text(removed: tuple[Removed, ...], *, redacted: bool) -> str:
    if not redacted:
        return "Nothing was removed: this bundle was made with --no-redact.\n"
    lines = [f"{each.kind.value}: {each.secrets} different, in {each.places} places" for each in removed]
    head = "The same secret has the same name throughout, such as redacted-user-1." if lines else "Nothing was found."
    return "\n".join(["Removed before this bundle was written:" if lines else "", *lines, head]).lstrip("\n") + "\n"
