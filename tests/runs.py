"""Runs of a target made by hand, for checks that judge them."""

from __future__ import annotations

from interpreters import distribution
from m1doctor.model.correctness import (
    Comparison,
    Comparisons,
    Correctness,
    Draw,
    Draws,
    Kernels,
    MissingKernel,
    PipelineAnswer,
    TrainingAnswer,
)
from m1doctor.model.facts import Facts
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.packages import Packages
from m1doctor.model.plugins import Plugin, Plugins, Provider
from m1doctor.model.runtime import ChildEnd, ChildOutcome, Device, Runtime

SITE = "/Users/me/tf/lib/python3.11/site-packages"
PYTHON = "/Users/me/tf/bin/python"
CPU, GPU = "/physical_device:CPU:0", "/physical_device:GPU:0"
ON_CPU, ON_GPU = (f"/job:localhost/replica:0/task:0/device:{kind}:0" for kind in ("CPU", "GPU"))
LIBRARY = f"{SITE}/tensorflow-plugins/libmetal_plugin.dylib"
LOAD_LIBRARY = f'File "{SITE}/tensorflow/python/framework/load_library.py", line 151, in load_pluggable_device_library'
FINISHED = ChildOutcome(end=ChildEnd.FINISHED, seconds=4.0)


def outcome(
    end: ChildEnd, *, stage: str | None = "import tensorflow", seconds: float = 2.0, **more: object
) -> ChildOutcome:
    """How a child ended, in the import where nothing else is said."""
    return ChildOutcome(end=end, stage=stage, seconds=seconds, **more)


def raised(kind: str, message: str, **more: object) -> ChildOutcome:
    """A child that raised."""
    return outcome(ChildEnd.RAISED, exception_type=kind, exception_message=message, **more)


def runtime(ended: ChildOutcome = FINISHED, *, imports: bool | None = None, **more: object) -> Runtime:
    """A run; without more it is a healthy one on the GPU."""
    healthy = ended.end is ChildEnd.FINISHED if imports is None else imports
    facts: dict[str, object] = {"prefix": "/Users/me/tf", "base_prefix": "/opt/python"}
    if healthy:
        facts |= {
            "import_seconds": 3.0,
            "versions": {"tensorflow": "2.18.1"},
            "devices": (Device(name=CPU, kind="CPU"), Device(name=GPU, kind="GPU")),
            "visible_devices": (CPU, GPU),
            "matmul_device": ON_GPU,
            "matmul_requested": "GPU:0",
        }
    return Runtime(outcome=ended, **(facts | more))


def product(device: str = ON_GPU, *, error: float | None = 1e-4, wrong: int = 0, **more: object) -> Comparison:
    """A product whose answer was compared."""
    facts: dict[str, object] = {"op": "MatMul", "words": "1024 x 1024 product", "dtype": "float32", "terms": 1024}
    return Comparison(
        **(facts | more),
        device=device,
        elements=1024 * 1024,
        wrong_elements=wrong,
        largest_error=error,
        where=(0, 1),
        tolerance=5e-3,
        largest_value=150.0,
    )


def dense(*, error: float | None, **others: float | None) -> Comparison:
    """A layer in graph mode whose answer was compared, and what others answered."""
    return product(
        error=error,
        wrong=9,
        op="_FusedMatMul",
        words="Dense layer with ReLU and 512 inputs in graph mode",
        terms=512,
        others={name.replace("_", " "): other for name, other in others.items()},
    )


def draw(op: str = "RandomUniform", *, repeated: int = 0, distinct: int = 1000, device: str = ON_GPU) -> Draw:
    """Numbers that were drawn twice."""
    return Draw(
        op=op,
        mode="op by op",
        device=device,
        numbers=1000,
        repeated=repeated,
        distinct=distinct,
        example=(0.25, 0.5),
    )


def training(*losses: float | None, device: str = ON_GPU) -> TrainingAnswer:
    """Steps of gradient descent whose loss should fall from 1 to 0.2."""
    return TrainingAnswer(device=device, losses=losses or (1.0, 0.5, 0.2), expected_losses=(1.0, 0.5, 0.2))


def kernels(*without: tuple[str, str], device: str = "GPU:0") -> Kernels:
    """What the registry said; without more it has all."""
    return Kernels(device=device, asked=56, without=tuple(MissingKernel(op=op, dtype=dtype) for op, dtype in without))


def answers(*compared: Comparison, **more: object) -> Correctness:
    """What TensorFlow answered; without more all of it is right."""
    right: dict[str, object] = {
        "product": Comparisons(comparisons=compared or (product(),)),
        "draws": Draws(draws=(draw(),)),
        "training": training(),
        "kernels": kernels(),
        "pipeline": PipelineAnswer(elements=512, expected_elements=512, checksum_matches=True, seconds=0.1),
    }
    return Correctness(**(right | more))


def plugin(provider: Provider = Provider.APPLE, *distributions: str) -> Plugins:
    """A Mac with one plugin."""
    return Plugins(
        tensorflow_version="2.18.1",
        libraries=(
            Plugin(
                path=LIBRARY,
                origin="tensorflow-plugins",
                real_path=LIBRARY,
                provider=provider,
                distributions=distributions,
            ),
        ),
    )


def mac(run: Runtime | None, answered: Correctness | None = None, *, metal: str = "1.2.0", **more: object) -> Facts:
    """A native environment on Apple silicon with TensorFlow 2.18.1 and Apple's plugin."""
    facts: dict[str, object] = {
        "runtime": run,
        "correctness": answered,
        "interpreter": Interpreter(
            executable=PYTHON,
            version="3.11.9",
            system="Darwin",
            machine="arm64",
            prefix="/Users/me/tf",
            site_folders=(SITE,),
        ),
        "packages": Packages(
            distributions=(
                distribution("pip", "25.0", folder=SITE, installer="pip"),
                distribution("tensorflow", "2.18.1", folder=SITE, installer="pip"),
                distribution("tensorflow-metal", metal, folder=SITE, installer="pip"),
            )
        ),
        "plugins": plugin(Provider.APPLE, f"tensorflow-metal {metal}"),
    }
    return Facts(**(facts | more))


def linux(run: Runtime | None, answered: Correctness | None = None) -> Facts:
    """An environment on Linux without a plugin."""
    return Facts(
        runtime=run,
        correctness=answered,
        interpreter=Interpreter(executable="/venv/bin/python", system="Linux", machine="x86_64", prefix="/venv"),
        packages=Packages(distributions=()),
        plugins=Plugins(),
    )
