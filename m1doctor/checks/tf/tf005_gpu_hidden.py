"""TF005 gpu-hidden: a variable or a start-up file takes the GPU out of TensorFlow's sight."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Check, Page, Source, Stage
from m1doctor.checks.target_run import applies_to_gpus
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.remedy import Remedy, manual
from m1doctor.model.runtime import HidingCause, Runtime


def judge(facts: Facts) -> Iterator[Finding]:
    """Report what hides the GPU, and a GPU that is hidden by something unknown."""
    assert facts.runtime is not None  # noqa: S101 - declared in `needs`
    runtime = facts.runtime
    effective = [cause for cause in runtime.hidden_by if cause.when == "always" and _takes_part(facts, cause)]
    if runtime.visible_gpus:
        effective = []  # whatever stands there, the GPU was seen in spite of it
    for cause in effective:
        yield _finding(Level.WARNING, cause, runtime)
    for cause in runtime.hidden_by:
        if cause.when != "always" and _takes_part(facts, cause):
            yield _finding(Level.NOTE, cause, runtime)
    if runtime.gpus and not runtime.visible_gpus and not effective:
        yield _unknown_hand(runtime)


def _takes_part(facts: Facts, cause: HidingCause) -> bool:
    """Whether a plugin is there that heeds this cause; TensorFlow itself heeds the others."""
    if cause.provider is None:
        return True
    libraries = facts.plugins.libraries if facts.plugins else ()
    return any(library.provider.value == cause.provider for library in libraries)


def _finding(level: Level, cause: HidingCause, runtime: Runtime) -> Finding:
    if cause.source == "environment":
        name = cause.what.partition("=")[0]
        return Finding(
            level=level,
            message=f"The environment variable {cause.what} hides the GPU from TensorFlow.",
            expected=f"{name} unset",
            evidence=(cause.what, *_devices(runtime)),
            remedy=Remedy(
                summary=f"Unset {name}.",
                steps=(
                    manual(f"Run `unset {name}` in this shell."),
                    manual(f"Look for {name} in ~/.zshrc, ~/.zprofile and the settings of your editor or notebook."),
                ),
            ),
        )
    where = f"{cause.source}, line {cause.line}" if cause.line is not None else cause.source
    reach = "in every process of this Python" if cause.when == "always" else cause.when
    return Finding(
        level=level,
        message=f"{where}, hides the GPU from TensorFlow {reach}: {cause.what}",
        expected="no start-up file that hides devices",
        evidence=(f"{where}: {cause.what}", *_devices(runtime)),
        location=Location(path=cause.source, line=cause.line),
        remedy=Remedy(
            summary=f"Take the line out of {cause.source}.",
            steps=(
                manual(
                    f"Remove line {cause.line} of {cause.source}, or keep it and know that all work runs on the CPU."
                ),
            ),
        ),
    )


def _unknown_hand(runtime: Runtime) -> Finding:
    return Finding(
        level=Level.WARNING,
        message=f"TensorFlow lists {runtime.gpus[0].name} but is not allowed to use it: something that runs at the "
        "start of Python calls set_visible_devices.",
        expected="every listed GPU is visible",
        evidence=_devices(runtime),
        remedy=Remedy(
            summary="Find the call of set_visible_devices that runs at start-up.",
            steps=(manual("Search sitecustomize.py, usercustomize.py, `.pth` files and what they import for it."),),
        ),
    )


def _devices(runtime: Runtime) -> tuple[str, ...]:
    if runtime.devices is None:
        return ()
    listed = ", ".join(device.name for device in runtime.devices)
    visible = "unknown" if runtime.visible_devices is None else ", ".join(runtime.visible_devices)
    return (f"list_physical_devices: {listed}", f"get_visible_devices: {visible}")


CHECK = Check(
    id="TF005",
    slug="gpu-hidden",
    level=Level.WARNING,
    stage=Stage.DEVICE,
    needs=("runtime",),
    applies=applies_to_gpus,
    judge=judge,
    passes="Nothing hides the GPU from TensorFlow.",
    page=Page(
        what=(
            "Something takes the GPU out of TensorFlow's sight before a script begins: an environment variable that "
            "the plugin heeds, or a file that Python runs at its start (`sitecustomize.py`, `usercustomize.py`, an "
            "`import` line of a `.pth` file) and that calls `tf.config.set_visible_devices([], 'GPU')`. Files that "
            "only interactive sessions run (`$PYTHONSTARTUP`, IPython's start-up folder) are told as a note."
        ),
        why=(
            "The GPU is whole, the installation is right, and everything still runs on the CPU. `CUDA_VISIBLE_DEVICES` "
            "is not among the causes: only CUDA devices read it."
        ),
        see=(
            "Compare `tf.config.list_physical_devices('GPU')` with `tf.config.get_visible_devices('GPU')`, and run "
            '`env | grep TF_` and `python -c "import sitecustomize; print(sitecustomize.__file__)"`.'
        ),
        fix="Unset the variable, or take the line out of the start-up file.",
        sources=(
            Source(
                "tensorflow-metal-plugin: TF_DISABLE_METAL",
                "https://github.com/IPNP-BIPN/tensorflow-metal-plugin/blob/"
                "90a3df5fc1c676705fceff10bef614912721c93a/src/plugin_init.cc",
                "2026-11-23",
            ),
            Source(
                "PluggableDeviceFactory: TensorFlow itself reads no variable for pluggable devices",
                "https://github.com/tensorflow/tensorflow/blob/v2.18.1/tensorflow/core/common_runtime/"
                "pluggable_device/pluggable_device_factory.cc",
                "2026-11-23",
            ),
            Source(
                "TensorFlow: tf.config.set_visible_devices",
                "https://www.tensorflow.org/api_docs/python/tf/config/set_visible_devices",
            ),
            Source("Python documentation: site", "https://docs.python.org/3/library/site.html"),
        ),
    ),
)
