"""Logs in tests: read from text, judged as `m1doctor log` judges them."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import Any

from environments import real
from m1doctor.checks.registry import Registry, built_in_checks
from m1doctor.checks.selection import choose
from m1doctor.diagnosis import make_report
from m1doctor.model.log import Log
from m1doctor.model.report import Report
from m1doctor.support.log.reader import read_log
from m1doctor.support.log.report import facts_of, target_of

CASES = real.SHARED / "cases" / "cases.jsonl"


@cache
def registry() -> Registry:
    return Registry(built_in_checks())


def read(text: str | bytes) -> Log:
    return read_log(io.BytesIO(text.encode() if isinstance(text, str) else text), "a log")


def kinds(text: str | bytes) -> list[str]:
    return [sighting.kind for sighting in read(text).sightings]


def judged(text: str | bytes) -> Report:
    log = read(text)
    return make_report(facts_of(log), target_of(log), registry(), choose(registry()))


def causes(text: str | bytes) -> list[str]:
    return list(judged(text).verdict.causes)


def cases() -> list[dict[str, Any]]:
    """The real cases that have a log."""
    if not CASES.exists():
        return []
    every = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return [case for case in every if case["input"].get("log") is not None]
