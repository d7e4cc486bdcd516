"""Facts of an environment and of a lock to compare it with."""

from __future__ import annotations

from typing import Any

from m1doctor.model.facts import Facts
from m1doctor.model.given_lock import GivenLock, LockedPackage, LockForm
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.packages import Distribution, Packages

MAC = Interpreter(
    version="3.12.4",
    system="Darwin",
    machine="arm64",
    marker_environment={"python_version": "3.12", "sys_platform": "darwin", "platform_machine": "arm64"},
)


def pin(name: str, version: str | None, **more: Any) -> LockedPackage:
    return LockedPackage(name=name, version=version, **more)


def lock(*packages: LockedPackage, **more: Any) -> GivenLock:
    said: dict[str, Any] = {"python": "3.12", "system": "macOS", "machine": "arm64", "macos": "12.1"}
    return GivenLock(path="/locks/lock", form=LockForm.REQUIREMENTS, packages=packages, **{**said, **more})


def installed(name: str, version: str, *tags: str, **more: Any) -> Distribution:
    return Distribution(
        name=name,
        normalized_name=name.lower().replace("_", "-"),
        version=version,
        folder="/site",
        metadata_path=f"{name}-{version}.dist-info",
        wheel_tags=tags,
        **more,
    )


def facts(given: GivenLock | None, *distributions: Distribution, here: Interpreter = MAC, **more: Any) -> Facts:
    packages = Packages(folders_read=("/site",), distributions=distributions, **more)
    return Facts(packages=packages, interpreter=here, given_lock=given)
