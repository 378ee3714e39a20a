/* cli/pairing: which module of the older state is compared with which of this one.
 *
 * In:   two inputs.   Out: pairs of trees, each of this state at most once.
 * As many modules on both sides: those of one name, then those of one folder, then
 * the others in the order of their folders. More of them now, under the same rules:
 * those that share no file with an older one are new, and left out. Otherwise, and
 * against an image of a whole workspace, each older file goes to the module that
 * has it now, else to the one that its own module has become, else to one that has
 * its package.
 * Deps: input/input.h. */
#ifndef STELE_CLI_PAIRING_H
#define STELE_CLI_PAIRING_H

#include "input/input.h"

typedef struct pairing {
  const input_tree **now;
  const input_tree **was; /* of the same index; perhaps put together of several */
  size_t count;
  bool is_shared; /* older files went one by one: another time they may go elsewhere */
} pairing;

/* Memory: in `arena`, beside the inputs. */
pairing pairing_find(stele_arena *arena, const input *now, const input *was);

#endif
