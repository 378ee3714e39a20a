/* base/list: things in a row that can leave it from the middle.
 *
 * A link lies inside the thing it chains, so adding and removing allocate
 * nothing; a thing is in at most as many rows as it has links.
 *
 *   stele_list open;
 *   stele_list_init(&open);
 *   stele_list_add(&open, &door->link);
 *   STELE_LIST_EACH(stele_door, door, &open, link) close_door(door);
 *
 * The thing at hand may be removed while walking.
 * Deps: none. */
#ifndef STELE_BASE_LIST_H
#define STELE_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

typedef struct stele_link {
  struct stele_link *prev, *next;
} stele_link;

/* The row itself: its first and last thing. */
typedef struct stele_list {
  stele_link ends; /* a ring through here; alone it points at itself */
} stele_list;

static inline void stele_list_init(stele_list *list) {
  list->ends.prev = list->ends.next = &list->ends;
}

static inline bool stele_list_is_empty(const stele_list *list) {
  return list->ends.next == &list->ends;
}

/* Adds at the end. */
static inline void stele_list_add(stele_list *list, stele_link *link) {
  link->prev = list->ends.prev;
  link->next = &list->ends;
  list->ends.prev->next = link;
  list->ends.prev = link;
}

static inline void stele_list_remove(stele_link *link) {
  link->prev->next = link->next;
  link->next->prev = link->prev;
  link->prev = link->next = link;
}

/* Takes the first link off; NULL when there is none. */
static inline stele_link *stele_list_take(stele_list *list) {
  stele_link *first = list->ends.next;
  if (first == &list->ends) return NULL;
  stele_list_remove(first);
  return first;
}

/* The thing that a link lies in. */
#define STELE_LIST_THING(T, link_ptr, member)                                                      \
  ((T *)(void *)((char *)(link_ptr)-offsetof(T, member)))

#define STELE_LIST_EACH(T, name, list, member)                                                     \
  for (stele_link *name##_link = (list)->ends.next, *name##_next = name##_link->next;              \
       name##_link != &(list)->ends; name##_link = name##_next, name##_next = name##_link->next)   \
    for (T *name = STELE_LIST_THING(T, name##_link, member); name; name = NULL)

#endif
