"""Power and heat: whether the machine is slow on purpose."""

from __future__ import annotations

from m1doctor.collect.world import World
from m1doctor.model.power import Power


def collect_power(world: World) -> Power:
    """Ask for power source, power mode and heat."""
    # Each system brings its own parsers: half of them would be read for nothing.
    if world.uname.sysname == "Darwin":
        from m1doctor.collect.darwin.power import ask_mac  # noqa: PLC0415 - as above

        return ask_mac(world)
    from m1doctor.collect.linux.power import ask_linux  # noqa: PLC0415 - as above

    return ask_linux(world)
