"""A new environment as text: the plan, and how to use it."""

from __future__ import annotations

from m1doctor.model.building import BuildPlan
from m1doctor.model.remedy import Step
from m1doctor.render.page import Canvas
from m1doctor.render.plain import paste_line, plain


def plan_as_text(page: Canvas, plan: BuildPlan, *, moved_aside: bool) -> None:
    """What would be made, how, and what stands in the way."""
    page.whole(f"A new environment in {plain(plan.environment)}", style="bold")
    page.add(plain(plan.what), indent=2)
    for remark in plan.remarks:
        page.add(plain(remark), indent=2, style="dim")
    if plan.obstacles:
        page.gap()
        page.add("It cannot be made here", style="bold red")
        for obstacle in plan.obstacles:
            page.add(plain(obstacle), indent=2, lead="- ")
    if plan.steps:
        page.gap()
        page.add("The steps", style="bold")
        _steps(page, plan, moved_aside=moved_aside)


def _steps(page: Canvas, plan: BuildPlan, *, moved_aside: bool) -> None:
    for number, step in enumerate(plan.steps, 1):
        _step(page, number, step)
    number = len(plan.steps)
    if plan.staging != plan.environment:
        number += 1
        aside = ", and the one that is there aside" if moved_aside else ""
        page.add(f"Move it into its place{aside}.", indent=2, lead=f"{number}. ")
    page.add("Examine it.", indent=2, lead=f"{number + 1}. ")


def _step(page: Canvas, number: int, step: Step) -> None:
    page.add(plain(step.text), indent=2, lead=f"{number}. ")
    page.whole(paste_line(step.argv), indent=5, style="bold cyan")


def usage_as_text(page: Canvas, environment: str, *, shell: str, conda: str | None, jupyter: bool) -> None:
    """How to use an environment: activate it in this shell, and its Jupyter kernel where it has one."""
    page.add("To use it:", style="bold")
    page.whole(_activation(environment, shell, conda), indent=2, style="bold cyan")
    if conda is None:
        page.add("To add packages (it has no pip of its own):", style="bold")
        add = ("uv", "pip", "install", "--python", f"{environment}/bin/python", "PACKAGE")
        page.whole(paste_line(add), indent=2, style="bold cyan")
    if jupyter:
        name = ("--name", "m1doctor", "--display-name", "TensorFlow (m1doctor)")
        command = (f"{environment}/bin/python", "-m", "ipykernel", "install", "--user", *name)
        page.add("Its Jupyter kernel is in it. For a Jupyter that runs elsewhere, register it once:", style="bold")
        page.whole(paste_line(command), indent=2, style="bold cyan")
    page.whole(f"To take it back: {paste_line(('m1doctor', 'undo', environment))}", style="dim")


def _activation(environment: str, shell: str, conda: str | None) -> str:
    if conda is not None:
        return paste_line((conda.rpartition("/")[2], "activate", environment))
    script = {"fish": "activate.fish", "csh": "activate.csh", "tcsh": "activate.csh"}.get(shell, "activate")
    return paste_line(("source", f"{environment}/bin/{script}"))
