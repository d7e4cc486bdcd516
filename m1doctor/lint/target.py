"""What the code will run on: TensorFlow, Keras, the GPU plugin and the chip, as far as they are known."""

from __future__ import annotations

from functools import cache

from packaging.version import InvalidVersion, Version

from m1doctor.knowledge.kernels import KernelTable, kernel_table, known_plugins
from m1doctor.knowledge.milestones import first_release
from m1doctor.model.record import record

IF_KERAS_3 = f"Keras is 3, as from TensorFlow {first_release('keras-3')} on"
"""What a finding depends on that only Keras 3 makes one."""


@record(frozen=True, slots=True, kw_only=True)
class Versions:
    """Versions that rules are judged for; what is not known is `None`, and then a rule that needs it says "if"."""

    tensorflow: str | None = None
    keras: str | None = None
    plugin: str | None = None
    """Of tensorflow-metal."""
    chip: str | None = None
    """As the system names it, e.g. ``"Apple M1 Pro"``."""
    why: str = "nothing is known of the environment"
    """Where the versions come from, in one clause."""

    def tensorflow_before(self, version: str) -> bool | None:
        """Whether TensorFlow is older than `version`; `None` where it is unknown."""
        return _before(self.tensorflow, version)

    def keras_major(self) -> int | None:
        """2 or 3: of Keras itself, else of the one that this TensorFlow brings."""
        for version, line in ((self.keras, "3"), (self.tensorflow, first_release("keras-3"))):
            older = _before(version, line)
            if older is not None:
                return 2 if older else 3
        return None

    def kernels(self) -> KernelTable:
        """The kernel table of the plugin; where the plugin is unknown or newer than any, the newest that there is."""
        newest = known_plugins()[-1]
        wanted = self.plugin if self.plugin is not None else newest
        known = [each for each in known_plugins() if _before(wanted, each) is False]
        table = kernel_table(known[-1] if known else known_plugins()[0])
        if table is None:
            raise LookupError(newest)  # it was listed a line above
        return table

    def if_plugin(self) -> str | None:
        """The condition under which a missing kernel is missing here; `None` where it surely is."""
        newest = known_plugins()[-1]
        older = _before(self.plugin, newest)
        if older is True or self.plugin == newest:
            return None
        if self.plugin is None:
            return f"tensorflow-metal is {newest} or older"
        return f"tensorflow-metal {self.plugin} lacks what {newest} lacks"


@cache
def _before(version: str | None, other: str) -> bool | None:
    if version is None:
        return None
    try:
        return Version(Version(version).base_version) < Version(other)
    except InvalidVersion:
        return None
