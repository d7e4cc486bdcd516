/* Ops that only move elements: gather and scatter, transposition, filling. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plugin.h"

static int64_t index_at(const Array *indices, int64_t place) {
  return indices->type == TF_INT64 ? ((const int64_t *)indices->data)[place] : ((const int32_t *)indices->data)[place];
}

static int64_t size_of(const int64_t *dims, int from, int to) {
  int64_t size = 1;
  for (int i = from; i < to; ++i) size *= dims[i];
  return size;
}

/* ---- GatherV2 ----------------------------------------------------------------------------------------------------- */

static int gather_shape(Launch *launch) {
  const Array *source = &launch->in[0], *indices = &launch->in[1];
  if (launch->attributes.batch_dims != 0 || !launch->in[2].listed) return 0;
  if (source->rank - 1 + indices->rank > MAX_RANK) return 0;
  const int axis = (int)from_start(launch->in[2].list[0], source->rank);
  int64_t dims[MAX_RANK];
  int rank = 0;
  for (int i = 0; i < axis; ++i) dims[rank++] = source->dims[i];
  for (int i = 0; i < indices->rank; ++i) dims[rank++] = indices->dims[i];
  for (int i = axis + 1; i < source->rank; ++i) dims[rank++] = source->dims[i];
  set_shape(&launch->out[0], source->type, rank, dims);
  return 1;
}

static void gather(Launch *launch) {
  const Array *source = &launch->in[0], *indices = &launch->in[1];
  const int axis = (int)from_start(launch->in[2].list[0], source->rank);
  const int64_t before = size_of(source->dims, 0, axis), along = source->dims[axis];
  const int64_t after = size_of(source->dims, axis + 1, source->rank);
  float *out = launch->out[0].values;
  for (int64_t i = 0; i < before; ++i)
    for (int64_t j = 0; j < indices->count; ++j, out += after) {
      const int64_t index = index_at(indices, j);
      const int inside = index >= 0 && index < along;
      /* Without a check of bounds, as GPUs do it: what is outside reads as zero. */
      if (inside)
        memcpy(out, source->values + (i * along + index) * after, (size_t)after * sizeof(float));
      else
        memset(out, 0, (size_t)after * sizeof(float));
    }
}

/* ---- Scatter: into an array of zeros, into a copy, and by segment --------------------------------------------------- */

static int scatter_shape(Launch *launch) {
  const Array *shape = &launch->in[2];
  if (!shape->listed || shape->count > MAX_RANK) return 0;
  set_shape(&launch->out[0], launch->in[1].type, (int)shape->count, shape->list);
  return 1;
}

static void scatter(Launch *launch, const Array *indices, const float *updates, int replace) {
  Array *out = &launch->out[0];
  const int64_t depth = indices->dims[indices->rank - 1];
  const int64_t slice = size_of(out->dims, (int)depth, out->rank), count = depth > 0 ? indices->count / depth : 0;
  for (int64_t i = 0; i < count; ++i) {
    int64_t place = 0, inside = 1;
    for (int64_t j = 0; j < depth; ++j) {
      const int64_t index = index_at(indices, i * depth + j);
      inside = inside && index >= 0 && index < out->dims[j];
      place = place * out->dims[j] + index;
    }
    for (int64_t j = 0; inside && j < slice; ++j) {
      float *to = out->values + place * slice + j;
      *to = updates[i * slice + j] + (replace ? 0 : *to);
    }
  }
}

static void scatter_nd(Launch *launch) {
  memset(launch->out[0].values, 0, (size_t)launch->out[0].count * sizeof(float));
  scatter(launch, &launch->in[0], launch->in[1].values, 0);
}

static void scatter_into_copy(Launch *launch, int replace) {
  memcpy(launch->out[0].values, launch->in[0].values, (size_t)launch->out[0].count * sizeof(float));
  scatter(launch, &launch->in[1], launch->in[2].values, replace);
}

static void scatter_update(Launch *launch) { scatter_into_copy(launch, 1); }
static void scatter_add(Launch *launch) { scatter_into_copy(launch, 0); }

static int segment_shape(Launch *launch) {
  const Array *in = &launch->in[0], *segments = &launch->in[1];
  if (!launch->in[2].listed || segments->rank > in->rank) return 0;
  int64_t dims[MAX_RANK] = {launch->in[2].list[0]};
  for (int i = segments->rank; i < in->rank; ++i) dims[1 + i - segments->rank] = in->dims[i];
  set_shape(&launch->out[0], in->type, 1 + in->rank - segments->rank, dims);
  return 1;
}

static void segment_sum(Launch *launch) {
  const Array *in = &launch->in[0], *segments = &launch->in[1];
  Array *out = &launch->out[0];
  const int64_t slice = size_of(out->dims, 1, out->rank);
  memset(out->values, 0, (size_t)out->count * sizeof(float));
  for (int64_t i = 0; i < segments->count; ++i) {
    const int64_t segment = index_at(segments, i);
    if (segment < 0 || segment >= out->dims[0]) continue;
    for (int64_t j = 0; j < slice; ++j) out->values[segment * slice + j] += in->values[i * slice + j];
  }
}

/* ---- Transposition, filling, repeating ------------------------------------------------------------------------------ */

static int transpose_shape(Launch *launch) {
  const Array *in = &launch->in[0], *order = &launch->in[1];
  if (!order->listed || order->count != in->rank) return 0;
  int64_t dims[MAX_RANK];
  for (int i = 0; i < in->rank; ++i) dims[i] = in->dims[from_start(order->list[i], in->rank)];
  set_shape(&launch->out[0], in->type, in->rank, dims);
  return 1;
}

static void transpose(Launch *launch) {
  const Array *in = &launch->in[0], *out = &launch->out[0];
  int64_t steps[MAX_RANK], place[MAX_RANK] = {0}, from = 0;
  for (int i = 0; i < in->rank; ++i) {
    const int axis = (int)from_start(launch->in[1].list[i], in->rank);
    steps[i] = size_of(in->dims, axis + 1, in->rank);
  }
  for (int64_t i = 0; i < out->count; ++i) {
    out->values[i] = in->values[from];
    for (int axis = out->rank - 1; axis >= 0; --axis) {
      from += steps[axis];
      if (++place[axis] < out->dims[axis]) break;
      from -= steps[axis] * out->dims[axis];
      place[axis] = 0;
    }
  }
}

static int fill_shape(Launch *launch) {
  const Array *shape = &launch->in[0];
  if (!shape->listed || shape->count > MAX_RANK) return 0;
  set_shape(&launch->out[0], launch->in[1].type, (int)shape->count, shape->list);
  return 1;
}

static void fill(Launch *launch) {
  for (int64_t i = 0; i < launch->out[0].count; ++i) launch->out[0].values[i] = launch->in[1].values[0];
}

static int tile_shape(Launch *launch) {
  const Array *in = &launch->in[0], *times = &launch->in[1];
  if (!times->listed || times->count != in->rank) return 0;
  int64_t dims[MAX_RANK];
  for (int i = 0; i < in->rank; ++i) dims[i] = in->dims[i] * times->list[i];
  set_shape(&launch->out[0], in->type, in->rank, dims);
  return 1;
}

static int broadcast_to_shape(Launch *launch) {
  const Array *in = &launch->in[0], *shape = &launch->in[1];
  if (!shape->listed || shape->count > MAX_RANK || shape->count < in->rank) return 0;
  set_shape(&launch->out[0], in->type, (int)shape->count, shape->list);
  return 1;
}

/* The output is the input again and again along each axis: a tile, or an axis of one. */
static void repeat(Launch *launch) {
  const Array *in = &launch->in[0], *out = &launch->out[0];
  const int more = out->rank - in->rank;
  for (int64_t i = 0; i < out->count; ++i) {
    int64_t rest = i, from = 0, step = 1;
    for (int axis = out->rank - 1; axis >= more; --axis) {
      const int64_t dim = in->dims[axis - more];
      from += rest % out->dims[axis] % dim * step;
      step *= dim;
      rest /= out->dims[axis];
    }
    out->values[i] = in->values[from];
  }
}

static int concat_shape(Launch *launch) {
  const Array *axis_in = &launch->in[launch->inputs - 1], *first = &launch->in[0];
  if (!axis_in->listed) return 0;
  const int axis = (int)from_start(axis_in->list[0], first->rank);
  int64_t dims[MAX_RANK];
  memcpy(dims, first->dims, sizeof dims);
  for (int i = 1; i < launch->inputs - 1; ++i) dims[axis] += launch->in[i].dims[axis];
  set_shape(&launch->out[0], first->type, first->rank, dims);
  return 1;
}

static void concat(Launch *launch) {
  const Array *out = &launch->out[0];
  const int axis = (int)from_start(launch->in[launch->inputs - 1].list[0], out->rank);
  const int64_t before = size_of(out->dims, 0, axis);
  float *to = out->values;
  for (int64_t i = 0; i < before; ++i)
    for (int j = 0; j < launch->inputs - 1; ++j) {
      const Array *in = &launch->in[j];
      const int64_t size = size_of(in->dims, axis, in->rank);
      memcpy(to, in->values + i * size, (size_t)size * sizeof(float));
      to += size;
    }
}

/* ---- StridedSlice ------------------------------------------------------------------------------------------------- */

static int is_set(int64_t mask, int place) { return (int)(mask >> place & 1); }

/* The part of one axis that begin, end and step say, in the manner of Python. */
static int64_t cut(const Attributes *attributes, int place, const Launch *launch, int64_t size, int64_t *begin) {
  const int64_t step = launch->in[3].list[place], last = step > 0 ? size : size - 1, first = step > 0 ? 0 : -1;
  int64_t low = from_start(launch->in[1].list[place], (int)size), high = from_start(launch->in[2].list[place], (int)size);
  low = low < first ? first : low > last ? last : low;
  high = high < first ? first : high > last ? last : high;
  if (is_set(attributes->begin_mask, place)) low = step > 0 ? first : last;
  if (is_set(attributes->end_mask, place)) high = step > 0 ? last : first;
  *begin = low;
  const int64_t count = (high - low + step + (step > 0 ? -1 : 1)) / step;
  return count > 0 ? count : 0;
}

/* Works out the shape and, how far a step of each axis of the output goes in the input, which begins at `offset`. */
static int slice_plan(Launch *launch, int64_t *steps, int64_t *offset) {
  const Array *in = &launch->in[0];
  const Attributes *attributes = &launch->attributes;
  const int entries = (int)launch->in[1].count;
  int64_t dims[MAX_RANK];
  int rank = 0, axis = 0, added = 0;
  *offset = 0;
  if (!launch->in[1].listed || !launch->in[2].listed || !launch->in[3].listed) return 0;
  for (int i = 0; i < entries; ++i) added += is_set(attributes->new_axis_mask, i);
  for (int i = 0; i < entries || axis < in->rank; ++i) {
    const int is_given = i < entries;
    const int whole = !is_given || is_set(attributes->ellipsis_mask, i);
    if (is_given && !whole && is_set(attributes->new_axis_mask, i)) {
      if (rank == MAX_RANK) return 0;
      steps[rank] = 0;
      dims[rank++] = 1;
      --added;
      continue;
    }
    int axes_here = 1;
    if (is_given && whole) axes_here = in->rank - axis - (entries - i - 1 - added);
    for (int j = 0; j < axes_here; ++j, ++axis) {
      if (axis >= in->rank || rank == MAX_RANK) return 0;
      const int64_t step = size_of(in->dims, axis + 1, in->rank);
      int64_t begin = 0, count = in->dims[axis];
      if (!whole) count = cut(attributes, i, launch, in->dims[axis], &begin);
      *offset += begin * step;
      if (!whole && is_set(attributes->shrink_axis_mask, i)) continue;
      steps[rank] = whole ? step : step * launch->in[3].list[i];
      dims[rank++] = count;
    }
  }
  set_shape(&launch->out[0], in->type, rank, dims);
  return 1;
}

static int slice_shape(Launch *launch) {
  int64_t steps[MAX_RANK];
  int64_t offset;
  return slice_plan(launch, steps, &offset);
}

static void slice(Launch *launch) {
  int64_t steps[MAX_RANK];
  int64_t from, place[MAX_RANK] = {0};
  const Array *in = &launch->in[0];
  Array *out = &launch->out[0];
  slice_plan(launch, steps, &from);
  for (int64_t i = 0; i < out->count; ++i) {
    out->values[i] = in->values[from];
    for (int axis = out->rank - 1; axis >= 0; --axis) {
      from += steps[axis];
      if (++place[axis] < out->dims[axis]) break;
      from -= steps[axis] * out->dims[axis];
      place[axis] = 0;
    }
  }
}

static const Op moves[] = {
    {"StridedSlice", "T", slice_shape, slice, {"begin", "end", "strides"}},
    {"GatherV2", "Tparams", gather_shape, gather, {"axis", NULL}},
    {"ScatterNd", "T", scatter_shape, scatter_nd, {"shape", NULL}},
    {"TensorScatterUpdate", "T", shape_of_first, scatter_update, {NULL}},
    {"TensorScatterAdd", "T", shape_of_first, scatter_add, {NULL}},
    {"UnsortedSegmentSum", "T", segment_shape, segment_sum, {"num_segments", NULL}},
    {"Transpose", "T", transpose_shape, transpose, {"perm", NULL}},
    {"Fill", "T", fill_shape, fill, {"dims", NULL}},
    {"Tile", "T", tile_shape, repeat, {"multiples", NULL}},
    {"BroadcastTo", "T", broadcast_to_shape, repeat, {"shape", NULL}},
    {"ConcatV2", "T", concat_shape, concat, {"axis", NULL}},
};

void register_moves(void) { register_ops(moves, sizeof moves / sizeof moves[0]); }
