"""Manual pages as JSON documents: one page, or every one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace

from m1doctor.checks.check import Check, Source
from m1doctor.lint.rule import Rule
from m1doctor.model.finding import Level
from m1doctor.model.record import record

SCHEMA_VERSION = 1
"""Adding a key keeps it; changing the meaning of one raises it."""


@record(frozen=True, slots=True, kw_only=True)
class ManualPage:
    """What there is to know of one check of an environment, or of one rule for training scripts."""

    id: str
    slug: str
    family: str
    level: Level
    """Of its worst finding."""
    what: str
    """What it means."""
    why: str
    """Why it matters."""
    fix: str
    """How to mend it."""
    sources: tuple[Source, ...]
    stage: str | None = None
    """Where on the way from the machine to the result its cause lies; `None` of a rule, as the next three are."""
    needs: tuple[str, ...] | None = None
    """Facts without which it is skipped."""
    after: tuple[str, ...] | None = None
    """Ids of checks that explain it."""
    see: str | None = None
    """How to see it yourself."""
    example: str | None = None
    """Code that the rule finds; `None` of a check, as the next three are."""
    better: str | None = None
    """The same code as it should be."""
    versions: str | None = None
    """Which versions it is about."""
    gain: str | None = None
    """What mending it brings."""


@record(frozen=True, slots=True, kw_only=True)
class ManualPages:
    """The page of every check, in the order in which they are judged, and then of every rule."""

    pages: tuple[ManualPage, ...]


def page_as_json(manual: Check | Rule) -> str:
    """One page."""
    return _json(asdict(_page(manual)))


def list_as_json(manuals: Iterable[Check | Rule]) -> str:
    """Every page."""
    return _json(asdict(ManualPages(pages=tuple(map(_page, manuals)))))


def _page(manual: Check | Rule) -> ManualPage:
    page = ManualPage(
        id=manual.id,
        slug=manual.slug,
        family=manual.family,
        level=manual.level,
        what=manual.page.what,
        why=manual.page.why,
        fix=manual.page.fix,
        sources=manual.page.sources,
    )
    if isinstance(manual, Rule):
        rule = manual.page
        return replace(page, example=rule.example, better=rule.better, versions=rule.versions, gain=manual.gain)
    stage = manual.stage.name.lower()
    return replace(page, stage=stage, needs=manual.needs, after=manual.after, see=manual.page.see)


def _json(document: dict[str, object]) -> str:
    told = {"schema_version": SCHEMA_VERSION, **document}
    return json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
