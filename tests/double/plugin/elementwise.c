/* Ops that take each element by itself, with broadcasting. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plugin.h"

/* ---- One input ---------------------------------------------------------------------------------------------------- */

#define UNARY(name, expression)                                                  \
  static void name(Launch *launch) {                                             \
    const float *values = launch->in[0].values;                                  \
    float *answers = launch->out[0].values;                                      \
    for (int64_t i = 0, count = launch->out[0].count; i < count; ++i) {          \
      const float x = values[i];                                                 \
      answers[i] = expression;                                                   \
    }                                                                            \
  }

UNARY(relu, x > 0 ? x : 0)
UNARY(tanh_of, tanhf(x))
UNARY(sigmoid, 1 / (1 + expf(-x)))
UNARY(exp_of, expf(x))
UNARY(log_of, logf(x))
UNARY(sqrt_of, sqrtf(x))
UNARY(rsqrt, 1 / sqrtf(x))
UNARY(square, x *x)
UNARY(negative, -x)
UNARY(absolute, fabsf(x))
UNARY(reciprocal, 1 / x)
UNARY(zero, x * 0)

/* ---- Two inputs --------------------------------------------------------------------------------------------------- */

static int broadcast_shape(Launch *launch) {
  const Array *one = &launch->in[0], *other = &launch->in[1];
  const int rank = one->rank > other->rank ? one->rank : other->rank;
  int64_t dims[MAX_RANK];
  for (int i = 1; i <= rank; ++i) {
    const int64_t a = i <= one->rank ? one->dims[one->rank - i] : 1;
    const int64_t b = i <= other->rank ? other->dims[other->rank - i] : 1;
    if (a != b && a != 1 && b != 1) return 0;
    dims[rank - i] = a == 1 ? b : a;
  }
  set_shape(&launch->out[0], one->type, rank, dims);
  return 1;
}

/* The values of an input at each place of the output; a new array where they have to be repeated. */
static const float *spread(const Array *in, const Array *out) {
  if (in->count == out->count) return in->values;
  float *values = malloc((size_t)(out->count + 1) * sizeof(float));
  int64_t steps[MAX_RANK] = {0}, step = 1;
  for (int i = 1; i <= in->rank; ++i) {
    steps[out->rank - i] = in->dims[in->rank - i] == 1 ? 0 : step;
    step *= in->dims[in->rank - i];
  }
  int64_t place[MAX_RANK] = {0}, from = 0;
  for (int64_t i = 0; i < out->count; ++i) {
    values[i] = in->values[from];
    for (int axis = out->rank - 1; axis >= 0; --axis) {
      from += steps[axis];
      if (++place[axis] < out->dims[axis]) break;
      from -= steps[axis] * out->dims[axis];
      place[axis] = 0;
    }
  }
  return values;
}

#define BINARY(name, expression)                                                 \
  static void name(Launch *launch) {                                             \
    const Array *out = &launch->out[0];                                          \
    const float *left = spread(&launch->in[0], out);                             \
    const float *right = spread(&launch->in[1], out);                            \
    for (int64_t i = 0; i < out->count; ++i) {                                   \
      const float x = left[i], y = right[i];                                     \
      out->values[i] = expression;                                               \
    }                                                                            \
    if (left != launch->in[0].values) free((void *)left);                        \
    if (right != launch->in[1].values) free((void *)right);                      \
  }

BINARY(add, x + y)
BINARY(subtract, x - y)
BINARY(times, x *y)
BINARY(divide, x / y)
BINARY(larger, x > y ? x : y)
BINARY(smaller, x < y ? x : y)
BINARY(squared_difference, (x - y) * (x - y))
BINARY(power, powf(x, y))
BINARY(relu_gradient, y > 0 ? x : 0)
BINARY(tanh_gradient, y *(1 - x * x))
BINARY(sigmoid_gradient, y *x *(1 - x))

/* ---- Others ------------------------------------------------------------------------------------------------------- */

static int bias_shape(Launch *launch) {
  const Array *values = &launch->in[0], *bias = &launch->in[1];
  return strcmp(launch->attributes.format, "NHWC") == 0 && bias->rank == 1 && values->rank > 1 &&
         bias->dims[0] == values->dims[values->rank - 1] && shape_of_first(launch);
}

static void add_n(Launch *launch) {
  const Array *out = &launch->out[0];
  memcpy(out->values, launch->in[0].values, (size_t)out->count * sizeof(float));
  for (int i = 1; i < launch->inputs; ++i)
    for (int64_t j = 0; j < out->count; ++j) out->values[j] += launch->in[i].values[j];
}

static int cast_shape(Launch *launch) {
  set_shape(&launch->out[0], launch->attributes.type, launch->in[0].rank, launch->in[0].dims);
  return launch->out[0].type == TF_FLOAT || launch->out[0].type == TF_HALF || launch->out[0].type == TF_BFLOAT16;
}

static void cast(Launch *launch) {
  const Array *in = &launch->in[0];
  float *out = launch->out[0].values;
  for (int64_t i = 0; i < in->count; ++i) {
    switch (in->type) {
      case TF_BOOL:
        out[i] = ((const unsigned char *)in->data)[i] != 0;
        break;
      case TF_UINT8:
        out[i] = ((const uint8_t *)in->data)[i];
        break;
      case TF_INT32:
        out[i] = (float)((const int32_t *)in->data)[i];
        break;
      case TF_INT64:
        out[i] = (float)((const int64_t *)in->data)[i];
        break;
      case TF_DOUBLE:
        out[i] = (float)((const double *)in->data)[i];
        break;
      default:
        out[i] = in->values != NULL ? in->values[i] : NAN;
    }
  }
}

static const Op elementwise[] = {
    {"Relu", "T", shape_of_first, relu, {NULL}},
    {"Tanh", "T", shape_of_first, tanh_of, {NULL}},
    {"Sigmoid", "T", shape_of_first, sigmoid, {NULL}},
    {"Exp", "T", shape_of_first, exp_of, {NULL}},
    {"Log", "T", shape_of_first, log_of, {NULL}},
    {"Sqrt", "T", shape_of_first, sqrt_of, {NULL}},
    {"Rsqrt", "T", shape_of_first, rsqrt, {NULL}},
    {"Square", "T", shape_of_first, square, {NULL}},
    {"Neg", "T", shape_of_first, negative, {NULL}},
    {"Abs", "T", shape_of_first, absolute, {NULL}},
    {"Reciprocal", "T", shape_of_first, reciprocal, {NULL}},
    {"ZerosLike", "T", shape_of_first, zero, {NULL}},
    {"Add", "T", broadcast_shape, add, {NULL}},
    {"AddV2", "T", broadcast_shape, add, {NULL}},
    {"Sub", "T", broadcast_shape, subtract, {NULL}},
    {"Mul", "T", broadcast_shape, times, {NULL}},
    {"RealDiv", "T", broadcast_shape, divide, {NULL}},
    {"Maximum", "T", broadcast_shape, larger, {NULL}},
    {"Minimum", "T", broadcast_shape, smaller, {NULL}},
    {"SquaredDifference", "T", broadcast_shape, squared_difference, {NULL}},
    {"Pow", "T", broadcast_shape, power, {NULL}},
    {"ReluGrad", "T", broadcast_shape, relu_gradient, {NULL}},
    {"TanhGrad", "T", broadcast_shape, tanh_gradient, {NULL}},
    {"SigmoidGrad", "T", broadcast_shape, sigmoid_gradient, {NULL}},
    {"BiasAdd", "T", bias_shape, add, {NULL}},
    {"AddN", "T", shape_of_first, add_n, {NULL}},
    {"Cast", "DstT", cast_shape, cast, {NULL}},
};

void register_elementwise(void) { register_ops(elementwise, sizeof elementwise / sizeof elementwise[0]); }
