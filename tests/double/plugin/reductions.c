/* Ops that make many elements into few: sums and the like along axes, and the softmax family along rows. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plugin.h"

static int is_reduced(const Launch *launch, int axis) {
  const Array *axes = &launch->in[1];
  for (int64_t i = 0; i < axes->count; ++i)
    if (from_start(axes->list[i], launch->in[0].rank) == axis) return 1;
  return 0;
}

static int reduction_shape(Launch *launch) {
  const Array *in = &launch->in[0];
  int64_t dims[MAX_RANK];
  int rank = 0;
  for (int axis = 0; axis < in->rank; ++axis) {
    if (!is_reduced(launch, axis))
      dims[rank++] = in->dims[axis];
    else if (launch->attributes.keep_dims)
      dims[rank++] = 1;
  }
  set_shape(&launch->out[0], in->type, rank, dims);
  return launch->in[1].listed;
}

typedef enum { SUM, MEAN, PRODUCT, MAXIMUM, MINIMUM } Reduction;

static void reduce(Launch *launch, Reduction what) {
  const Array *in = &launch->in[0], *out = &launch->out[0];
  int64_t steps[MAX_RANK] = {0}, step = 1, place[MAX_RANK] = {0}, to = 0;
  for (int axis = in->rank - 1; axis >= 0; --axis)
    if (!is_reduced(launch, axis)) {
      steps[axis] = step;
      step *= in->dims[axis];
    }
  /* Sums of many numbers are kept in double: a GPU adds them up in a tree, which is as exact. */
  double *sums = malloc((size_t)(out->count + 1) * sizeof(double));
  const double begin = what == PRODUCT ? 1 : what == MAXIMUM ? -INFINITY : what == MINIMUM ? INFINITY : 0;
  for (int64_t i = 0; i < out->count; ++i) sums[i] = begin;
  for (int64_t i = 0; i < in->count; ++i) {
    const double value = in->values[i];
    if (what == PRODUCT)
      sums[to] *= value;
    else if (what == MAXIMUM)
      sums[to] = sums[to] > value ? sums[to] : value;
    else if (what == MINIMUM)
      sums[to] = sums[to] < value ? sums[to] : value;
    else
      sums[to] += value;
    for (int axis = in->rank - 1; axis >= 0; --axis) {
      to += steps[axis];
      if (++place[axis] < in->dims[axis]) break;
      to -= steps[axis] * in->dims[axis];
      place[axis] = 0;
    }
  }
  const double share = what == MEAN ? (double)out->count / (double)in->count : 1;
  for (int64_t i = 0; i < out->count; ++i) out->values[i] = (float)(sums[i] * share);
  free(sums);
  launch->operations = (double)in->count;
}

static void sum(Launch *launch) { reduce(launch, SUM); }
static void mean(Launch *launch) { reduce(launch, MEAN); }
static void product(Launch *launch) { reduce(launch, PRODUCT); }
static void maximum(Launch *launch) { reduce(launch, MAXIMUM); }
static void minimum(Launch *launch) { reduce(launch, MINIMUM); }

/* ---- BiasAddGrad -------------------------------------------------------------------------------------------------- */

static int bias_gradient_shape(Launch *launch) {
  const Array *in = &launch->in[0];
  if (in->rank < 1 || strcmp(launch->attributes.format, "NHWC") != 0) return 0;
  set_shape(&launch->out[0], in->type, 1, &in->dims[in->rank - 1]);
  return 1;
}

static void bias_gradient(Launch *launch) {
  const Array *in = &launch->in[0], *out = &launch->out[0];
  memset(out->values, 0, (size_t)out->count * sizeof(float));
  for (int64_t i = 0; i < in->count; ++i) out->values[i % out->count] += in->values[i];
  launch->operations = (double)in->count;
}

/* ---- Softmax ------------------------------------------------------------------------------------------------------ */

static void softmax_row(const float *row, float *answers, int64_t classes, int logarithm) {
  float most = -INFINITY, total = 0;
  for (int64_t i = 0; i < classes; ++i) most = row[i] > most ? row[i] : most;
  for (int64_t i = 0; i < classes; ++i) total += expf(row[i] - most);
  for (int64_t i = 0; i < classes; ++i)
    answers[i] = logarithm ? row[i] - most - logf(total) : expf(row[i] - most) / total;
}

static void softmax_rows(Launch *launch, int logarithm) {
  const Array *in = &launch->in[0];
  const int64_t classes = in->dims[in->rank - 1];
  for (int64_t i = 0; i + classes <= in->count && classes > 0; i += classes)
    softmax_row(in->values + i, launch->out[0].values + i, classes, logarithm);
}

static int softmax_shape(Launch *launch) { return launch->in[0].rank > 0 && shape_of_first(launch); }
static void softmax(Launch *launch) { softmax_rows(launch, 0); }
static void log_softmax(Launch *launch) { softmax_rows(launch, 1); }

static int cross_entropy_shape(Launch *launch) {
  if (launch->in[0].rank != 2) return 0;
  set_shape(&launch->out[0], launch->in[0].type, 1, launch->in[0].dims);
  set_shape(&launch->out[1], launch->in[0].type, 2, launch->in[0].dims);
  return 1;
}

/* What label `place` of a row weighs: given by an index, or by a distribution. */
static float weight_of(const Array *labels, int64_t row, int64_t place, int64_t classes) {
  if (labels->type == TF_INT32) return ((const int32_t *)labels->data)[row] == place;
  if (labels->type == TF_INT64) return ((const int64_t *)labels->data)[row] == place;
  return labels->values[(labels->count == classes ? 0 : row * classes) + place];
}

static void cross_entropy(Launch *launch) {
  const Array *logits = &launch->in[0];
  const int64_t rows = logits->dims[0], classes = logits->dims[1];
  float *loss = launch->out[0].values, *gradient = launch->out[1].values;
  for (int64_t i = 0; i < rows; ++i) {
    float *row = gradient + i * classes;
    softmax_row(logits->values + i * classes, row, classes, 1);
    loss[i] = 0;
    for (int64_t j = 0; j < classes; ++j) {
      const float weight = weight_of(&launch->in[1], i, j, classes);
      loss[i] -= weight * row[j];
      row[j] = expf(row[j]) - weight;
    }
  }
}

static const Op reductions[] = {
    {"Sum", "T", reduction_shape, sum, {"reduction_indices", NULL}},
    {"Mean", "T", reduction_shape, mean, {"reduction_indices", NULL}},
    {"Prod", "T", reduction_shape, product, {"reduction_indices", NULL}},
    {"Max", "T", reduction_shape, maximum, {"reduction_indices", NULL}},
    {"Min", "T", reduction_shape, minimum, {"reduction_indices", NULL}},
    {"BiasAddGrad", "T", bias_gradient_shape, bias_gradient, {NULL}},
    {"Softmax", "T", softmax_shape, softmax, {NULL}},
    {"LogSoftmax", "T", softmax_shape, log_softmax, {NULL}},
    {"SoftmaxCrossEntropyWithLogits", "T", cross_entropy_shape, cross_entropy, {NULL}},
    {"SparseSoftmaxCrossEntropyWithLogits", "T", cross_entropy_shape, cross_entropy, {NULL}},
};

void register_reductions(void) { register_ops(reductions, sizeof reductions / sizeof reductions[0]); }
