"""TF007: the answer is wrong."""

from __future__ import annotations

from judged import judged
from m1doctor.checks.tf.tf007_wrong_results import CHECK
from m1doctor.model.correctness import Correctness, PipelineAnswer
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown
from runs import ON_CPU, answers, linux, mac, product, runtime


def test_a_wrong_product_is_an_error_with_its_size() -> None:
    result = judged(CHECK, mac(runtime(), answers(product(error=30.0, wrong=7))))
    assert result.status is Status.ERROR
    assert result.summary == (
        "A 1024 x 1024 float32 product on GPU:0 is off by up to 30 in 7 of 1048576 elements; rounding explains 0.005."
    )
    assert "plugin: tensorflow-metal 1.2.0" in result.findings[0].evidence
    assert result.findings[0].remedy is not None


def test_a_product_that_is_not_finite_is_an_error() -> None:
    result = judged(CHECK, mac(runtime(), answers(product(error=None, wrong=1))))
    assert "is not finite in 1 of 1048576 elements" in result.summary


def test_a_wrong_product_on_the_cpu_is_one_too() -> None:
    result = judged(CHECK, linux(runtime(), answers(product(ON_CPU, error=1.0, wrong=1))))
    assert result.status is Status.ERROR
    assert "on CPU:0" in result.summary


def test_a_pipeline_that_loses_elements_is_an_error() -> None:
    pipeline = PipelineAnswer(elements=500, expected_elements=512, checksum_matches=False, seconds=0.1)
    assert "gives 500 of 512 elements" in judged(CHECK, mac(runtime(), answers(pipeline=pipeline))).summary


def test_a_pipeline_with_other_numbers_is_an_error() -> None:
    pipeline = PipelineAnswer(elements=512, expected_elements=512, checksum_matches=False, seconds=0.1)
    assert "other numbers" in judged(CHECK, mac(runtime(), answers(pipeline=pipeline))).summary


def test_rounding_is_not_an_error() -> None:
    result = judged(CHECK, mac(runtime(), answers(product(error=4.9e-3))))
    assert (result.status, result.summary) == (Status.PASS, "A matrix product on GPU:0 gives NumPy's answer.")


def test_unknown_is_not_a_pass() -> None:
    nothing = Correctness(unknown={"product": Unknown("it died")})
    assert judged(CHECK, mac(runtime(), nothing)).skip is SkipKind.UNKNOWN
