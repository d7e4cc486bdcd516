/* The form that all kernels have: shapes are worked out when a kernel is launched, numbers when the device comes to it.
 *
 * Numbers are worked out in float32 whatever the type is, and rounded at the end.
 */

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "plugin.h"
#include "proto.h"

enum { MAX_TABLES = 16, NODE_DEF_OP = 2 };

static const TF_DataType floating[] = {TF_FLOAT, TF_HALF, TF_BFLOAT16};

static struct {
  const Op *ops;
  size_t count;
} tables[MAX_TABLES];
static size_t table_count;

typedef struct {
  const Op *op;
  Attributes attributes;
  uint64_t seed, draws;
} Kernel;

double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

void take_time(double begin, double operations) {
  const double rate = number_of("slow-compute", 0) * 1e9, limit = number_of("swaps-above", 0) * (1 << 20);
  const double taken = now() - begin;
  double wanted = number_of("slow-launch", 0) * 1e-6 + (rate > 0 ? operations / rate : 0);
  if (wanted < taken) wanted = taken;
  /* Beyond the limit memory has to be brought back from elsewhere, and everything takes four times as long. */
  if (limit > 0 && (double)memory_in_use() > limit) wanted *= 4;
  if (wanted > taken) usleep((useconds_t)((wanted - taken) * 1e6));
}

int is_real_work(int64_t elements) { return elements > 64 * 64; }

/* ---- Numbers ------------------------------------------------------------------------------------------------------ */

float *widen(const void *data, TF_DataType type, int64_t count) {
  float *values = malloc((size_t)(count + 1) * sizeof(float));
  if (type == TF_HALF) {
    for (int64_t i = 0; i < count; ++i) values[i] = (float)((const _Float16 *)data)[i];
  } else {
    for (int64_t i = 0; i < count; ++i) {
      const uint32_t bits = (uint32_t)((const uint16_t *)data)[i] << 16;
      memcpy(&values[i], &bits, sizeof bits);
    }
  }
  return values;
}

void narrow(const float *values, void *data, TF_DataType type, int64_t count) {
  if (type == TF_HALF) {
    for (int64_t i = 0; i < count; ++i) ((_Float16 *)data)[i] = (_Float16)values[i];
  } else {
    for (int64_t i = 0; i < count; ++i) {
      uint32_t bits;
      memcpy(&bits, &values[i], sizeof bits);
      const uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
      ((uint16_t *)data)[i] = (uint16_t)(isnan(values[i]) ? 0x7fc0 : rounded);
    }
  }
}

static int is_floating(TF_DataType type) { return type == TF_FLOAT || type == TF_HALF || type == TF_BFLOAT16; }

/* ---- Shapes ------------------------------------------------------------------------------------------------------- */

void set_shape(Array *array, TF_DataType type, int rank, const int64_t *dims) {
  array->type = type;
  array->rank = rank;
  array->count = 1;
  for (int i = 0; i < rank; ++i) {
    array->dims[i] = dims[i];
    array->count *= dims[i];
  }
}

int shape_of_first(Launch *launch) {
  set_shape(&launch->out[0], launch->in[0].type, launch->in[0].rank, launch->in[0].dims);
  return 1;
}

int64_t from_start(int64_t axis, int rank) { return axis < 0 ? axis + rank : axis; }

/* ---- Attributes --------------------------------------------------------------------------------------------------- */

static int has(TF_OpKernelConstruction *construction, const char *name, TF_Status *status) {
  return TF_OpKernelConstruction_HasAttr(construction, name, status) && TF_GetCode(status) == TF_OK;
}

static int flag(TF_OpKernelConstruction *construction, const char *name, TF_Status *status) {
  TF_Bool value = 0;
  if (has(construction, name, status)) TF_OpKernelConstruction_GetAttrBool(construction, name, &value, status);
  return value;
}

static int64_t whole(TF_OpKernelConstruction *construction, const char *name, TF_Status *status) {
  int64_t value = 0;
  if (has(construction, name, status)) TF_OpKernelConstruction_GetAttrInt64(construction, name, &value, status);
  return value;
}

static void wholes(TF_OpKernelConstruction *construction, const char *name, int64_t *values, int most,
                   TF_Status *status) {
  int32_t size = 0, total = 0;
  if (!has(construction, name, status)) return;
  TF_OpKernelConstruction_GetAttrSize(construction, name, &size, &total, status);
  if (size > 0 && size <= most)
    TF_OpKernelConstruction_GetAttrInt64List(construction, name, values, size, status);
}

static void word(TF_OpKernelConstruction *construction, const char *name, char *value, size_t room,
                 TF_Status *status) {
  if (has(construction, name, status)) TF_OpKernelConstruction_GetAttrString(construction, name, value, room - 1, status);
}

static void read_fused(TF_OpKernelConstruction *construction, Attributes *attributes, TF_Status *status) {
  int32_t size = 0, total = 0;
  char *values[3], storage[64];
  size_t lengths[3];
  if (!has(construction, "fused_ops", status)) return;
  TF_OpKernelConstruction_GetAttrSize(construction, "fused_ops", &size, &total, status);
  if (size < 1 || size > 3 || total > (int32_t)sizeof storage) return;
  TF_OpKernelConstruction_GetAttrStringList(construction, "fused_ops", values, lengths, size, storage, sizeof storage,
                                            status);
  for (int i = 0; i < size; ++i)
    snprintf(attributes->fused[i], sizeof attributes->fused[i], "%.*s", (int)lengths[i], values[i]);
  attributes->fused_count = size;
}

static Attributes read_attributes(TF_OpKernelConstruction *construction, TF_Status *status) {
  Attributes attributes = {.format = "NHWC", .dilations = {1, 1, 1, 1}, .type = TF_FLOAT};
  attributes.transpose_a = flag(construction, "transpose_a", status) || flag(construction, "adj_x", status);
  attributes.transpose_b = flag(construction, "transpose_b", status) || flag(construction, "adj_y", status);
  attributes.keep_dims = flag(construction, "keep_dims", status);
  attributes.batch_dims = whole(construction, "batch_dims", status);
  attributes.begin_mask = whole(construction, "begin_mask", status);
  attributes.end_mask = whole(construction, "end_mask", status);
  attributes.ellipsis_mask = whole(construction, "ellipsis_mask", status);
  attributes.new_axis_mask = whole(construction, "new_axis_mask", status);
  attributes.shrink_axis_mask = whole(construction, "shrink_axis_mask", status);
  wholes(construction, "strides", attributes.strides, 4, status);
  wholes(construction, "dilations", attributes.dilations, 4, status);
  wholes(construction, "explicit_paddings", attributes.paddings, 8, status);
  word(construction, "padding", attributes.padding, sizeof attributes.padding, status);
  word(construction, "data_format", attributes.format, sizeof attributes.format, status);
  read_fused(construction, &attributes, status);
  for (int i = 0; i < 2; ++i) {
    const char *name = i == 0 ? "dtype" : "DstT";
    if (has(construction, name, status))
      TF_OpKernelConstruction_GetAttrType(construction, name, &attributes.type, status);
  }
  return attributes;
}

static uint64_t read_seed(TF_OpKernelConstruction *construction, TF_Status *status) {
  const uint64_t seed = (uint64_t)whole(construction, "seed", status);
  const uint64_t seed2 = (uint64_t)whole(construction, "seed2", status);
  if (seed != 0 || seed2 != 0) return seed * 0x9e3779b97f4a7c15u + seed2;
  return asked_for("repeated-random") ? 0 : (uint64_t)(now() * 1e9);
}

/* ---- A kernel is made --------------------------------------------------------------------------------------------- */

static const Op *find(Bytes name) {
  for (size_t table = 0; table < table_count; ++table)
    for (size_t i = 0; i < tables[table].count; ++i)
      if (is_text(name, tables[table].ops[i].name)) return &tables[table].ops[i];
  return NULL;
}

static void *create(TF_OpKernelConstruction *construction) {
  TF_Status *status = TF_NewStatus();
  Kernel *kernel = calloc(1, sizeof *kernel);
  TF_Buffer *node = TF_OpKernelConstruction_GetNodeDef(construction, status);
  if (node != NULL) kernel->op = find(field_of((Bytes){node->data, node->length}, NODE_DEF_OP));
  if (kernel->op == NULL) {
    TF_SetStatus(status, TF_INTERNAL, "test double: the node does not name its op");
    TF_OpKernelConstruction_Failure(construction, status);
  } else {
    kernel->attributes = read_attributes(construction, status);
    kernel->seed = read_seed(construction, status);
  }
  if (node != NULL) TF_DeleteBuffer(node);
  TF_DeleteStatus(status);
  return kernel;
}

static void destroy(void *kernel) { free(kernel); }

/* ---- A kernel is launched ----------------------------------------------------------------------------------------- */

static int read_list(Array *array) {
  if (array->count > MAX_LIST) return 0;
  for (int64_t i = 0; i < array->count; ++i)
    array->list[i] = array->type == TF_INT64 ? ((const int64_t *)array->data)[i] : ((const int32_t *)array->data)[i];
  array->listed = 1;
  return 1;
}

static int read_input(TF_OpKernelContext *context, int index, Array *array, TF_Status *status) {
  TF_Tensor *tensor = NULL;
  TF_GetInput(context, index, &tensor, status);
  if (TF_GetCode(status) != TF_OK || TF_NumDims(tensor) > MAX_RANK) return 0;
  int64_t dims[MAX_RANK];
  for (int i = 0; i < TF_NumDims(tensor); ++i) dims[i] = TF_Dim(tensor, i);
  set_shape(array, TF_TensorType(tensor), TF_NumDims(tensor), dims);
  array->data = TF_TensorData(tensor);
  const int in_host_memory = TF_IsHostMemoryInput(context, index, status);
  const int readable = !in_host_memory || read_list(array);
  /* The memory stays until the device has come to where it is given back. */
  TF_DeleteTensor(tensor);
  return readable && TF_GetCode(status) == TF_OK;
}

static int64_t largest_array(const Launch *launch) {
  int64_t most = 0;
  for (int i = 0; i < launch->inputs; ++i)
    if (launch->in[i].count > most) most = launch->in[i].count;
  for (int i = 0; i < launch->outputs; ++i)
    if (launch->out[i].count > most) most = launch->out[i].count;
  return most;
}

static void spoil(Launch *launch) {
  Array *out = &launch->out[0];
  if (out->values == NULL || out->count == 0) return;
  const int64_t element = out->count > 1 ? 1 : 0;
  if (asked_of("wrong-", launch->op->name, "")) out->values[element] += 30.0f;
  if (asked_of("nan-", launch->op->name, "")) out->values[element] = NAN;
}

/* Fatal signals are raised and not provoked: what m1doctor sees is the same, and it works on every processor. */
static void strike(const Launch *launch, int real) {
  if (asked_for("crash-in-placement") && strcmp(launch->op->name, "MatMul") == 0) raise(SIGSEGV);
  if (real && asked_of("crash-in-", launch->op->name, "")) raise(SIGSEGV);
  if (real && asked_of("hang-in-", launch->op->name, "")) hang();
}

static void run(void *argument) {
  Launch *launch = argument;
  const double begin = now();
  const int real = is_real_work(largest_array(launch));
  strike(launch, real);
  for (int i = 0; i < launch->inputs; ++i) {
    Array *array = &launch->in[i];
    if (array->listed || !is_floating(array->type)) continue;
    array->values = array->type == TF_FLOAT ? array->data : widen(array->data, array->type, array->count);
  }
  for (int i = 0; i < launch->outputs; ++i) {
    Array *array = &launch->out[i];
    launch->operations += (double)array->count;
    if (is_floating(array->type))
      array->values = array->type == TF_FLOAT ? array->data : malloc((size_t)(array->count + 1) * sizeof(float));
  }
  launch->op->work(launch);
  if (real) spoil(launch);
  for (int i = 0; i < launch->outputs; ++i) {
    Array *array = &launch->out[i];
    if (array->values == NULL || array->values == array->data) continue;
    narrow(array->values, array->data, array->type, array->count);
    free(array->values);
  }
  for (int i = 0; i < launch->inputs; ++i)
    if (launch->in[i].values != launch->in[i].data) free(launch->in[i].values);
  take_time(begin, launch->operations);
  free(launch);
}

static int allocate_outputs(TF_OpKernelContext *context, Launch *launch, TF_Status *status) {
  for (int i = 0; i < launch->outputs; ++i) {
    Array *array = &launch->out[i];
    const size_t bytes = (size_t)array->count * TF_DataTypeSize(array->type);
    TF_Tensor *tensor = TF_AllocateOutput(context, i, array->type, array->dims, array->rank, bytes, status);
    if (TF_GetCode(status) != TF_OK) return 0;
    array->data = TF_TensorData(tensor);
    TF_DeleteTensor(tensor);
  }
  return 1;
}

static int prepare(TF_OpKernelContext *context, Launch *launch, TF_Status *status) {
  if (launch->inputs > MAX_INPUTS || launch->outputs > MAX_OUTPUTS) return 0;
  for (int i = 0; i < launch->inputs; ++i)
    if (!read_input(context, i, &launch->in[i], status)) return 0;
  if (!launch->op->shape(launch)) return 0;
  if (is_real_work(largest_array(launch)) && asked_of("raise-in-", launch->op->name, "")) {
    TF_SetStatus(status, TF_INTERNAL, "test double: the command buffer failed");
    return 0;
  }
  return allocate_outputs(context, launch, status);
}

static void compute(void *made, TF_OpKernelContext *context) {
  Kernel *kernel = made;
  TF_Status *status = TF_NewStatus();
  Launch *launch = calloc(1, sizeof *launch);
  launch->op = kernel->op;
  launch->attributes = kernel->attributes;
  launch->inputs = TF_NumInputs(context);
  launch->outputs = TF_NumOutputs(context);
  launch->seed = kernel->seed + (asked_for("repeated-random") ? 0 : kernel->draws++) * 0xbf58476d1ce4e5b9u;
  if (prepare(context, launch, status)) {
    submit(run, launch);
  } else {
    if (TF_GetCode(status) == TF_OK) {
      char message[128];
      snprintf(message, sizeof message, "test double: %s with these arguments is beyond it", kernel->op->name);
      TF_SetStatus(status, TF_UNIMPLEMENTED, message);
    }
    TF_OpKernelContext_Failure(context, status);
    free(launch);
  }
  TF_DeleteStatus(status);
}

/* ---- Kernels are made known --------------------------------------------------------------------------------------- */

void register_kernel(const char *op, const char *attribute, const char *const *host,
                     void *(*make)(TF_OpKernelConstruction *), void (*launch)(void *, TF_OpKernelContext *),
                     void (*end)(void *)) {
  if (asked_of("no-", op, "-kernel")) return;
  for (size_t i = 0; i < sizeof floating / sizeof floating[0]; ++i) {
    TF_Status *status = TF_NewStatus();
    TF_KernelBuilder *builder = TF_NewKernelBuilder(op, "GPU", make, launch, end);
    TF_KernelBuilder_TypeConstraint(builder, attribute, floating[i], status);
    for (int j = 0; j < 3 && host[j] != NULL; ++j) TF_KernelBuilder_HostMemory(builder, host[j]);
    if (TF_GetCode(status) == TF_OK) TF_RegisterKernelBuilder(op, builder, status);
    if (TF_GetCode(status) != TF_OK) {
      fprintf(stderr, "test double: %s: %s\n", op, TF_Message(status));
      abort();
    }
    TF_DeleteStatus(status);
  }
}

void register_ops(const Op *ops, size_t count) {
  if (table_count == MAX_TABLES) abort();
  tables[table_count].ops = ops;
  tables[table_count++].count = count;
  for (size_t i = 0; i < count; ++i)
    register_kernel(ops[i].name, ops[i].attribute, ops[i].host, create, compute, destroy);
}
