from __future__ import annotations

import pytest

from m1doctor.model.building import BuildPlan
from m1doctor.model.remedy import run
from m1doctor.render.building import plan_as_text, usage_as_text
from m1doctor.render.page import Canvas

PLAN = BuildPlan(
    environment="/tf/.venv",
    staging="/tf/.venv.building",
    what="TensorFlow.",
    steps=(run("Make it.", ("uv", "venv"), reversible=True),),
    remarks=("No Metal here.",),
)


def page() -> Canvas:
    return Canvas(width=80, colour=False, unicode=True)


def test_a_plan_ends_with_the_move_and_the_examination() -> None:
    canvas = page()
    plan_as_text(canvas, PLAN, moved_aside=True)
    assert canvas.text() == (
        "A new environment in /tf/.venv\n"
        "  TensorFlow.\n"
        "  No Metal here.\n"
        "\n"
        "The steps\n"
        "  1. Make it.\n"
        "     uv venv\n"
        "  2. Move it into its place, and the one that is there aside.\n"
        "  3. Examine it.\n"
    )


def test_an_obstacle_is_told_before_the_steps() -> None:
    canvas = page()
    plan_as_text(canvas, BuildPlan(environment="/a", staging="/a", what="It.", obstacles=("No.",)), moved_aside=False)
    assert canvas.text().endswith("\nIt cannot be made here\n  - No.\n")


@pytest.mark.parametrize(
    ("shell", "conda", "words"),
    [
        ("zsh", None, "source '/my tf/.venv/bin/activate'"),
        ("fish", None, "source '/my tf/.venv/bin/activate.fish'"),
        ("tcsh", None, "source '/my tf/.venv/bin/activate.csh'"),
        ("zsh", "/opt/bin/micromamba", "micromamba activate '/my tf/.venv'"),
    ],
)
def test_it_is_activated_as_the_shell_wants_it(shell: str, conda: str | None, words: str) -> None:
    canvas = page()
    usage_as_text(canvas, "/my tf/.venv", shell=shell, conda=conda, jupyter=True)
    text = canvas.text()
    assert f"  {words}\n" in text
    assert "ipykernel install --user" in text
    assert text.endswith("To take it back: m1doctor undo '/my tf/.venv'\n")
