"""TF006: the GPU is listed and the work is done elsewhere."""

from __future__ import annotations

from dataclasses import replace

import benches
from judged import judged
from m1doctor.checks.tf.tf006_work_on_cpu import CHECK
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.runtime import Device
from m1doctor.model.unknown import Unknown
from runs import CPU, ON_CPU, answers, kernels, linux, mac, product, runtime

REFUSAL = "Could not satisfy device specification '/job:localhost/replica:0/task:0/device:GPU:0'. [Op:MatMul]"


def test_a_refused_product_is_an_error_with_tensorflows_words() -> None:
    run = replace(runtime(), matmul_device=ON_CPU, matmul_refusal=REFUSAL)
    result = judged(CHECK, mac(run, answers(product(ON_CPU))))
    assert result.status is Status.ERROR
    assert result.summary == (
        "TensorFlow lists /physical_device:GPU:0, but a float32 matrix product runs on CPU:0: the plugin has no kernel "
        "for it."
    )
    assert REFUSAL in result.findings[0].evidence


def test_a_product_that_is_moved_when_left_alone_is_an_error_too() -> None:
    result = judged(CHECK, mac(runtime(), answers(product(ON_CPU))))
    assert result.status is Status.ERROR
    assert any("left to TensorFlow" in line for line in result.findings[0].evidence)
    assert "runs on CPU:0" in result.summary


def test_the_registry_is_quoted_where_it_has_no_kernel() -> None:
    run = replace(runtime(), matmul_device=ON_CPU, matmul_refusal=REFUSAL)
    without = answers(product(ON_CPU), kernels=kernels(("MatMul", "float32")))
    evidence = judged(CHECK, mac(run, without)).findings[0].evidence
    assert "TensorFlow's registry has no GPU kernel for MatMul of float32" in evidence


def test_work_on_the_gpu_passes_with_and_without_a_smoke_run() -> None:
    assert judged(CHECK, mac(runtime(), answers())).summary == "A matrix product runs on GPU:0."
    assert judged(CHECK, mac(runtime())).status is Status.PASS


def test_a_gpu_without_a_nanosecond_of_work_is_not_believed() -> None:
    result = judged(CHECK, mac(runtime(), answers(), bench=benches.bench(load=benches.load(gpu=0.0))))
    assert result.status is Status.ERROR
    assert result.summary == (
        "TensorFlow says that products run on /physical_device:GPU:0, but the system counts no GPU time for the "
        "process."
    )
    assert "GPU time of the process, as the system counts it: 0.0% of the time of the products" in (
        result.findings[0].evidence
    )


def test_gpu_time_is_told_where_it_is_counted_and_missed_by_nobody_where_it_is_not() -> None:
    counted = judged(CHECK, mac(runtime(), answers(), bench=benches.bench()))
    assert counted.summary == (
        "A matrix product runs on GPU:0, and the process had work on the GPU in 90% of the time."
    )
    nobody = judged(CHECK, mac(runtime(), answers(), bench=benches.bench(load=None)))
    assert nobody.summary == "A matrix product runs on GPU:0."


def test_without_a_visible_gpu_the_cpu_is_the_right_place() -> None:
    run = replace(
        runtime(),
        devices=(Device(name=CPU, kind="CPU"),),
        visible_devices=(CPU,),
        matmul_device=ON_CPU,
        matmul_requested="CPU:0",
    )
    assert judged(CHECK, mac(run)).status is Status.PASS
    assert judged(CHECK, linux(run)).skip is SkipKind.NOT_APPLICABLE


def test_unknown_is_not_a_pass() -> None:
    run = replace(runtime(), matmul_device=None, unknown={"matmul_device": Unknown("it died")})
    assert judged(CHECK, mac(run)).skip is SkipKind.UNKNOWN
