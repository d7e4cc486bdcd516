/* Variables: TensorFlow keeps them and their locks, the device copies and updates. */

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "plugin.h"
#include "tensorflow/c/kernels_experimental.h"

/* TensorFlow 2.21.0 exports none of these. The plugin loads there all the same. TensorFlow then updates variables
 * itself, in the memory of the device and without asking it, so the device must have come to an end before. */
#pragma weak TF_AssignVariable
#pragma weak TF_AssignUpdateVariable
#pragma weak TF_GetInputTensorFromVariable
#pragma weak TF_MaybeLockVariableInputMutexesInOrder
#pragma weak TF_ReleaseVariableInputLockHolder

int has_variables(void) { return TF_AssignUpdateVariable != NULL; }

enum { MOST = 10 };

/* One update on the device: `arrays` are the variables, then the values, in the order of the op's arguments. */
typedef struct Update {
  void (*work)(struct Update *update);
  void *data[MOST];
  float *values[MOST];
  int64_t counts[MOST];
  TF_DataType type;
  int arrays, variables, sign;
} Update;

static void *create(TF_OpKernelConstruction *construction) {
  (void)construction;
  return NULL;
}

static void destroy(void *kernel) { (void)kernel; }

static void run(void *argument) {
  Update *update = argument;
  const double begin = now();
  for (int i = 0; i < update->arrays; ++i)
    update->values[i] =
        update->type == TF_FLOAT ? update->data[i] : widen(update->data[i], update->type, update->counts[i]);
  /* A device that takes every update and keeps none: training runs, and the loss does not fall. */
  if (!asked_for("no-learning")) update->work(update);
  for (int i = 0; i < update->arrays && update->type != TF_FLOAT; ++i) {
    if (i < update->variables) narrow(update->values[i], update->data[i], update->type, update->counts[i]);
    free(update->values[i]);
  }
  take_time(begin, (double)update->counts[0]);
  free(update);
}

static void add_tensor(Update *update, const TF_Tensor *tensor) {
  update->type = TF_TensorType(tensor);
  update->data[update->arrays] = TF_TensorData(tensor);
  update->counts[update->arrays++] = TF_TensorElementCount(tensor);
}

/* ---- What TensorFlow calls back ----------------------------------------------------------------------------------- */

typedef struct {
  void *to;
  const void *from;
  size_t size;
} Copy;

static void do_copy(void *argument) {
  Copy *copy = argument;
  const double begin = now();
  memcpy(copy->to, copy->from, copy->size);
  take_time(begin, (double)copy->size / sizeof(float));
  free(copy);
}

static void copy_tensor(TF_OpKernelContext *context, TF_Tensor *source, TF_Tensor *target) {
  (void)context;
  Copy *copy = malloc(sizeof *copy);
  *copy = (Copy){.to = TF_TensorData(target), .from = TF_TensorData(source), .size = TF_TensorByteSize(source)};
  submit(do_copy, copy);
  /* Both are handed over; what they hold stays until the device has come to where it is given back. */
  TF_DeleteTensor(source);
  TF_DeleteTensor(target);
}

static void add_to(Update *update) {
  for (int64_t i = 0; i < update->counts[0]; ++i) update->values[0][i] += (float)update->sign * update->values[1][i];
}

/* `op` is TensorFlow's word for what to do: 0 to add, 1 to subtract. */
static void update_tensor(TF_OpKernelContext *context, TF_Tensor *tensor, TF_Tensor *value, int op) {
  (void)context;
  Update *update = calloc(1, sizeof *update);
  *update = (Update){.work = add_to, .variables = 1, .sign = op == 0 ? 1 : -1};
  add_tensor(update, tensor);
  add_tensor(update, value);
  submit(run, update);
  TF_DeleteTensor(tensor);
  TF_DeleteTensor(value);
}

/* ---- AssignVariableOp, AssignAddVariableOp, AssignSubVariableOp ---------------------------------------------------- */

static void fail(TF_OpKernelContext *context, TF_Status *status) {
  if (TF_GetCode(status) != TF_OK) TF_OpKernelContext_Failure(context, status);
  TF_DeleteStatus(status);
}

static void assign(void *kernel, TF_OpKernelContext *context) {
  (void)kernel;
  TF_Status *status = TF_NewStatus();
  TF_AssignVariable(context, 0, 1, false, copy_tensor, status);
  fail(context, status);
}

static void assign_update(TF_OpKernelContext *context, int op) {
  TF_Status *status = TF_NewStatus();
  TF_AssignUpdateVariable(context, 0, 1, op, 0, copy_tensor, update_tensor, status);
  fail(context, status);
}

static void assign_add(void *kernel, TF_OpKernelContext *context) {
  (void)kernel;
  assign_update(context, 0);
}

static void assign_sub(void *kernel, TF_OpKernelContext *context) {
  (void)kernel;
  assign_update(context, 1);
}

/* ---- ResourceApplyGradientDescent, ResourceApplyAdam --------------------------------------------------------------- */

static void apply(TF_OpKernelContext *context, int variables, void (*work)(Update *)) {
  TF_Status *status = TF_NewStatus();
  const int every[3] = {0, 1, 2};
  TF_VariableInputLockHolder *held = NULL;
  Update *update = calloc(1, sizeof *update);
  update->work = work;
  update->variables = variables;
  TF_MaybeLockVariableInputMutexesInOrder(context, true, false, every, (size_t)variables, copy_tensor, &held, status);
  for (int i = 0; i < TF_NumInputs(context) && TF_GetCode(status) == TF_OK; ++i) {
    TF_Tensor *tensor = NULL;
    if (i < variables)
      TF_GetInputTensorFromVariable(context, i, true, false, false, copy_tensor, &tensor, status);
    else
      TF_GetInput(context, i, &tensor, status);
    if (TF_GetCode(status) != TF_OK) break;
    add_tensor(update, tensor);
    TF_DeleteTensor(tensor);
  }
  if (TF_GetCode(status) == TF_OK)
    submit(run, update);
  else
    free(update);
  if (held != NULL) TF_ReleaseVariableInputLockHolder(held);
  fail(context, status);
}

/* Arguments: var, alpha, delta. */
static void descend(Update *update) {
  for (int64_t i = 0; i < update->counts[0]; ++i) update->values[0][i] -= update->values[1][0] * update->values[2][i];
}

static void apply_descent(void *kernel, TF_OpKernelContext *context) {
  (void)kernel;
  apply(context, 1, descend);
}

/* Arguments: var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad. */
static void adam(Update *update) {
  float **of = update->values;
  const float rate = of[5][0] * sqrtf(1 - of[4][0]) / (1 - of[3][0]);
  for (int64_t i = 0; i < update->counts[0]; ++i) {
    const float gradient = of[9][i];
    of[1][i] += (1 - of[6][0]) * (gradient - of[1][i]);
    of[2][i] += (1 - of[7][0]) * (gradient * gradient - of[2][i]);
    of[0][i] -= rate * of[1][i] / (sqrtf(of[2][i]) + of[8][0]);
  }
}

static void apply_adam(void *kernel, TF_OpKernelContext *context) {
  (void)kernel;
  apply(context, 3, adam);
}

void register_variables(void) {
  if (!has_variables()) return;
  static const char *const resource[3] = {"resource", NULL, NULL};
  static const char *const var[3] = {"var", NULL, NULL};
  static const char *const moments[3] = {"var", "m", "v"};
  register_kernel("AssignVariableOp", "dtype", resource, create, assign, destroy);
  register_kernel("AssignAddVariableOp", "dtype", resource, create, assign_add, destroy);
  register_kernel("AssignSubVariableOp", "dtype", resource, create, assign_sub, destroy);
  register_kernel("ResourceApplyGradientDescent", "T", var, create, apply_descent, destroy);
  register_kernel("ResourceApplyAdam", "T", moments, create, apply_adam, destroy);
}
