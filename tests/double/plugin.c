/* A stand-in for tensorflow-metal that runs on Linux, for tests.
 *
 * It is a real PluggableDevice library: it registers a platform called METAL with one device of type GPU, and one
 * kernel, MatMul for float32, whose "device memory" is host memory. The tests build it with the C headers of a
 * TensorFlow wheel and put it where TensorFlow looks for plugins, so that everything m1doctor does with Apple's plugin
 * is done with this one: loading it, listing its device, placing a product on it, reading the answer.
 *
 * The environment variable M1DOCTOR_DOUBLE chooses how it misbehaves; README.md lists the words. One fault cannot be
 * chosen at run time: built with -DUNRESOLVED_SYMBOL the library asks for a function that nothing exports.
 */

#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tensorflow/c/experimental/stream_executor/stream_executor.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/tf_datatype.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

static int asked_for(const char *fault) {
  const char *chosen = getenv("M1DOCTOR_DOUBLE");
  return chosen != NULL && strcmp(chosen, fault) == 0;
}

/* Fatal signals are raised and not provoked: what m1doctor sees is the same, and it works on every processor. */

static void hang(void) {
  for (;;) pause();
}

/* ---- The device: all callbacks that TensorFlow demands, on host memory ------------------------------------------ */

struct SP_Stream_st {
  int unused;
};
struct SP_Event_st {
  int unused;
};
struct SP_Timer_st {
  int unused;
};

static void ok(TF_Status *status) { TF_SetStatus(status, TF_OK, ""); }

static void allocate(const SP_Device *device, uint64_t size, int64_t memory_space, SP_DeviceMemoryBase *memory) {
  (void)device;
  (void)memory_space;
  memory->struct_size = SP_DEVICE_MEMORY_BASE_STRUCT_SIZE;
  /* Kernels of TensorFlow expect 64-byte alignment of what they are handed. */
  memory->opaque = aligned_alloc(64, (size + 63) / 64 * 64);
  memory->size = size;
}

static void deallocate(const SP_Device *device, SP_DeviceMemoryBase *memory) {
  (void)device;
  free(memory->opaque);
  memory->opaque = NULL;
  memory->size = 0;
}

static void *host_memory_allocate(const SP_Device *device, uint64_t size) {
  (void)device;
  return aligned_alloc(64, (size + 63) / 64 * 64);
}

static void host_memory_deallocate(const SP_Device *device, void *memory) {
  (void)device;
  free(memory);
}

static TF_Bool get_allocator_stats(const SP_Device *device, SP_AllocatorStats *stats) {
  (void)device;
  stats->struct_size = SP_ALLOCATORSTATS_STRUCT_SIZE;
  stats->bytes_in_use = 0;
  return 1;
}

static TF_Bool device_memory_usage(const SP_Device *device, int64_t *free_bytes, int64_t *total_bytes) {
  (void)device;
  *free_bytes = (int64_t)4 << 30;
  *total_bytes = (int64_t)4 << 30;
  return 1;
}

static void create_stream(const SP_Device *device, SP_Stream *stream, TF_Status *status) {
  (void)device;
  *stream = calloc(1, sizeof(struct SP_Stream_st));
  ok(status);
}

static void destroy_stream(const SP_Device *device, SP_Stream stream) {
  (void)device;
  free(stream);
}

static void create_stream_dependency(const SP_Device *device, SP_Stream dependent, SP_Stream other,
                                     TF_Status *status) {
  (void)device;
  (void)dependent;
  (void)other;
  ok(status);
}

static void get_stream_status(const SP_Device *device, SP_Stream stream, TF_Status *status) {
  (void)device;
  (void)stream;
  ok(status);
}

static void create_event(const SP_Device *device, SP_Event *event, TF_Status *status) {
  (void)device;
  *event = calloc(1, sizeof(struct SP_Event_st));
  ok(status);
}

static void destroy_event(const SP_Device *device, SP_Event event) {
  (void)device;
  free(event);
}

static SE_EventStatus get_event_status(const SP_Device *device, SP_Event event) {
  (void)device;
  (void)event;
  return SE_EVENT_COMPLETE;
}

static void record_event(const SP_Device *device, SP_Stream stream, SP_Event event, TF_Status *status) {
  (void)device;
  (void)stream;
  (void)event;
  ok(status);
}

static void wait_for_event(const SP_Device *const device, SP_Stream stream, SP_Event event, TF_Status *const status) {
  (void)device;
  (void)stream;
  (void)event;
  ok(status);
}

static void create_timer(const SP_Device *device, SP_Timer *timer, TF_Status *status) {
  (void)device;
  *timer = calloc(1, sizeof(struct SP_Timer_st));
  ok(status);
}

static void destroy_timer(const SP_Device *device, SP_Timer timer) {
  (void)device;
  free(timer);
}

static void touch_timer(const SP_Device *device, SP_Stream stream, SP_Timer timer, TF_Status *status) {
  (void)device;
  (void)stream;
  (void)timer;
  ok(status);
}

static void memcpy_to_host(const SP_Device *device, SP_Stream stream, void *host, const SP_DeviceMemoryBase *memory,
                           uint64_t size, TF_Status *status) {
  (void)device;
  (void)stream;
  memcpy(host, memory->opaque, size);
  ok(status);
}

static void memcpy_to_device(const SP_Device *device, SP_Stream stream, SP_DeviceMemoryBase *memory, const void *host,
                             uint64_t size, TF_Status *status) {
  (void)device;
  (void)stream;
  memcpy(memory->opaque, host, size);
  ok(status);
}

static void memcpy_on_device(const SP_Device *device, SP_Stream stream, SP_DeviceMemoryBase *to,
                             const SP_DeviceMemoryBase *from, uint64_t size, TF_Status *status) {
  (void)device;
  (void)stream;
  memcpy(to->opaque, from->opaque, size);
  ok(status);
}

static void sync_memcpy_to_host(const SP_Device *device, void *host, const SP_DeviceMemoryBase *memory, uint64_t size,
                                TF_Status *status) {
  memcpy_to_host(device, NULL, host, memory, size, status);
}

static void sync_memcpy_to_device(const SP_Device *device, SP_DeviceMemoryBase *memory, const void *host,
                                  uint64_t size, TF_Status *status) {
  memcpy_to_device(device, NULL, memory, host, size, status);
}

static void sync_memcpy_on_device(const SP_Device *device, SP_DeviceMemoryBase *to, const SP_DeviceMemoryBase *from,
                                  uint64_t size, TF_Status *status) {
  memcpy_on_device(device, NULL, to, from, size, status);
}

static void block_host_for_event(const SP_Device *device, SP_Event event, TF_Status *status) {
  (void)device;
  (void)event;
  ok(status);
}

static void block_host_until_done(const SP_Device *device, SP_Stream stream, TF_Status *status) {
  (void)device;
  (void)stream;
  ok(status);
}

static void synchronize_all_activity(const SP_Device *device, TF_Status *status) {
  (void)device;
  ok(status);
}

static void fill_bytes(const SP_Device *device, SP_Stream stream, SP_DeviceMemoryBase *memory, uint8_t pattern,
                       uint64_t size, TF_Status *status) {
  (void)device;
  (void)stream;
  memset(memory->opaque, pattern, size);
  ok(status);
}

static void fill_zero(const SP_Device *device, SP_Stream stream, SP_DeviceMemoryBase *memory, uint64_t size,
                      TF_Status *status) {
  fill_bytes(device, stream, memory, 0, size, status);
}

static void fill_words(const SP_Device *device, SP_Stream stream, SP_DeviceMemoryBase *memory, uint32_t pattern,
                       uint64_t size, TF_Status *status) {
  (void)device;
  (void)stream;
  for (uint64_t i = 0; i < size / sizeof(pattern); ++i) ((uint32_t *)memory->opaque)[i] = pattern;
  ok(status);
}

static TF_Bool host_callback(const SP_Device *device, SP_Stream stream, SE_StatusCallbackFn callback, void *argument) {
  (void)device;
  (void)stream;
  TF_Status *status = TF_NewStatus();
  callback(argument, status);
  TF_Bool done = TF_GetCode(status) == TF_OK;
  TF_DeleteStatus(status);
  return done;
}

/* ---- The platform ----------------------------------------------------------------------------------------------- */

static void get_device_count(const SP_Platform *platform, int *count, TF_Status *status) {
  (void)platform;
  *count = asked_for("no-device") ? 0 : 1;
  ok(status);
}

static void create_device(const SP_Platform *platform, SE_CreateDeviceParams *params, TF_Status *status) {
  (void)platform;
  if (asked_for("abort-in-devices")) abort();
  params->device->struct_size = SP_DEVICE_STRUCT_SIZE;
  params->device->ordinal = params->ordinal;
  params->device->device_handle = NULL;
  params->device->hardware_name = "METAL";
  params->device->device_vendor = "m1doctor";
  params->device->pci_bus_id = "<undefined>";
  ok(status);
}

static void destroy_device(const SP_Platform *platform, SP_Device *device) {
  (void)platform;
  device->device_handle = NULL;
}

static int32_t numa_node(const SP_Device *device) {
  (void)device;
  return -1;
}

static int64_t memory_bandwidth(const SP_Device *device) {
  (void)device;
  return -1;
}

static double gflops(const SP_Device *device) {
  (void)device;
  return -1;
}

static void create_device_fns(const SP_Platform *platform, SE_CreateDeviceFnsParams *params, TF_Status *status) {
  (void)platform;
  params->device_fns->struct_size = SP_DEVICE_FNS_STRUCT_SIZE;
  params->device_fns->get_numa_node = numa_node;
  params->device_fns->get_memory_bandwidth = memory_bandwidth;
  params->device_fns->get_gflops = gflops;
  ok(status);
}

static void destroy_device_fns(const SP_Platform *platform, SP_DeviceFns *fns) {
  (void)platform;
  (void)fns;
}

static void create_stream_executor(const SP_Platform *platform, SE_CreateStreamExecutorParams *params,
                                   TF_Status *status) {
  (void)platform;
  SP_StreamExecutor *executor = params->stream_executor;
  executor->struct_size = SP_STREAMEXECUTOR_STRUCT_SIZE;
  executor->allocate = allocate;
  executor->deallocate = deallocate;
  executor->host_memory_allocate = host_memory_allocate;
  executor->host_memory_deallocate = host_memory_deallocate;
  executor->get_allocator_stats = get_allocator_stats;
  executor->device_memory_usage = device_memory_usage;
  executor->create_stream = create_stream;
  executor->destroy_stream = destroy_stream;
  executor->create_stream_dependency = create_stream_dependency;
  executor->get_stream_status = get_stream_status;
  executor->create_event = create_event;
  executor->destroy_event = destroy_event;
  executor->get_event_status = get_event_status;
  executor->record_event = record_event;
  executor->wait_for_event = wait_for_event;
  executor->create_timer = create_timer;
  executor->destroy_timer = destroy_timer;
  executor->start_timer = touch_timer;
  executor->stop_timer = touch_timer;
  executor->memcpy_dtoh = memcpy_to_host;
  executor->memcpy_htod = memcpy_to_device;
  executor->memcpy_dtod = memcpy_on_device;
  executor->sync_memcpy_dtoh = sync_memcpy_to_host;
  executor->sync_memcpy_htod = sync_memcpy_to_device;
  executor->sync_memcpy_dtod = sync_memcpy_on_device;
  executor->block_host_for_event = block_host_for_event;
  executor->block_host_until_done = block_host_until_done;
  executor->synchronize_all_activity = synchronize_all_activity;
  executor->mem_zero = fill_zero;
  executor->memset = fill_bytes;
  executor->memset32 = fill_words;
  executor->host_callback = host_callback;
  ok(status);
}

static void destroy_stream_executor(const SP_Platform *platform, SP_StreamExecutor *executor) {
  (void)platform;
  (void)executor;
}

static uint64_t nanoseconds(SP_Timer timer) {
  (void)timer;
  return 0;
}

static void create_timer_fns(const SP_Platform *platform, SP_TimerFns *fns, TF_Status *status) {
  (void)platform;
  fns->struct_size = SP_TIMER_FNS_STRUCT_SIZE;
  fns->nanoseconds = nanoseconds;
  ok(status);
}

static void destroy_timer_fns(const SP_Platform *platform, SP_TimerFns *fns) {
  (void)platform;
  (void)fns;
}

static void destroy_platform(SP_Platform *platform) { (void)platform; }

static void destroy_platform_fns(SP_PlatformFns *fns) { (void)fns; }

#ifdef UNRESOLVED_SYMBOL
extern void TF_ThisFunctionIsInNoTensorFlow(void);
#endif

void SE_InitPlugin(SE_PlatformRegistrationParams *params, TF_Status *status) {
#ifdef UNRESOLVED_SYMBOL
  TF_ThisFunctionIsInNoTensorFlow();
#endif
  if (asked_for("abort-on-load")) {
    fputs("test double: the plugin aborts while it is loaded\n", stderr);
    abort();
  }
  if (asked_for("illegal-instruction-on-load")) raise(SIGILL);
  if (asked_for("killed-on-load")) raise(SIGKILL);
  if (asked_for("exit-on-load")) _exit(0);
  if (asked_for("hang-on-load")) hang();
  params->platform->struct_size = SP_PLATFORM_STRUCT_SIZE;
  params->platform->name = "METAL";
  params->platform->type = "GPU";
  params->platform->supports_unified_memory = 0;
  params->platform->use_bfc_allocator = 0;
  params->platform->force_memory_growth = 1;
  params->platform_fns->struct_size = SP_PLATFORM_FNS_STRUCT_SIZE;
  params->platform_fns->get_device_count = get_device_count;
  params->platform_fns->create_device = create_device;
  params->platform_fns->destroy_device = destroy_device;
  params->platform_fns->create_device_fns = create_device_fns;
  params->platform_fns->destroy_device_fns = destroy_device_fns;
  params->platform_fns->create_stream_executor = create_stream_executor;
  params->platform_fns->destroy_stream_executor = destroy_stream_executor;
  params->platform_fns->create_timer_fns = create_timer_fns;
  params->platform_fns->destroy_timer_fns = destroy_timer_fns;
  params->destroy_platform = destroy_platform;
  params->destroy_platform_fns = destroy_platform_fns;
  ok(status);
}

/* ---- The one kernel: MatMul of two float32 matrices, neither transposed ------------------------------------------ */

static void *create_matmul(TF_OpKernelConstruction *construction) {
  (void)construction;
  return NULL;
}

static void delete_matmul(void *kernel) { (void)kernel; }

static void multiply(const float *left, const float *right, float *product, int64_t rows, int64_t inner,
                     int64_t columns) {
  memset(product, 0, (size_t)(rows * columns) * sizeof(float));
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t k = 0; k < inner; ++k) {
      const float factor = left[i * inner + k];
      for (int64_t j = 0; j < columns; ++j) product[i * columns + j] += factor * right[k * columns + j];
    }
}

static void compute_matmul(void *kernel, TF_OpKernelContext *context) {
  (void)kernel;
  TF_Status *status = TF_NewStatus();
  TF_Tensor *left = NULL, *right = NULL, *product = NULL;
  TF_GetInput(context, 0, &left, status);
  if (TF_GetCode(status) == TF_OK) TF_GetInput(context, 1, &right, status);
  if (TF_GetCode(status) == TF_OK) {
    int64_t shape[2] = {TF_Dim(left, 0), TF_Dim(right, 1)};
    const int64_t inner = TF_Dim(left, 1);
    const size_t bytes = (size_t)(shape[0] * shape[1]) * sizeof(float);
    product = TF_AllocateOutput(context, 0, TF_FLOAT, shape, 2, bytes, status);
    if (TF_GetCode(status) == TF_OK) {
      float *answer = TF_TensorData(product);
      /* Small products are those that only ask for the placement; most faults show in real work only. */
      const int at_work = inner > 64;
      if (at_work && asked_for("crash-in-matmul")) raise(SIGSEGV);
      if (asked_for("crash-in-placement")) raise(SIGSEGV);
      if (at_work && asked_for("hang-in-matmul")) hang();
      multiply(TF_TensorData(left), TF_TensorData(right), answer, shape[0], inner, shape[1]);
      if (at_work && asked_for("wrong-matmul")) answer[shape[1] + 1] += 30.0f;
      if (at_work && asked_for("nan-matmul")) answer[shape[1] + 1] = NAN;
      if (at_work && asked_for("raise-in-matmul"))
        TF_SetStatus(status, TF_INTERNAL, "test double: the command buffer failed");
    }
  }
  if (TF_GetCode(status) != TF_OK) TF_OpKernelContext_Failure(context, status);
  if (left != NULL) TF_DeleteTensor(left);
  if (right != NULL) TF_DeleteTensor(right);
  if (product != NULL) TF_DeleteTensor(product);
  TF_DeleteStatus(status);
}

static void abort_at_exit(void) { abort(); }

void TF_InitKernel(void) {
  if (asked_for("abort-at-exit")) atexit(abort_at_exit);
  if (asked_for("no-matmul-kernel")) return;
  TF_Status *status = TF_NewStatus();
  TF_KernelBuilder *builder = TF_NewKernelBuilder("MatMul", "GPU", create_matmul, compute_matmul, delete_matmul);
  TF_KernelBuilder_TypeConstraint(builder, "T", TF_FLOAT, status);
  if (TF_GetCode(status) == TF_OK) TF_RegisterKernelBuilder("MatMul", builder, status);
  if (TF_GetCode(status) != TF_OK) {
    fprintf(stderr, "test double: %s\n", TF_Message(status));
    abort();
  }
  TF_DeleteStatus(status);
}
