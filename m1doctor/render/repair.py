"""Repairs as text: the plan before anybody is asked, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable

from m1doctor.model.remedy import StepKind
from m1doctor.model.repair import ByHand, Judgement, Moved, Operation, Preview, RepairPlan
from m1doctor.model.report import Report
from m1doctor.render.page import Canvas, styled
from m1doctor.render.plain import paste_line, plain

_MB = 1_000_000


def plan_as_text(
    page: Canvas,
    report: Report,
    plan: RepairPlan,
    seen: Preview | None,
    commands: Iterable[tuple[Operation, tuple[str, ...]]],
) -> None:
    """What is wrong, what would be done about it, and what is left to a person.

    `seen` is what uv says that it would change; `None` where nobody asked it. `commands` are the operations with what
    each comes to as a command.
    """
    page.add(plain(report.verdict.headline), style="bold")
    page.whole(f"{plain(report.target.path)} ({plain(report.target.why)})", indent=2, style="dim")
    if plan.refusal is not None:
        page.gap()
        page.add(plain(plan.refusal), lead=styled("Not repaired: ", "bold yellow"))
    elif plan.rebuild is not None:
        _aims(page, plan)
        page.gap()
        page.add(
            "This environment is not patched: it needs another Python, and other packages with it. It stays as it is, "
            "and a new one is made beside it:"
        )
        page.whole(plain(plan.rebuild.folder or ""), indent=2)
    elif plan.operations:
        _aims(page, plan)
        _operations(page, plan, seen, tuple(commands))
    left_as_text(page, plan.by_hand)


def _aims(page: Canvas, plan: RepairPlan) -> None:
    page.gap()
    page.add("To be repaired", style="bold")
    for aim in plan.aims:
        page.add(plain(aim.message), indent=2, lead=styled(f"{aim.id} ", "yellow"))


def _operations(
    page: Canvas, plan: RepairPlan, seen: Preview | None, commands: tuple[tuple[Operation, tuple[str, ...]], ...]
) -> None:
    page.gap()
    page.whole(f"What is done to {plain(plan.environment or '')}", style="bold")
    size = "" if seen is None else f" ({_size(seen.backup_bytes)} where it cannot be cloned)"
    page.add(f"Back it up{size}.", indent=2, lead="1. ")
    for number, (operation, argv) in enumerate(commands, 2):
        page.add(plain(operation.text), indent=2, lead=f"{number}. ")
        page.whole(paste_line(argv), indent=5, style="bold cyan")
    for each in () if seen is None else seen.moved:
        page.whole(plain(_moved(each)), indent=5, style="dim")
    end = "Examine it again: keep the repair if it is better, else put everything back."
    page.add(end, indent=2, lead=f"{len(commands) + 2}. ")


def _size(count: int) -> str:
    return f"{count / _MB:.0f} MB" if count >= _MB else "under 1 MB"


def _moved(each: Moved) -> str:
    if each.before is None:
        return f"{each.name} {each.after} (new)" if each.after else f"{each.name} (removed)"
    if each.after is None:
        return f"{each.name} {each.before} (removed)"
    again = " (again)" if each.before == each.after else f" -> {each.after}"
    return f"{each.name} {each.before}{again}"


def left_as_text(page: Canvas, by_hand: tuple[ByHand, ...]) -> None:
    """What is left to a person; nothing where nothing is."""
    if not by_hand:
        return
    page.gap()
    page.add("Left to you", style="bold")
    for left in by_hand:
        page.add(plain(left.summary), indent=2, lead=styled(f"{left.id} ", "yellow"))
        if left.why:
            page.add(f"Not done here: {plain(left.why)}.", indent=4, style="dim")
        for step in left.steps:
            if len(left.steps) > 1 or step.text.rstrip(".") != left.summary.rstrip("."):
                page.add(plain(step.text), indent=4, lead="- ")
            if step.kind is StepKind.RUN:
                page.whole(paste_line(step.argv), indent=6, style="bold cyan")


def outcome_as_text(
    page: Canvas,
    plan: RepairPlan,
    judgement: Judgement | None,
    after: Report | None,
    *,
    kept: bool,
    failure: str | None,
) -> None:
    """How a repair ended: kept and what is left, or put back and why."""
    slugs = {aim.id: aim.slug for aim in plan.aims}
    if kept and judgement is not None:
        mended = [f"{each} {slugs[each]}" for each in judgement.mended]
        page.items(mended, ", ", lead=styled("Mended: ", "bold green"))
    else:
        page.add("The environment is as it was: everything was put back.", style="bold yellow")
        if failure is not None:
            page.add(plain(failure), indent=2, lead=styled("Why: ", "bold"))
    for sentence in judgement.harmed if judgement is not None else ():
        page.add(plain(sentence), indent=2, lead=styled("It would have broken ", "bold"))
    if judgement is not None and judgement.left:
        left = [f"{each} {slugs[each]}" for each in judgement.left]
        page.items(left, ", ", lead=styled("Not mended: ", "bold yellow"))
    if kept and after is not None:
        page.add(plain(after.verdict.headline), lead=styled("Now: ", "bold"))
        if judgement is not None and judgement.uncovered:
            page.add(
                f"{', '.join(judgement.uncovered)} could not be judged before. See m1doctor diagnose, and run "
                "m1doctor fix again.",
                style="dim",
            )
        page.whole(f"To take it back: {paste_line(('m1doctor', 'undo', plan.environment or '.'))}", style="dim")
