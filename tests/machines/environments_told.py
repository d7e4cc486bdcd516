"""What cannot be read from a machine's own tools: the target's interpreter, packages, plugins and run, as facts."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import benches
from interpreters import distribution
from m1doctor.model.bench import Bench
from m1doctor.model.correctness import (
    Comparison,
    Comparisons,
    Correctness,
    Draw,
    Draws,
    Kernels,
    PipelineAnswer,
    TrainingAnswer,
)
from m1doctor.model.interpreter import Interpreter, Vendor, VirtualEnvironment
from m1doctor.model.packages import Distribution, ImportPackage, NativeFile, Packages
from m1doctor.model.plugins import LinkStatus, LinkVerdict, Plugin, Plugins, Provider
from m1doctor.model.runtime import ChildEnd, ChildOutcome, Device, Runtime
from m1doctor.model.unknown import Unknown, not_applicable, not_asked

VENV = "/Users/someone/tf/.venv"
SITE = f"{VENV}/lib/python3.11/site-packages"
NOT_MEASURED = Unknown("this part was not recorded")


@dataclass(frozen=True, kw_only=True)
class Target:
    """The environment in numbers."""

    tensorflow: str | None = "2.18.1"
    metal: str | None = "1.2.0"
    python: str = "3.11.9"
    system: str = "Darwin"
    machine: str = "arm64"
    macos: str = "15.5"
    wheel_macos: str = "12_0"
    numpy_wheel_macos: str = "14_0"
    vendor: Vendor = Vendor.UV
    slices: tuple[str, ...] = ("arm64",)
    translated: bool | None = False
    end: ChildEnd | None = ChildEnd.FINISHED
    gpu: bool = True
    dyld: str | None = None
    """What dyld says of the plugin, which then raises it at import."""
    raised: str | None = None
    """What the import raises for another reason."""
    signal: str | None = None
    last_lines: tuple[str, ...] = ()


def interpreter(target: Target) -> Interpreter:
    """A virtual environment, whole and alone."""
    minor = ".".join(target.python.split(".")[:2])
    base = "/Users/someone/.local/share/uv/python/cpython-3.11/bin/python3.11"
    mac = target.system == "Darwin"
    return Interpreter(
        executable=f"{VENV}/bin/python",
        executable_exists=True,
        real_executable=base,
        version=target.python,
        system=target.system,
        machine=target.machine,
        slices=target.slices,
        translated=target.translated if mac else None,
        vendor=target.vendor,
        prefix=VENV,
        base_prefix="/Users/someone/.local/share/uv/python/cpython-3.11",
        site_folders=(SITE,),
        virtual_environment=VirtualEnvironment(
            path=VENV,
            home="/Users/someone/.local/share/uv/python/cpython-3.11/bin",
            home_exists=True,
            base_executable=base,
            base_executable_exists=True,
            creator="uv 0.9.5",
            made_for=target.python,
            library_folders=(minor,),
        ),
        leaks=(),
        neighbours=(),
        deployment_target="11.0" if mac else None,
        reported_macos=target.macos if mac else None,
        sdk="14.5" if mac else None,
        active=True,
        marker_environment={
            "implementation_name": "cpython",
            "implementation_version": target.python,
            "os_name": "posix",
            "platform_machine": target.machine,
            "platform_python_implementation": "CPython",
            "platform_system": target.system,
            "platform_release": "",
            "platform_version": "",
            "python_full_version": target.python,
            "python_version": minor,
            "sys_platform": "darwin" if mac else "linux",
        },
        unknown={"conda": not_applicable("this is no conda environment")}
        | ({} if mac else dict.fromkeys(("translated", "deployment_target", "reported_macos", "sdk"), _NOT_MAC)),
    )


_NOT_MAC = not_applicable("the target is not a macOS Python")


def _distribution(
    name: str, version: str, *tags: str, requires: Sequence[str] = (), top_level: Sequence[str] = ()
) -> Distribution:
    normalized = name.lower().replace("_", "-")
    return distribution(
        name,
        version,
        normalized_name=normalized,
        folder=SITE,
        metadata_path=f"{normalized.replace('-', '_')}-{version}.dist-info",
        installer="uv",
        requires=tuple(requires),
        wheel_tags=tags or ("py3-none-any",),
        recorded_files=100,
        top_level=tuple(top_level),
    )


def packages(target: Target) -> Packages:
    """TensorFlow and what it stands on, each requirement met; nothing but pip's own where there is no TensorFlow."""
    if target.tensorflow is None:
        return Packages(folders_read=(SITE,), distributions=(_distribution("pip", "25.3", top_level=("pip",)),))
    mac = target.system == "Darwin"
    platform = f"macosx_{target.wheel_macos}_{target.machine}" if mac else f"manylinux_2_17_{target.machine}"
    numpy_platform = f"macosx_{target.numpy_wheel_macos}_{target.machine}" if mac else platform
    tag, numpy_tag = f"cp311-cp311-{platform}", f"cp311-cp311-{numpy_platform}"
    minimum = target.wheel_macos.replace("_", ".") if mac else None
    found = [
        _distribution(
            "tensorflow",
            target.tensorflow,
            tag,
            requires=("six>=1.12.0", "numpy<2.1.0,>=1.26.0", "keras>=3.5.0", "ml-dtypes<0.5.0,>=0.4.0"),
            top_level=("tensorflow",),
        ),
        _distribution("keras", "3.8.0", requires=("numpy", "ml-dtypes"), top_level=("keras",)),
        _distribution("numpy", "2.0.2", numpy_tag, top_level=("numpy",)),
        _distribution("ml-dtypes", "0.4.1", tag, requires=("numpy>1.20",), top_level=("ml_dtypes",)),
        _distribution("six", "1.17.0", top_level=("six",)),
        _distribution("wheel", "0.45.1", top_level=("wheel",)),
    ]
    native = [
        NativeFile(
            path="tensorflow/libtensorflow_cc.2.dylib" if mac else "tensorflow/libtensorflow_cc.so.2",
            folder=SITE,
            distribution=f"tensorflow {target.tensorflow}",
            architectures=(target.machine,),
            minimum_macos=minimum,
        )
    ]
    if target.metal is not None:
        found.append(
            _distribution(
                "tensorflow-metal",
                target.metal,
                "cp311-cp311-macosx_12_0_arm64",
                requires=("wheel~=0.35", "six>=1.15.0"),
            )
        )
        native.append(
            NativeFile(
                path="tensorflow-plugins/libmetal_plugin.dylib",
                folder=SITE,
                distribution=f"tensorflow-metal {target.metal}",
                architectures=("arm64",),
                minimum_macos="12.1",
            )
        )
    return Packages(
        folders_read=(SITE,),
        distributions=tuple(found),
        modules=tuple(
            ImportPackage(name=each.top_level[0], folder=SITE, importable=True, owners=(f"{each.name} {each.version}",))
            for each in found
            if each.top_level in (("tensorflow",), ("keras",), ("numpy",))
        ),
        native_files=tuple(native),
    )


def plugins(target: Target) -> Plugins:
    """What TensorFlow would load."""
    if target.tensorflow is None:
        return Plugins(
            links_judged=0, unknown=dict.fromkeys(("tensorflow_folder", "tensorflow_version"), NO_TENSORFLOW)
        )
    libraries: tuple[Plugin, ...] = ()
    if target.metal is not None:
        path = f"{SITE}/tensorflow-plugins/libmetal_plugin.dylib"
        libraries = (
            Plugin(
                path=path,
                origin="tensorflow-plugins",
                real_path=path,
                provider=Provider.APPLE,
                distributions=(f"tensorflow-metal {target.metal}",),
                version=target.metal,
                identified_by="RECORD of tensorflow-metal",
                architectures=("arm64",),
                minimum_macos="12.1",
                registers=("SE_InitPlugin", "TF_InitGraph", "TF_InitKernel"),
                link=LinkVerdict(
                    status=LinkStatus.LIBRARY_NOT_LOADED if target.dyld else LinkStatus.LINKS,
                    dyld_message=target.dyld,
                    missing_library="@rpath/_pywrap_tensorflow_internal.so" if target.dyld else None,
                    symbols_checked=120,
                    against=("tensorflow/libtensorflow_cc.2.dylib", "tensorflow/libtensorflow_framework.2.dylib"),
                ),
            ),
        )
    return Plugins(
        libraries=libraries,
        tensorflow_folder=f"{SITE}/tensorflow",
        tensorflow_version=target.tensorflow,
        links_judged=len(libraries),
    )


NO_TENSORFLOW = not_applicable("there is no TensorFlow here")


def runtime(target: Target) -> Runtime | Unknown:
    """What a child of the target saw."""
    if target.end is None:
        return not_asked("--quick starts no process of the target")
    outcome = ChildOutcome(
        end=target.end,
        seconds=4.2,
        stage="done" if target.end is ChildEnd.FINISHED else "import tensorflow",
        returncode=0 if target.end is ChildEnd.FINISHED else 1 if target.end is ChildEnd.RAISED else None,
        signal=target.signal,
        exception_type=_raised(target)[0],
        exception_message=_raised(target)[1],
        last_lines=target.last_lines,
        time_limit_seconds=120.0,
    )
    mac = target.system == "Darwin"
    version = {"python": target.python}
    common = {
        "executable": f"{VENV}/bin/python",
        "prefix": VENV,
        "base_prefix": "/Users/someone/.local/share/uv/python/cpython-3.11",
        "machine": target.machine,
        "mac_version": target.macos if mac else "",
        "search_path": (SITE,),
    }
    if target.end is not ChildEnd.FINISHED:
        missing = dict.fromkeys(("import_seconds", "devices", "matmul_device", "tensorflow_file"), NOT_IMPORTED)
        return Runtime(outcome=outcome, versions=version, unknown=missing, **common)
    devices = [Device(name="/physical_device:CPU:0", kind="CPU")]
    if target.gpu:
        devices.append(Device(name="/physical_device:GPU:0", kind="GPU", details={"device_name": "METAL"}))
    kind = "GPU" if target.gpu else "CPU"
    return Runtime(
        outcome=outcome,
        import_seconds=3.1,
        bytecode_cached=True,
        versions={**version, "tensorflow": target.tensorflow or "", "keras": "3.8.0", "numpy": "2.0.2"},
        tensorflow_file=f"{SITE}/tensorflow/__init__.py",
        devices=tuple(devices),
        visible_devices=tuple(device.name for device in devices),
        matmul_device=f"/job:localhost/replica:0/task:0/device:{kind}:0",
        matmul_requested=f"/device:{kind}:0",
        **common,
    )


NOT_IMPORTED = Unknown("import tensorflow did not come to its end")


def _raised(target: Target) -> tuple[str | None, str | None]:
    if target.end is not ChildEnd.RAISED:
        return None, None
    if target.dyld is not None:
        return "tensorflow.python.framework.errors_impl.NotFoundError", target.dyld
    if target.raised is not None:
        return "ImportError", target.raised
    return "ModuleNotFoundError", "No module named 'tensorflow'"


def bench(target: Target, speed: float) -> Bench | Unknown:
    """A healthy benchmark, of that many floating point operations a second in float32."""
    if target.end is not ChildEnd.FINISHED:
        return Unknown("the import did not come to its end") if target.end else not_asked("--quick measures nothing")
    if not target.gpu:
        return benches.on_cpu_bench()
    load = dataclasses.replace(benches.load(), gpu_clock_hz=None)
    return benches.bench(matmul=benches.matmul(speed / benches.PEAK), load=load)


def correctness(target: Target) -> Correctness | Unknown:
    """The answers of the smoke run."""
    if target.end is not ChildEnd.FINISHED:
        return Unknown("the import did not come to its end") if target.end else not_asked("--quick measures nothing")
    place = "GPU:0" if target.gpu else "CPU:0"
    device = f"/job:localhost/replica:0/task:0/device:{place}"

    def compared(op: str, words: str, terms: int) -> Comparisons:
        return Comparisons(
            comparisons=(
                Comparison(
                    op=op,
                    words=words,
                    dtype="float32",
                    terms=terms,
                    device=device,
                    elements=8192,
                    wrong_elements=0,
                    largest_error=0.0002,
                    where=(3, 5),
                    tolerance=0.01,
                    largest_value=130.0,
                ),
            )
        )

    return Correctness(
        product=compared("MatMul", "1024 x 1024 product", 1024),
        dense=compared("_FusedMatMul", "Dense layer with ReLU and 512 inputs in graph mode", 512),
        convolution=compared("Conv2D", "convolution in graph mode", 144),
        reduction=compared("Sum", "sum of rows", 3000),
        indexing=compared("GatherV2", "gather of rows", 1),
        draws=Draws(
            draws=(Draw(op="RandomUniform", mode="op by op", device=device, numbers=1000, repeated=0, distinct=1000),)
        ),
        training=TrainingAnswer(device=device, losses=(0.72, 0.45, 0.24), expected_losses=(0.72, 0.45, 0.24)),
        kernels=Kernels(device=place, asked=56),
        pipeline=PipelineAnswer(elements=1000, expected_elements=1000, checksum_matches=True, seconds=0.02),
    )
