/* cli/watch_book: what `stele watch` knows of each file, from pass to pass.
 *
 * In:   a step of input/live.h.   Out: the findings that went and those that came.
 * What is found is kept file by file, so that a pass costs what changed: files whose
 * findings are what they were are not touched.
 * Deps: cli/judging.h, input/live.h. */
#ifndef STELE_CLI_WATCH_BOOK_H
#define STELE_CLI_WATCH_BOOK_H

#include "cli/judge/judging.h"
#include "input/live.h"

typedef struct watch_book watch_book;

watch_book *watch_book_new(void); /* NULL: no memory */
void watch_book_free(watch_book *book);

/* Findings that are no more, and new ones; until the next pass begins. */
typedef struct watch_news {
  cli_findings gone, come;
} watch_news;

/* Begins a pass. `is_whole`: everything compiles. */
void watch_book_begin(watch_book *book, const input_live_step *step, bool is_whole);

/* Lints a tree of the step. False: the message was printed, and the book is of no use
 * any more. `notes`: say what is not run. */
bool watch_book_lint(watch_book *book, cli_args *args, const input_tree *tree, bool notes,
                     watch_news *news);

/* After the trees: forgets those that are no more. */
void watch_book_end(watch_book *book, stele_arena *arena, watch_news *news);

/* How many findings stand; and all of them, for who wants to see them. */
size_t watch_book_count(const watch_book *book);
void watch_book_all(const watch_book *book, stele_arena *arena, cli_findings *out);

/* Texts of a finding into `arena`. */
void watch_own(stele_arena *arena, cli_finding *f);

/* Adds what is in one sorted list and not in the other: nearly all is in both. */
void watch_split(stele_arena *arena, const cli_findings *was, const cli_findings *now,
                 watch_news *news);

#endif
