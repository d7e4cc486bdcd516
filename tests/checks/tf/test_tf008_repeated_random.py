"""TF008: the same random numbers again."""

from __future__ import annotations

from judged import judged
from m1doctor.checks.tf.tf008_repeated_random import CHECK
from m1doctor.model.correctness import Correctness, Draws
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown
from runs import ON_CPU, answers, draw, linux, mac, runtime


def test_a_second_draw_like_the_first_is_an_error() -> None:
    draws = Draws(draws=(draw(repeated=1000), draw("RandomStandardNormal")))
    result = judged(CHECK, mac(runtime(), answers(draws=draws)))
    assert result.status is Status.ERROR
    assert result.summary == (
        "Random numbers on GPU:0 are those of the one before: two draws of 1000 agree in 1000 places (RandomUniform)."
    )
    assert "which begins 0.25, 0.5" in result.findings[0].evidence[0]


def test_one_number_over_and_over_is_an_error() -> None:
    result = judged(CHECK, linux(runtime(), answers(draws=Draws(draws=(draw(distinct=1, device=ON_CPU),)))))
    assert "Random numbers on CPU:0 are all the same" in result.summary


def test_a_number_that_comes_again_by_chance_is_none() -> None:
    result = judged(CHECK, mac(runtime(), answers(draws=Draws(draws=(draw(repeated=1, distinct=999),)))))
    assert result.status is Status.PASS


def test_unknown_is_not_a_pass() -> None:
    assert judged(CHECK, mac(runtime(), Correctness(unknown={"draws": Unknown("it died")}))).skip is SkipKind.UNKNOWN
