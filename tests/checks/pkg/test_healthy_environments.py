"""Real pairs that link: no package check may say a word about them."""

from __future__ import annotations

import pytest

from environments import real
from environments.site_folder import facts_of
from environments.verdicts import family
from m1doctor.model.report import Status

JUDGED_IN_ANY_ENVIRONMENT = {f"PKG{number:03}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 13, 14, 15)}
pytestmark = pytest.mark.real_wheels


@pytest.mark.parametrize(
    "requirements",
    [
        ("tensorflow==2.15.1", "tensorflow-metal==1.1.0"),
        ("tensorflow==2.16.2", "tensorflow-metal==1.1.0"),
        ("tensorflow-macos==2.16.2", "tensorflow-metal==1.1.0"),
        ("tensorflow==2.17.1", "tensorflow-metal==1.1.0"),
        ("tensorflow==2.18.1", "tensorflow-metal==1.2.0"),
        ("tensorflow==2.19.1", "tensorflow-metal==1.2.0"),
        (
            "tensorflow==2.18.1",
            "tensorflow-metal==1.2.0",
            "pandas",
            "scikit-learn",
            "torch",
            "pyarrow",
            "opencv-python",
        ),
    ],
    ids="+".join,
)
def test_no_package_check_says_a_word(requirements: tuple[str, ...]) -> None:
    results = family(facts_of(real.mac_packages(*requirements)), "PKG")
    told = {each.id: each.summary for each in results.values() if each.status not in (Status.PASS, Status.SKIPPED)}
    assert told == {}
    passed = {name for name, each in results.items() if each.status is Status.PASS}
    assert passed >= JUDGED_IN_ANY_ENVIRONMENT


def test_what_a_resolver_makes_of_an_old_tensorflow_is_told_by_its_numpy_alone() -> None:
    folder = real.mac_packages("tensorflow-macos==2.14.0", "tensorflow-metal==1.1.0")
    results = family(facts_of(folder), "PKG")
    assert [name for name, each in results.items() if each.status.failed] == ["PKG006"]
    messages = [finding.message for finding in results["PKG006"].findings]
    assert any(
        message.startswith("tensorflow-macos 2.14.0 was built for NumPy 1, but NumPy 2.") for message in messages
    )
