/* The queue of the device. As on a Mac, whoever launches a kernel goes on at once, and reading an answer waits.
 *
 * There is one queue for all streams, so that the order in which work is put in is the order in which it is done.
 */

#include <pthread.h>
#include <stdlib.h>

#include "plugin.h"

typedef struct Item {
  Work work;
  void *argument;
  struct Item *next;
} Item;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_once_t started = PTHREAD_ONCE_INIT;
static Item *first, *last;
static uint64_t put_in, done;
static pthread_t worker;

static void *work_through(void *unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  for (;;) {
    while (first == NULL) pthread_cond_wait(&changed, &lock);
    Item *item = first;
    first = item->next;
    if (first == NULL) last = NULL;
    pthread_mutex_unlock(&lock);
    item->work(item->argument);
    free(item);
    pthread_mutex_lock(&lock);
    ++done;
    pthread_cond_broadcast(&changed);
  }
  return NULL;
}

static void start(void) {
  if (pthread_create(&worker, NULL, work_through, NULL) != 0) abort();
  pthread_detach(worker);
}

uint64_t submit(Work work, void *argument) {
  pthread_once(&started, start);
  Item *item = malloc(sizeof *item);
  *item = (Item){.work = work, .argument = argument, .next = NULL};
  pthread_mutex_lock(&lock);
  if (last != NULL)
    last->next = item;
  else
    first = item;
  last = item;
  const uint64_t number = ++put_in;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
  if (!has_variables()) wait_for(number);
  return number;
}

uint64_t last_submitted(void) {
  pthread_mutex_lock(&lock);
  const uint64_t number = put_in;
  pthread_mutex_unlock(&lock);
  return number;
}

int is_done(uint64_t number) {
  pthread_mutex_lock(&lock);
  const int answer = done >= number;
  pthread_mutex_unlock(&lock);
  return answer;
}

void wait_for(uint64_t number) {
  /* The device itself never waits for what stands behind its present work. */
  if (pthread_equal(pthread_self(), worker)) return;
  pthread_mutex_lock(&lock);
  while (done < number) pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
}
