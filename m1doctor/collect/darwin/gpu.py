"""The GPU as the system describes it: from the IO registry, which is cheap, and from system_profiler, which is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from m1doctor.collect.parse.ioreg import Accelerator, parse_accelerators
from m1doctor.collect.readings import why_not
from m1doctor.model.host import Gpu
from m1doctor.model.reading import Reading
from m1doctor.model.unknown import Unknown, not_asked

if TYPE_CHECKING:
    from m1doctor.collect.parse.system_profiler import Display

IOREG = ("/usr/sbin/ioreg", "-a", "-r", "-d", "1", "-w0", "-c", "IOAccelerator")
SYSTEM_PROFILER = ("/usr/sbin/system_profiler", "-json", "SPDisplaysDataType")
"""A quarter of a second at best. It answers with serial numbers of displays, which are never taken over."""


def describe_gpu(ioreg: Reading, profiler: Reading | None) -> Gpu:
    """Put the GPU together from the two answers; `profiler` is `None` where it was not asked."""
    accelerators = parse_accelerators(ioreg.stdout) if ioreg.ok else None
    accelerator = _first(accelerators)
    display, unknown = _display(profiler)
    if accelerators is None:
        missing = why_not(ioreg, "description of a GPU")
    else:
        missing = Unknown("no GPU driver is registered" if not accelerators else "the GPU driver does not say")
    name = accelerator.model if accelerator else None
    cores = accelerator.cores if accelerator else None
    if display is not None:
        name, cores = name or display.name, cores or display.cores
    name = name or (_family_name(accelerator) if accelerator else None)
    family = display.metal_family if display else None
    facts = {
        "name": name,
        "cores": cores,
        "accelerator_class": accelerator.class_name if accelerator else None,
        "resets": accelerator.resets if accelerator else None,
    }
    reasons = {field: missing for field, value in facts.items() if value is None}
    if family is None:
        reasons["metal_family"] = unknown or Unknown("system_profiler names no Metal family")
    return Gpu(
        name=name,
        cores=cores,
        metal_family=family,
        accelerator_class=accelerator.class_name if accelerator else None,
        resets=accelerator.resets if accelerator else None,
        unknown=reasons,
    )


def _first(accelerators: tuple[Accelerator, ...] | None) -> Accelerator | None:
    """The GPU to describe: one that is named, before one that is not (a compatibility node of a virtual machine)."""
    if not accelerators:
        return None
    return next((each for each in accelerators if each.model or each.cores), accelerators[0])


def _display(profiler: Reading | None) -> tuple[Display | None, Unknown | None]:
    if profiler is None:
        return None, not_asked("system_profiler, which takes a quarter of a second, was not asked")
    from m1doctor.collect.parse.system_profiler import parse_displays  # noqa: PLC0415 - brings json; seldom asked

    displays = parse_displays(profiler.stdout) if profiler.ok else None
    if displays is None:
        return None, why_not(profiler, "SPDisplaysDataType")
    if not displays:
        return None, Unknown("system_profiler lists no GPU")
    return displays[0], None


def _family_name(accelerator: Accelerator) -> str | None:
    """The family, where the driver tells its generation and not the chip's name."""
    if accelerator.generation is None:
        return None
    from m1doctor.knowledge.chips import family_of_gpu  # noqa: PLC0415 - reads a data file for a rare case

    family = family_of_gpu(accelerator.generation)
    return f"{family.name} family" if family else None
