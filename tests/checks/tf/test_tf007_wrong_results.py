"""TF007: the answer is wrong."""

from __future__ import annotations

from judged import judged
from m1doctor.checks.tf.tf007_wrong_results import CHECK
from m1doctor.model.correctness import Comparisons, Correctness, PipelineAnswer
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown
from runs import ON_CPU, answers, dense, linux, mac, product, runtime, training


def test_a_wrong_product_is_an_error_with_its_size_and_place() -> None:
    result = judged(CHECK, mac(runtime(), answers(product(error=30.0, wrong=7))))
    assert result.status is Status.ERROR
    assert result.summary == (
        "A float32 1024 x 1024 product on GPU:0 is off by up to 30 in 7 of 1048576 elements; rounding explains 0.005."
    )
    evidence = result.findings[0].evidence
    assert "op: MatMul" in evidence
    assert any("largest error 30 at [0, 1]" in line for line in evidence)
    assert "plugin: tensorflow-metal 1.2.0" in evidence
    assert result.findings[0].remedy is not None


def test_a_product_that_is_not_finite_is_an_error() -> None:
    result = judged(CHECK, mac(runtime(), answers(product(error=None, wrong=1))))
    assert "is not finite in 1 of 1048576 elements" in result.summary


def test_a_wrong_product_on_the_cpu_is_one_too() -> None:
    result = judged(CHECK, linux(runtime(), answers(product(ON_CPU, error=1.0, wrong=1))))
    assert result.status is Status.ERROR
    assert "on CPU:0" in result.summary


def test_a_layer_that_is_wrong_in_graph_mode_only_says_what_is_right() -> None:
    wrong = dense(error=30.0, op_by_op=1e-4, on_the_CPU=1e-4)
    answered = answers(product(), dense=Comparisons(comparisons=(wrong,)))
    result = judged(CHECK, mac(runtime(), answered))
    assert "A float32 Dense layer with ReLU and 512 inputs in graph mode on GPU:0 is off by up to 30" in result.summary
    evidence = result.findings[0].evidence
    assert "op: _FusedMatMul" in evidence
    assert "the same op by op: largest error 0.0001, right" in evidence
    assert "the same on the CPU: largest error 0.0001, right" in evidence
    remedy = result.findings[0].remedy
    assert remedy is not None
    assert any("run_functions_eagerly" in step.text for step in remedy.steps)


def test_several_answers_of_one_op_are_one_finding_and_two_ops_are_two() -> None:
    products = (product(error=30.0, wrong=1), product(error=None, wrong=2), product())
    answered = answers(*products, dense=Comparisons(comparisons=(dense(error=20.0),)))
    result = judged(CHECK, mac(runtime(), answered))
    assert [finding.message.partition(" on GPU")[0] for finding in result.findings] == [
        "A float32 1024 x 1024 product",
        "A float32 Dense layer with ReLU and 512 inputs in graph mode",
    ]
    assert "not finite" in result.findings[0].message


def test_a_model_that_does_not_learn_is_an_error() -> None:
    result = judged(CHECK, mac(runtime(), answers(training=training(1.0, 1.0, 0.9))))
    assert result.status is Status.ERROR
    assert result.summary == (
        "A tiny model does not learn on GPU:0: in 3 steps of gradient descent its loss goes from 1 to 0.9, and in "
        "float64 to 0.2."
    )


def test_a_loss_that_is_not_finite_is_not_learning() -> None:
    result = judged(CHECK, mac(runtime(), answers(training=training(1.0, None, None))))
    assert "goes from 1 to not finite" in result.summary


def test_training_is_not_told_where_a_wrong_op_explains_it() -> None:
    answered = answers(product(error=30.0, wrong=1), training=training(1.0, 1.0, 1.0))
    assert len(judged(CHECK, mac(runtime(), answered)).findings) == 1


def test_a_pipeline_that_loses_elements_is_an_error() -> None:
    pipeline = PipelineAnswer(elements=500, expected_elements=512, checksum_matches=False, seconds=0.1)
    assert "gives 500 of 512 elements" in judged(CHECK, mac(runtime(), answers(pipeline=pipeline))).summary


def test_a_pipeline_with_other_numbers_is_an_error() -> None:
    pipeline = PipelineAnswer(elements=512, expected_elements=512, checksum_matches=False, seconds=0.1)
    assert "other numbers" in judged(CHECK, mac(runtime(), answers(pipeline=pipeline))).summary


def test_rounding_is_not_an_error() -> None:
    result = judged(CHECK, mac(runtime(), answers(product(error=4.9e-3))))
    assert result.status is Status.PASS
    assert result.summary == "GPU:0 gives NumPy's answers within rounding (1 compared), and a tiny model learns."


def test_what_is_not_known_is_named_and_not_passed_over() -> None:
    answered = answers(unknown={"dense": Unknown("the target died of SIGSEGV in the part 'dense'")})
    assert judged(CHECK, mac(runtime(), answered)).summary.endswith("Not known: dense.")
    nothing = Correctness(unknown={"product": Unknown("it died")})
    assert judged(CHECK, mac(runtime(), nothing)).skip is SkipKind.UNKNOWN
