/* The words of M1DOCTOR_DOUBLE. README.md lists them. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugin.h"

/* Finds a word and tells what follows it: "" or "=VALUE". */
static const char *said(const char *word) {
  const char *place = getenv("M1DOCTOR_DOUBLE");
  const size_t length = strlen(word);
  while (place != NULL && *place != '\0') {
    place += strspn(place, " ,");
    const size_t here = strcspn(place, " ,");
    if (here >= length && strncmp(place, word, length) == 0 && (here == length || place[length] == '='))
      return place + length;
    place += here;
  }
  return NULL;
}

int asked_for(const char *word) { return said(word) != NULL; }

double number_of(const char *word, double otherwise) {
  const char *value = said(word);
  return value != NULL && *value == '=' ? strtod(value + 1, NULL) : otherwise;
}

int asked_of(const char *before, const char *op, const char *after) {
  char word[128];
  size_t length = 0;
  for (; *before != '\0' && length < sizeof word - 1; ++before) word[length++] = *before;
  for (; *op != '\0' && length < sizeof word - 1; ++op)
    if (*op != '_') word[length++] = (char)tolower((unsigned char)*op);
  for (; *after != '\0' && length < sizeof word - 1; ++after) word[length++] = *after;
  word[length] = '\0';
  return asked_for(word);
}

void hang(void) {
  for (;;) pause();
}
