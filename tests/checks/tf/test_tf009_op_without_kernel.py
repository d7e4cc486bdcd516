"""TF009: an op has no kernel on this GPU."""

from __future__ import annotations

import pytest

import logs
from judged import judged
from m1doctor.checks.tf.tf009_op_without_kernel import CHECK
from m1doctor.model.correctness import Correctness
from m1doctor.model.facts import Facts
from m1doctor.model.plugins import Provider
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown
from m1doctor.support.log.report import facts_of
from runs import ON_CPU, answers, kernels, linux, mac, plugin, product, runtime


@pytest.mark.parametrize(
    "text",
    [
        (
            "NotFoundError: No registered 'RngReadAndSkip' OpKernel for 'GPU' devices compatible with node "
            "{{node RngReadAndSkip}}"
        ),
        (
            "Cannot assign a device for operation x: Could not satisfy explicit device specification "
            "'/device:GPU:0' because no supported kernel for GPU devices is available."
        ),
    ],
)
def test_the_words_of_the_fault_are_told_with_their_line(text: str) -> None:
    result = judged(CHECK, facts_of(logs.read(f"well\n{text}")))
    assert result.status is Status.WARNING
    finding = result.findings[0]
    assert finding.location is not None
    assert finding.location.line == 2
    assert finding.evidence[0].startswith("line 2: ")
    assert finding.remedy is not None


@pytest.mark.parametrize(
    "text",
    [
        (
            "WARNING:tensorflow:Using a while_loop for converting Bitcast cause there is no registered "
            "converter for this op."
        ),
        "No registered 'X' OpKernel for XLA_GPU_JIT devices compatible with node",
    ],
)
def test_other_words_are_not(text: str) -> None:
    assert judged(CHECK, facts_of(logs.read(text))).status is Status.SKIPPED


def test_a_kernel_that_the_table_of_the_plugin_holds_and_the_registry_does_not_is_a_warning() -> None:
    answered = answers(product(ON_CPU, op="Conv2D", words="convolution"), kernels=kernels(("Conv2D", "float32")))
    result = judged(CHECK, mac(runtime(), answered))
    assert result.status is Status.WARNING
    assert result.summary == (
        "GPU:0 has no kernel for Conv2D of float32: the CPU does that work, and what it needs is copied there and back."
    )
    finding = result.findings[0]
    assert finding.expected == "the kernels of tensorflow-metal 1.2.0"
    assert any("the float32 convolution is on" in line for line in finding.evidence)


def test_the_types_of_one_op_are_told_together() -> None:
    without = kernels(("Conv2D", "float32"), ("Conv2D", "float16"), ("Sum", "float32"))
    summary = judged(CHECK, mac(runtime(), answers(kernels=without))).summary
    assert "no kernel for Conv2D of float32 and float16, Sum of float32:" in summary


def test_what_the_plugin_never_had_is_no_fault_of_this_environment() -> None:
    without = kernels(("TensorScatterAdd", "float16"))
    assert judged(CHECK, mac(runtime(), answers(kernels=without))).status is Status.PASS


def test_of_a_plugin_without_a_table_only_float32_is_expected() -> None:
    without = kernels(("Conv2D", "float16"))
    facts = mac(runtime(), answers(kernels=without), plugins=plugin(Provider.OTHER))
    assert judged(CHECK, facts).status is Status.PASS
    facts = mac(runtime(), answers(kernels=kernels(("Conv2D", "float32"))), plugins=plugin(Provider.OTHER))
    assert judged(CHECK, facts).findings[0].expected == "a kernel for every op of ordinary training"


def test_without_a_gpu_there_is_nothing_to_say() -> None:
    result = judged(CHECK, linux(runtime(), answers(kernels=kernels(device="CPU:0"))))
    assert result.skip is SkipKind.NOT_APPLICABLE


def test_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, mac(runtime(), Correctness(unknown={"kernels": Unknown("it died")}))).skip is SkipKind.UNKNOWN
    assert judged(CHECK, Facts()).skip is SkipKind.UNKNOWN
