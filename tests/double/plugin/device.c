/* A stand-in for tensorflow-metal that runs on Linux, for tests: the device and the platform.
 *
 * It is a real PluggableDevice library: it registers a platform called METAL with one device of type GPU whose "device
 * memory" is host memory, kernels (kernel.c and the tables beside it) and a graph optimizer (fusion.c). The tests build
 * it with the C headers of a TensorFlow wheel and put it where TensorFlow looks for plugins, so that everything m1doctor
 * does with Apple's plugin is done with this one: loading it, listing its device, placing a product on it, reading the
 * answer.
 *
 * The environment variable M1DOCTOR_DOUBLE chooses how it misbehaves; README.md lists the words. One fault cannot be
 * chosen at run time: built with -DUNRESOLVED_SYMBOL the library asks for a function that nothing exports.
 */

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugin.h"
#include "tensorflow/c/experimental/stream_executor/stream_executor.h"

static void ok(TF_Status *status) { TF_SetStatus(status, TF_OK, ""); }

/* ---- Memory: host memory with a budget ---------------------------------------------------------------------------- */

/* TensorFlow 2.22 asks for memory at multiples of 256 bytes, older ones for 64; the size stands in front of it. */
enum { ALIGNMENT = 256 };

static pthread_mutex_t memory_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t in_use, most_in_use, allocations, largest;

static uint64_t budget(void) { return (uint64_t)(number_of("tiny-memory", 4096) * (1 << 20)); }

static int reserve(uint64_t size) {
  pthread_mutex_lock(&memory_lock);
  const int fits = in_use + size <= budget();
  if (fits) {
    in_use += size;
    allocations += 1;
    if (in_use > most_in_use) most_in_use = in_use;
    if (size > largest) largest = size;
  }
  pthread_mutex_unlock(&memory_lock);
  return fits;
}

void *take_memory(uint64_t size) {
  if (!reserve(size)) {
    /* What was given back is free only when the device has come that far. */
    wait_for(last_submitted());
    if (!reserve(size)) return NULL;
  }
  char *block = aligned_alloc(ALIGNMENT, ALIGNMENT + (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  if (block == NULL) return NULL;
  memcpy(block, &size, sizeof size);
  return block + ALIGNMENT;
}

uint64_t memory_in_use(void) {
  pthread_mutex_lock(&memory_lock);
  const uint64_t size = in_use;
  pthread_mutex_unlock(&memory_lock);
  return size;
}

static void free_memory(void *memory) {
  char *block = (char *)memory - ALIGNMENT;
  uint64_t size;
  memcpy(&size, block, sizeof size);
  free(block);
  pthread_mutex_lock(&memory_lock);
  in_use -= size;
  pthread_mutex_unlock(&memory_lock);
}

void give_back_memory(void *memory) {
  if (memory != NULL) submit(free_memory, memory);
}

static void allocate(const SP_Device *device, uint64_t size, int64_t memory_space, SP_DeviceMemoryBase *memory) {
  (void)device;
  (void)memory_space;
  memory->struct_size = SP_DEVICE_MEMORY_BASE_STRUCT_SIZE;
  memory->opaque = take_memory(size);
  memory->size = memory->opaque != NULL ? size : 0;
}

static void deallocate(const SP_Device *device, SP_DeviceMemoryBase *memory) {
  (void)device;
  give_back_memory(memory->opaque);
  memory->opaque = NULL;
  memory->size = 0;
}

static void *host_memory_allocate(const SP_Device *device, uint64_t size) {
  (void)device;
  return aligned_alloc(ALIGNMENT, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
}

static void host_memory_deallocate(const SP_Device *device, void *memory) {
  (void)device;
  free(memory);
}

static TF_Bool get_allocator_stats(const SP_Device *device, SP_AllocatorStats *stats) {
  (void)device;
  stats->struct_size = SP_ALLOCATORSTATS_STRUCT_SIZE;
  pthread_mutex_lock(&memory_lock);
  stats->num_allocs = (int64_t)allocations;
  stats->bytes_in_use = (int64_t)in_use;
  stats->peak_bytes_in_use = (int64_t)most_in_use;
  stats->largest_alloc_size = (int64_t)largest;
  stats->has_bytes_limit = 1;
  stats->bytes_limit = (int64_t)budget();
  pthread_mutex_unlock(&memory_lock);
  return 1;
}

static TF_Bool device_memory_usage(const SP_Device *device, int64_t *free_bytes, int64_t *total_bytes) {
  (void)device;
  pthread_mutex_lock(&memory_lock);
  *total_bytes = (int64_t)budget();
  *free_bytes = *total_bytes - (int64_t)in_use;
  pthread_mutex_unlock(&memory_lock);
  return 1;
}

/* ---- Streams and events: all streams are the one queue ------------------------------------------------------------ */

struct SP_Stream_st {
  int unused;
};
struct SP_Event_st {
  uint64_t number;
};
struct SP_Timer_st {
  double begin, end;
};

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
  return is_done(event->number) ? SE_EVENT_COMPLETE : SE_EVENT_PENDING;
}

static void record_event(const SP_Device *device, SP_Stream stream, SP_Event event, TF_Status *status) {
  (void)device;
  (void)stream;
  event->number = last_submitted();
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

static void begin_timer(void *timer) { ((SP_Timer)timer)->begin = now(); }

static void end_timer(void *timer) { ((SP_Timer)timer)->end = now(); }

static void start_timer(const SP_Device *device, SP_Stream stream, SP_Timer timer, TF_Status *status) {
  (void)device;
  (void)stream;
  submit(begin_timer, timer);
  ok(status);
}

static void stop_timer(const SP_Device *device, SP_Stream stream, SP_Timer timer, TF_Status *status) {
  (void)device;
  (void)stream;
  submit(end_timer, timer);
  ok(status);
}

static uint64_t nanoseconds(SP_Timer timer) { return (uint64_t)((timer->end - timer->begin) * 1e9); }

/* ---- Copies ------------------------------------------------------------------------------------------------------- */

typedef struct {
  void *to;
  const void *from;
  uint64_t size;
} Copy;

static void do_copy(void *argument) {
  Copy *copy = argument;
  memcpy(copy->to, copy->from, copy->size);
  free(copy);
}

static uint64_t put_copy(void *to, const void *from, uint64_t size) {
  Copy *copy = malloc(sizeof *copy);
  *copy = (Copy){.to = to, .from = from, .size = size};
  return submit(do_copy, copy);
}

static void memcpy_to_host(const SP_Device *device, SP_Stream stream, void *host, const SP_DeviceMemoryBase *memory,
                           uint64_t size, TF_Status *status) {
  (void)device;
  (void)stream;
  put_copy(host, memory->opaque, size);
  ok(status);
}

static void memcpy_to_device(const SP_Device *device, SP_Stream stream, SP_DeviceMemoryBase *memory, const void *host,
                             uint64_t size, TF_Status *status) {
  (void)device;
  (void)stream;
  put_copy(memory->opaque, host, size);
  ok(status);
}

static void memcpy_on_device(const SP_Device *device, SP_Stream stream, SP_DeviceMemoryBase *to,
                             const SP_DeviceMemoryBase *from, uint64_t size, TF_Status *status) {
  (void)device;
  (void)stream;
  put_copy(to->opaque, from->opaque, size);
  ok(status);
}

static void sync_memcpy_to_host(const SP_Device *device, void *host, const SP_DeviceMemoryBase *memory, uint64_t size,
                                TF_Status *status) {
  (void)device;
  wait_for(put_copy(host, memory->opaque, size));
  ok(status);
}

static void sync_memcpy_to_device(const SP_Device *device, SP_DeviceMemoryBase *memory, const void *host,
                                  uint64_t size, TF_Status *status) {
  (void)device;
  wait_for(put_copy(memory->opaque, host, size));
  ok(status);
}

static void sync_memcpy_on_device(const SP_Device *device, SP_DeviceMemoryBase *to, const SP_DeviceMemoryBase *from,
                                  uint64_t size, TF_Status *status) {
  (void)device;
  wait_for(put_copy(to->opaque, from->opaque, size));
  ok(status);
}

static void block_host_for_event(const SP_Device *device, SP_Event event, TF_Status *status) {
  (void)device;
  wait_for(event->number);
  ok(status);
}

static void block_host_until_done(const SP_Device *device, SP_Stream stream, TF_Status *status) {
  (void)device;
  (void)stream;
  wait_for(last_submitted());
  ok(status);
}

static void synchronize_all_activity(const SP_Device *device, TF_Status *status) {
  (void)device;
  wait_for(last_submitted());
  ok(status);
}

typedef struct {
  void *memory;
  uint32_t pattern;
  uint64_t size;
} Filling;

static void do_fill(void *argument) {
  Filling *filling = argument;
  char *bytes = filling->memory;
  for (uint64_t i = 0; i < filling->size; ++i) bytes[i] = ((const char *)&filling->pattern)[i % 4];
  free(filling);
}

static void fill_words(const SP_Device *device, SP_Stream stream, SP_DeviceMemoryBase *memory, uint32_t pattern,
                       uint64_t size, TF_Status *status) {
  (void)device;
  (void)stream;
  Filling *filling = malloc(sizeof *filling);
  *filling = (Filling){.memory = memory->opaque, .pattern = pattern, .size = size};
  submit(do_fill, filling);
  ok(status);
}

static void fill_bytes(const SP_Device *device, SP_Stream stream, SP_DeviceMemoryBase *memory, uint8_t pattern,
                       uint64_t size, TF_Status *status) {
  fill_words(device, stream, memory, pattern * 0x01010101u, size, status);
}

static void fill_zero(const SP_Device *device, SP_Stream stream, SP_DeviceMemoryBase *memory, uint64_t size,
                      TF_Status *status) {
  fill_words(device, stream, memory, 0, size, status);
}

typedef struct {
  SE_StatusCallbackFn function;
  void *argument;
} Callback;

static void do_call(void *argument) {
  Callback *callback = argument;
  TF_Status *status = TF_NewStatus();
  callback->function(callback->argument, status);
  TF_DeleteStatus(status);
  free(callback);
}

static TF_Bool host_callback(const SP_Device *device, SP_Stream stream, SE_StatusCallbackFn function, void *argument) {
  (void)device;
  (void)stream;
  Callback *callback = malloc(sizeof *callback);
  *callback = (Callback){.function = function, .argument = argument};
  submit(do_call, callback);
  return 1;
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
  executor->start_timer = start_timer;
  executor->stop_timer = stop_timer;
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

static void abort_at_exit(void) { abort(); }

void TF_InitKernel(void) {
  if (asked_for("abort-at-exit")) atexit(abort_at_exit);
  register_products();
  register_elementwise();
  register_reductions();
  register_moves();
  register_random();
  register_variables();
}
