from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

import reports
from environments.package_index import PackageIndex
from environments.small import Small, environment, index
from m1doctor.model.packages import DirectOrigin, Distribution, Packages
from m1doctor.model.repair import Aim, ByHand
from m1doctor.setup.left_behind import left_behind

__all__ = ["environment", "index"]

AIM = Aim(id="PY001", slug="rosetta-python", message="It is translated.")


def distribution(name: str, *requires: str) -> Distribution:
    return replace(reports.distribution(name, "1.0"), requires=requires)


def left(*distributions: Distribution, locked: tuple[str, ...] = ("tensorflow", "numpy")) -> tuple[ByHand, ...]:
    packages = Packages(distributions=distributions)
    return left_behind(packages, locked, environment="/env", lock="/lock.txt", aims=(AIM,))


def added(*distributions: Distribution) -> list[str]:
    (found,) = left(*distributions)
    argv = found.steps[0].argv
    assert argv[:7] == ("uv", "pip", "install", "--python", "/env/bin/python", "--constraint", "/lock.txt")
    return list(argv[7:])


def test_nothing_is_left_where_the_lock_has_all_and_tensorflow_needed_the_rest() -> None:
    tensorflow = distribution("tensorflow-macos", "numpy", "tensorflow-estimator")
    assert left(tensorflow, distribution("tensorflow-estimator"), distribution("numpy"), distribution("pip")) == ()


def test_all_are_listed_and_those_that_nobody_requires_bring_the_rest() -> None:
    pandas = distribution("pandas", "numpy>=1.22", "pytz>=2020.1", 'lxml; extra == "xml"')
    (found,) = left(pandas, distribution("pytz"), distribution("lxml"))
    assert found.summary == (
        "3 packages of the old environment will not be in the new one: lxml 1.0, pandas 1.0, pytz 1.0."
    )
    assert (found.id, found.slug) == (AIM.id, AIM.slug)
    assert added(pandas, distribution("pytz"), distribution("lxml")) == ["lxml", "pandas"]


def test_of_a_circle_one_is_named() -> None:
    assert added(distribution("a", "b"), distribution("b", "a")) == ["a"]


def test_what_came_from_no_index_is_not_looked_for_there() -> None:
    mine = replace(distribution("mine"), direct_origin=DirectOrigin.VCS)
    (found,) = left(mine)
    assert found.summary.startswith("One package of the old environment will not be in the new one: mine 1.0")
    assert [step.argv for step in found.steps] == [()]


def test_the_command_adds_them_and_changes_nothing_of_the_lock(environment: Small, index: PackageIndex) -> None:
    environment.uv("pip", "uninstall", "--quiet", "--python", environment.python, "beta")
    lock = environment.folder.parent / "lock.txt"
    lock.write_text(f"alpha==1.0 --hash={index.hash_of('alpha', '1.0')}\n")
    old = Packages(distributions=(distribution("alpha"), distribution("beta", "alpha")))
    (found,) = left_behind(old, ("alpha",), environment=str(environment.folder), lock=str(lock), aims=(AIM,))
    environment.uv(*found.steps[0].argv[1:])
    assert environment.versions() == {"tensorflow": "2.18.1", "alpha": "1.0", "beta": "1.0"}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sets(st.sampled_from("abcdefgh"))))
def test_what_is_named_brings_all_that_was_there(requires: dict[str, set[str]]) -> None:
    distributions = [distribution(name, *sorted(needs)) for name, needs in requires.items()]
    if not distributions:
        assert left() == ()
        return
    brought: set[str] = set()
    todo = added(*distributions)
    while todo:
        name = todo.pop()
        if name not in brought:
            brought.add(name)
            todo += requires.get(name, ())
    assert brought >= set(requires)
