"""Manual pages: one check, or the list of them, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from m1doctor.checks.check import Check
from m1doctor.checks.registry import Registry
from m1doctor.model.finding import Level
from m1doctor.render.page import Canvas, styled

LEVEL_STYLES = {Level.NOTE: "cyan", Level.WARNING: "yellow", Level.ERROR: "red"}


def page_as_text(check: Check, *, width: int, colour: bool, unicode: bool = True) -> str:
    """One manual page."""
    canvas = Canvas(width=width, colour=colour, unicode=unicode)
    canvas.add(check.slug, lead=styled(f"{check.id} ", f"bold {LEVEL_STYLES[check.level]}"), style="bold")
    canvas.add(f"{check.level.value} at worst, {check.stage.name.lower()}", style="dim")
    sections = (
        ("What it means", check.page.what),
        ("Why it matters", check.page.why),
        ("How to see it yourself", check.page.see),
        ("How to mend it", check.page.fix),
    )
    for title, words in sections:
        canvas.gap()
        canvas.add(title, style="bold")
        for paragraph in words.split("\n\n"):
            canvas.add(" ".join(paragraph.split()), indent=2)
    if check.after:
        canvas.gap()
        canvas.add("Explained by", style="bold")
        canvas.add(", ".join(check.after), indent=2)
    if check.page.sources:
        canvas.gap()
        canvas.add("Sources", style="bold")
        for source in check.page.sources:
            dated = f" ({source.date})" if source.date else ""
            canvas.add(f"{source.title}{dated}", indent=2)
            if source.url:
                canvas.whole(source.url, indent=4, style="dim")
    return canvas.text()


def page_as_json(check: Check) -> str:
    """One manual page as a JSON object."""
    return _json(as_dict(check))


def list_as_text(registry: Registry, *, width: int, colour: bool, unicode: bool = True) -> str:
    """Every check: id, worst level and slug, and below them the first sentence of what it means."""
    canvas = Canvas(width=width, colour=colour, unicode=unicode)
    family = ""
    for check in registry:
        if check.family != family:
            canvas.gap()
        family = check.family
        lead = styled(f"{check.id:7}", "bold") + styled(f"{check.level.value:8}", LEVEL_STYLES[check.level])
        canvas.add(check.slug, lead=lead, style="bold")
        canvas.add(first_sentence(check.page.what), indent=4, style="dim")
    return canvas.text()


def list_as_json(registry: Registry) -> str:
    """Every check as a JSON array, pages included."""
    return _json([as_dict(check) for check in registry])


def as_dict(check: Check) -> dict[str, Any]:
    """A check as plain values."""
    page = check.page
    return {
        "id": check.id,
        "slug": check.slug,
        "family": check.family,
        "level": check.level.value,
        "stage": check.stage.name.lower(),
        "needs": list(check.needs),
        "after": list(check.after),
        "what": page.what,
        "why": page.why,
        "see": page.see,
        "fix": page.fix,
        "sources": [
            {key: value for key, value in (("title", s.title), ("url", s.url), ("date", s.date)) if value is not None}
            for s in page.sources
        ],
    }


def first_sentence(words: str) -> str:
    """The words up to the first full stop that ends a sentence."""
    line = " ".join(words.split())
    for position, character in enumerate(line):
        following = line[position + 1 : position + 3]
        if character == "." and (not following or (following[0] == " " and following[1:].isupper())):
            return line[: position + 1]
    return line


def _json(value: dict[str, Any] | Iterable[dict[str, Any]]) -> str:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def checks_as_markdown(registry: Registry) -> str:
    """`docs/checks.md`: the list, then every manual page."""
    lines = [
        "# Checks",
        "",
        "Generated from the manual pages in `m1doctor/checks/` by `python scripts/regenerate_docs.py`.",
        "",
        "| id | slug | at worst | what it means |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| [{check.id}](#{check.id.lower()}) | {check.slug} | {check.level.value} "
        f"| {_cell(first_sentence(check.page.what))} |"
        for check in registry
    ]
    for check in registry:
        page = check.page
        lines += ["", f'## <a id="{check.id.lower()}"></a>{check.id} {check.slug}', ""]
        lines += [f"*{check.level.value} at worst*"]
        for title, words in (
            ("What it means", page.what),
            ("Why it matters", page.why),
            ("How to see it yourself", page.see),
            ("How to mend it", page.fix),
        ):
            lines += ["", f"**{title}.** {_paragraphs(words)}"]
        if check.after:
            links = ", ".join(f"[{parent}](#{parent.lower()})" for parent in check.after)
            lines += ["", f"**Explained by.** {links}"]
        if page.sources:
            lines += ["", "**Sources.**", ""]
            for source in page.sources:
                title = f"[{source.title}]({source.url})" if source.url else source.title
                lines.append(f"- {title}{f' ({source.date})' if source.date else ''}")
    return "\n".join(lines) + "\n"


def _paragraphs(words: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in words.split("\n\n"))


def _cell(words: str) -> str:
    return words.replace("|", "\\|")
