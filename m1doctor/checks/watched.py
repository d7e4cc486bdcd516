"""What a watched script shows, judged: findings under the ids of the checks that they belong to.

Like the lines of a log (`testimony`), a run of the user's own script speaks for checks that have other facts as well:
that the input holds the GPU up is the same problem whether the benchmark or the training shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator

from m1doctor.checks.sizes import memory_size
from m1doctor.knowledge.milestones import first_release
from m1doctor.knowledge.thresholds import threshold
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Finding, Level, Location
from m1doctor.model.memory import PressureLevel
from m1doctor.model.profile import FEWEST_STEPS, Inside, Profile
from m1doctor.model.remedy import Remedy, manual


def see(facts: Facts, registered: Container[str]) -> dict[str, tuple[Finding, ...]]:
    """The findings of a watched script by the id of the check that they belong to; none without such a run."""
    profile = facts.profile
    if profile is None:
        return {}
    told = {name: tuple(judge(profile, facts)) for name, judge in _JUDGES.items() if name in registered}
    return {name: findings for name, findings in told.items() if findings}


def why_not_from_within(facts: Facts) -> str | None:
    """Why a check on what only the observer sees does not apply."""
    assert facts.profile is not None  # noqa: S101 - declared in `needs` of each check that asks
    if facts.profile.inside is None:
        return "the script was not observed from within"
    return None if facts.profile.inside.steps.count else "the script took no training step that could be seen"


# -- the GPU


def _hidden(profile: Profile, facts: Facts) -> Iterator[Finding]:
    del facts
    inside = profile.inside
    if inside is None or not inside.gpus or inside.visible_gpus:
        return
    where = f" at {inside.gpu_hidden_at}" if inside.gpu_hidden_at else ""
    yield Finding(
        level=Level.WARNING,
        message=f"The script hides the GPU from itself: TensorFlow lists {_names(inside.gpus)}, and may use none.",
        evidence=(f"set_visible_devices([], 'GPU') at {inside.gpu_hidden_at}",) if inside.gpu_hidden_at else (),
        location=_location(inside.gpu_hidden_at),
        remedy=Remedy(
            summary="Take the line out: it hides the only GPU that there is.",
            steps=(
                manual(
                    f"Remove `tf.config.set_visible_devices([], 'GPU')`{where}. There is no CUDA on a Mac that it "
                    "could switch off."
                ),
            ),
        ),
    )


def _on_cpu(profile: Profile, facts: Facts) -> Iterator[Finding]:
    inside = profile.inside
    if inside is not None and inside.visible_gpus:
        places = _cpu_places(inside)
        if places:
            yield Finding(
                level=Level.ERROR,
                message="The script trains on the CPU although it may use the GPU: " + "; ".join(places) + ".",
                evidence=tuple(places),
                remedy=Remedy(
                    summary="Take the model out of the device scope that names the CPU.",
                    steps=(
                        manual(
                            "Look for `with tf.device('/CPU:0')` around the building, the compiling or the "
                            "fitting of "
                            "the model, and keep only the input inside it."
                        ),
                    ),
                ),
            )
            return
    share, host = profile.gpu_share, facts.host
    long_enough = profile.seconds >= threshold("profile-gpu-seconds")
    if share is None or not long_enough or host is None or not host.apple_silicon:
        return
    if share < threshold("profile-gpu-unused-share") and (profile.cpu_cores or 0.0) > 0.5:  # noqa: PLR2004 - half a core
        yield Finding(
            level=Level.ERROR,
            message=f"The GPU had work of this script in {share:.1%} of {profile.seconds:.0f} s, while "
            f"{profile.cpu_cores:.1f} processor cores were busy: it runs on the CPU.",
            expected="a share of the GPU that training shows: tens of percent",
            remedy=Remedy(
                summary="Find out what keeps the work from the GPU.",
                steps=(manual("Run it again with `m1doctor profile --inside`: that tells where the steps ran."),),
            ),
        )


def _cpu_places(inside: Inside) -> list[str]:
    places = []
    heavy = sum(inside.heavy_devices.values())
    pinned = sum(count for device, count in inside.heavy_devices.items() if "CPU" in device)
    if heavy and pinned * 2 > heavy:
        places.append(f"{pinned} of its {heavy} matrix products and convolutions ask for the CPU")
    if inside.gradient_device is not None and "CPU" in inside.gradient_device:
        places.append(f"its gradients are computed on {inside.gradient_device.rpartition('device:')[2]}")
    if inside.model is not None and "CPU" in (inside.model.device or ""):
        places.append(f"the weights of {inside.model.class_name} are on the CPU")
    return places


def _without_kernel(profile: Profile, facts: Facts) -> Iterator[Finding]:
    del facts
    inside = profile.inside
    if inside is None or not inside.visible_gpus or not inside.without_gpu_kernel:
        return
    operations = sorted(inside.without_gpu_kernel.items(), key=lambda each: -each[1])
    named = ", ".join(f"{name} x {count}" if count > 1 else name for name, count in operations[:5])
    more = f" and {len(operations) - 5} kinds more" if len(operations) > 5 else ""  # noqa: PLR2004 - as above
    yield Finding(
        level=Level.WARNING,
        message=f"{sum(inside.without_gpu_kernel.values())} of the {inside.graph_operations} operations of a training "
        f"step have no kernel for the GPU and run on the CPU, with copies each way: {named}{more}.",
        evidence=tuple(f"{name}: {count} in the graph, no GPU kernel registered" for name, count in operations),
        remedy=Remedy(
            summary="Use layers that have kernels, where the model allows it.",
            steps=(manual("Run `m1doctor ops` on the model: it names the layers that these operations come from."),),
        ),
    )


# -- speed


def _input_bound(profile: Profile, facts: Facts) -> Iterator[Finding]:
    del facts
    inside = profile.inside
    if inside is None or inside.wait_share is None or inside.steps.count < FEWEST_STEPS:
        return
    share, wait = inside.wait_share, inside.wait_seconds or 0.0
    per_request = wait / inside.requests if inside.requests else 0.0
    if share < threshold("input-wait-some-share") or per_request < threshold("input-wait-seconds"):
        return
    stage = inside.stages[0] if inside.stages else None
    slowest = (
        f" The busiest stage is {stage.name}, {stage.busy_seconds:.1f} s for {stage.elements} elements" if stage else ""
    )
    serial = ", one after the other" if stage and (stage.parallelism or 1) <= 1 else ""
    highly = share >= threshold("input-wait-share")
    beside_eager = inside.eager_gradients >= FEWEST_STEPS and share < 0.5  # noqa: PLR2004 - what is larger is told first
    yield Finding(
        level=Level.WARNING if highly and not beside_eager else Level.NOTE,
        message=f"Training waits for its input in {share:.0%} of the time: {per_request * 1000:.1f} ms for each "
        f"element, where a step takes {(inside.steps.median_seconds or 0.0) * 1000:.1f} ms in all."
        + (f"{slowest}{serial}." if slowest else ""),
        expected=f"a share below {threshold('input-wait-some-share'):.0%}",
        evidence=(
            f"{wait:.1f} s of {inside.training_seconds or 0.0:.1f} s blocked in the request for the next element",
            *(
                f"{each.name}: {each.elements} elements, busy {each.busy_seconds:.2f} s, "
                f"parallelism {f'{each.parallelism:g}' if each.parallelism else '-'}"
                for each in inside.stages[:5]
            ),
        ),
        remedy=Remedy(
            summary=f"Make the input faster: without the wait a step would take at best {1 - share:.0%} of its time.",
            steps=(
                manual(
                    "Take Python out of the input (generators, py_function, NumPy in a loop): use tf.data operations."
                ),
                manual(
                    "Cache what is the same in every epoch after decoding it; batch before a map that works on whole "
                    "batches; give stateful maps `num_parallel_calls=tf.data.AUTOTUNE`; end with `prefetch`."
                ),
            ),
        ),
    )


def _launch_bound(profile: Profile, facts: Facts) -> Iterator[Finding]:
    del facts
    inside = profile.inside
    if inside is None or inside.steps.count < FEWEST_STEPS or inside.steps.median_seconds is None:
        return
    if inside.eager_gradients >= FEWEST_STEPS:
        return  # an eager step is short of work for another reason
    batch, step = inside.batch, inside.steps.median_seconds
    small = batch is not None and batch < threshold("batch-small")
    short = step < threshold("launch-step-seconds")
    idle = profile.gpu_share is not None and profile.gpu_share < 0.5  # noqa: PLR2004 - more idle than busy
    fed = (inside.wait_share or 0.0) < threshold("input-wait-share") or (
        (inside.wait_seconds or 0.0) / max(1, inside.requests) < threshold("input-wait-seconds")
    )
    if not (short and fed and (small or (idle and batch is not None))):
        return
    assert batch is not None  # noqa: S101 - both conditions have seen to it
    busy = f" The GPU had work in {profile.gpu_share:.0%} of the time." if profile.gpu_share is not None else ""
    sure = (
        ""
        if profile.gpu_share is not None
        else " How loaded the GPU is cannot be read here, so this is likely, not sure."
    )
    yield Finding(
        level=Level.WARNING,
        message=f"The steps are too small to fill a GPU: {batch:.0f} examples and {step * 1000:.1f} ms a step, most of "
        f"which is starting the work and not doing it.{busy}{sure}",
        expected=f"batches of {threshold('batch-small'):.0f} and more, as far as memory goes",
        evidence=(f"{inside.steps.count} steps, {inside.examples} examples, median step {step * 1000:.2f} ms",),
        remedy=Remedy(
            summary="Give each step more to do.",
            steps=(
                manual("Double the batch size until the time of a step grows with it; adapt the learning rate."),
                manual("Where the batch must stay small: `model.compile(..., steps_per_execution=20)`."),
            ),
        ),
    )


def _eager(profile: Profile, facts: Facts) -> Iterator[Finding]:
    del facts
    inside = profile.inside
    if inside is None or inside.eager_gradients < FEWEST_STEPS:
        return
    asked = inside.model is not None and inside.model.run_eagerly
    where = f" at {inside.eager_site}" if inside.eager_site else ""
    yield Finding(
        level=Level.WARNING,
        message=f"{inside.eager_gradients} training steps ran operation by operation in Python{where}"
        + (", because the model was compiled with run_eagerly." if asked else ", outside of any tf.function.")
        + " Measured elsewhere, that takes 2.1 to 7.7 times as long as the same step compiled.",
        evidence=(f"{inside.eager_gradients} calls of GradientTape.gradient outside of a graph{where}",),
        location=_location(inside.eager_site),
        remedy=Remedy(
            summary="Compile the step.",
            steps=(
                manual("Take `run_eagerly=True` out of `compile`, and `run_functions_eagerly(True)` out of the script.")
                if asked
                else manual("Put the step into a function and decorate it with `@tf.function`; hand it tensors only."),
            ),
        ),
    )


def _retracing(profile: Profile, facts: Facts) -> Iterator[Finding]:
    del facts
    inside = profile.inside
    limit = threshold("traces-many")
    for function in inside.functions if inside is not None else ():
        if function.traces <= limit and function.made <= limit:
            continue
        made = function.made > limit
        yield Finding(
            level=Level.WARNING,
            message=f"{function.name} ({function.site}) was "
            + (f"made into a tf.function {function.made} times" if made else f"traced {function.traces} times")
            + ": each time TensorFlow builds the graph anew, which takes longer than many steps.",
            evidence=(f"made {function.made} times, traced {function.traces} times at most",),
            location=_location(function.site),
            remedy=Remedy(
                summary="Trace once." if not made else "Make the function once, outside of the loop.",
                steps=(
                    manual("Move `tf.function(...)` or the decorated `def` out of the loop.")
                    if made
                    else manual(
                        "Hand it tensors in the place of Python numbers, and batches of one shape "
                        "(`drop_remainder=True`), or say `reduce_retracing=True`."
                    ),
                ),
            ),
        )


def _slow_optimizer(profile: Profile, facts: Facts) -> Iterator[Finding]:
    del facts
    inside = profile.inside
    model = inside.model if inside is not None else None
    if inside is None or model is None or not inside.visible_gpus or not model.optimizer or not model.variables:
        return
    name = model.optimizer.rpartition(".")[2]
    step = inside.steps.median_seconds
    if ".optimizers." not in model.optimizer or "legacy" in model.optimizer or name == "SGD" or step is None:
        return
    launches = int(model.variables * threshold("optimizer-launches"))
    share = launches * threshold("launch-seconds") / step
    legacy = _between(inside.versions.get("tensorflow"), "keras-optimizers-rewritten", "keras-3")
    if share < threshold("optimizer-share"):
        return
    yield Finding(
        level=Level.WARNING,
        message=f"{name} updates {model.variables} variables in some {launches} small operations a step: at "
        f"{threshold('launch-seconds') * 1e6:.0f} microseconds a launch that is {min(share, 1.0):.0%} of the "
        f"{step * 1000:.1f} ms that a step takes.",
        evidence=(f"optimizer {model.optimizer}, {model.variables} trainable variables",),
        remedy=Remedy(
            summary="Update less often, or with fewer operations.",
            steps=(
                manual(f"Use `tf.keras.optimizers.legacy.{name}`: this line of Keras still has it, in one operation.")
                if legacy
                else manual("Larger batches make an update rarer; `steps_per_execution=20` saves Python's part of it."),
                manual("SGD has eighteen operations fewer for each variable, where the model trains with it."),
            ),
        ),
    )


def _between(version: str | None, first: str, last: str) -> bool:
    """Whether a TensorFlow is of a milestone or later, and older than another."""
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - only for an optimizer

    try:
        found = Version(Version(version or "").base_version)
    except InvalidVersion:
        return False
    return Version(first_release(first)) <= found < Version(first_release(last))


# -- memory


def _swapping(profile: Profile, facts: Facts) -> Iterator[Finding]:
    del facts
    swapped = [(sample.seconds, sample.swapped_pages) for sample in profile.samples if sample.swapped_pages]
    pages = sum(count for _, count in swapped)
    if len(swapped) < threshold("profile-swap-samples") or pages < threshold("profile-swap-pages"):
        return
    levels = {sample.pressure for sample in profile.samples if sample.pressure is not None}
    worst = next((each for each in (PressureLevel.CRITICAL, PressureLevel.WARN) if each in levels), None)
    under = f", under memory pressure at {worst}" if worst is not None else ""
    yield Finding(
        level=Level.WARNING,
        message=f"The machine swapped while the script ran{under}: {pages} pages went to and from disk, in "
        f"{len(swapped)} of {len(profile.samples)} samples. The GPU waits for each of them.",
        evidence=tuple(f"at {seconds:.0f} s: {count} pages" for seconds, count in swapped[:8]),
        remedy=Remedy(
            summary="Use less memory: a smaller batch, a smaller cache, fewer other programs.",
            steps=(
                manual("Close other programs, or halve the batch size."),
                manual("Take `cache()` without a file away from large datasets, or give it a file."),
            ),
        ),
    )


def _growing(profile: Profile, facts: Facts) -> Iterator[Finding]:
    del facts
    start = _settled(profile)
    late = [sample for sample in profile.samples if sample.seconds >= start and sample.resident_bytes]
    if len(late) < threshold("profile-growth-samples"):
        return
    third = len(late) // 3
    first, middle, last = (
        sorted(sample.resident_bytes or 0 for sample in part)[len(part) // 2]
        for part in (late[:third], late[third : 2 * third], late[2 * third :])
    )
    growth = last - first
    steady = min(middle - first, last - middle) >= growth * 0.25
    if growth < threshold("profile-growth-bytes") or growth < first * threshold("profile-growth-share") or not steady:
        return
    minutes = (late[-1].seconds - late[0].seconds) / 60 * 2 / 3
    yield Finding(
        level=Level.WARNING,
        message=f"The script's memory keeps growing: from {memory_size(first)} to {memory_size(last)} within "
        f"{(late[-1].seconds - late[0].seconds):.0f} s, about {memory_size(int(growth / minutes))} a minute.",
        expected="memory that levels off after the first steps",
        evidence=tuple(
            f"at {sample.seconds:.0f} s: {memory_size(sample.resident_bytes or 0)}"
            for sample in late[:: max(1, len(late) // 6)]
        ),
        remedy=Remedy(
            summary="Find what is kept from step to step.",
            steps=(
                manual("Append numbers to lists, not tensors: `float(loss)`, every so many steps."),
                manual(
                    "Make models, functions and datasets once, not in a loop, or call `keras.backend.clear_session()`."
                ),
            ),
        ),
    )


def _settled(profile: Profile) -> float:
    """When training had surely begun: with the first steps where they are seen, else some time after the start."""
    begun = [sample.seconds for sample in profile.samples if sample.steps]
    if begun:
        return begun[0]
    return max(threshold("profile-settle-seconds"), profile.seconds * 0.3)


_JUDGES: dict[str, Callable[[Profile, Facts], Iterator[Finding]]] = {
    "TF005": _hidden,
    "TF006": _on_cpu,
    "TF009": _without_kernel,
    "TF014": _slow_optimizer,
    "MEM002": _swapping,
    "MEM006": _growing,
    "PERF002": _input_bound,
    "PERF003": _launch_bound,
    "PERF006": _eager,
    "PERF007": _retracing,
}


def _names(devices: tuple[str, ...]) -> str:
    return ", ".join(name.rpartition("device:")[2] for name in devices)


def _location(site: str | None) -> Location | None:
    path, _, line = (site or "").rpartition(":")
    return Location(path=path, line=int(line)) if path and line.isdecimal() else None
