"""LOAD308 generic-recurrence: a recurrent layer that cannot use the fused kernel."""

from __future__ import annotations

from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.module import Module
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_NEEDED = {"activation": "tanh", "recurrent_activation": "sigmoid", "unroll": False, "use_bias": True,
           "reset_after": True, "recurrent_dropout": 0}  # fmt: skip
"""What the fused kernel needs; these are the defaults."""


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """LSTM and GRU with another value for one of the arguments, and loops over cells."""
    del versions
    for call, region in module.calls_of("keras.layers.LSTM", "keras.layers.GRU"):
        for keyword in call.keywords:
            if keyword.arg not in _NEEDED:
                continue
            value = module.literal(keyword.value, region)
            if value is not ... and value != _NEEDED[keyword.arg]:
                yield Seen(
                    node=keyword,
                    message=f"With this `{keyword.arg}` the layer runs as a loop of many small launches.",
                )
                break
    for call, region in module.calls_of("keras.layers.RNN"):
        cell = module.argument(call, "cell", 0)
        made = module.type_of(cell, region) if cell is not None else None
        if made in ("keras.layers.LSTMCell", "keras.layers.GRUCell"):
            yield Seen(node=call.func, message="`RNN` over a cell runs as a loop of many small launches.")


RULE = Rule(
    id="LOAD308",
    slug="generic-recurrence",
    level=Level.NOTE,
    judge=judge,
    words=("LSTM", "GRU"),
    gain="up to 33 times was reported",
    page=RulePage(
        what="An LSTM or GRU has arguments that rule the fused kernel out, or is an `RNN` over a cell.",
        why=(
            "Without the fused kernel each step in time is a round of a loop with many small launches: 670 ms a step "
            "with the GPU and 20 without it are reported for an M1 Ultra."
        ),
        example="x = keras.layers.LSTM(64, activation='relu')(x)",
        better="x = keras.layers.LSTM(64)(x)",
        fix="Keep to the defaults, or train such a model on the CPU on purpose.",
        versions="Every TensorFlow 2.",
        sources=(
            Source("tensorflow#62397: 670 ms a step on the GPU and 20 ms on the CPU",
                   "https://github.com/tensorflow/tensorflow/issues/62397", "2026-11-23"),
            Source("Keras: backend/tensorflow/rnn.py, what the fused kernel needs",
                   "https://github.com/keras-team/keras/blob/master/keras/src/backend/tensorflow/rnn.py", "2026-11-23"),
        ),
    ),
)  # fmt: skip
