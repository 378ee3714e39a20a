/* The contract: each test opens a store of its own (slot 0, new), changes it
 * and compares what it tells with the text it should be. */
#include "contract/store_contract.h"

#include <inttypes.h>

#define T stele_test *t

static stele_result last(const rig *r) {
  return r->results[0];
}

/* ---- ids ---- */

static void one_identity_has_one_id(T) {
  rig r;
  rig_open(&r, t, 0);
  t_eq_int(t, rig_one(&r, rig_register("a", "m1", "one", 0)), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 1);
  t_eq_int(t, last(&r).version, 1);
  t_true(t, last(&r).new_id);
  t_eq_int(t, rig_one(&r, rig_register("b", "m1", "one // other text", 0)), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 1);
  t_true(t, !last(&r).new_id);
  t_eq_int(t, rig_one(&r, rig_register("b", "m2", "two", 1)), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 2);
  t_eq_int(t, last(&r).version, 2);
  stele_change elsewhere = rig_register("a", "m2", "two", 0);
  elsewhere.reg.tenant = STELE_STR(".acme");
  t_eq_int(t, rig_one(&r, elsewhere), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 1); /* each tenant counts for itself */
  t_eq_str(t, rig_load(&r),
           STELE_STR("tenant .\ntenant .acme\n"
                     "schema . 1 \"one\"\nschema . 2 \"two\"\nschema .acme 1 \"two\"\n"
                     "version . a 1 id 1 \"one\" 1.0.0 active\n"
                     "version . b 1 id 1 \"one // other text\" 1.0.0 active\n"
                     "version . b 2 id 2 \"two\" 1.0.0 active\n"
                     "version .acme a 1 id 1 \"two\" 1.0.0 active\n"));
  rig_close(&r);
}

static void content_comes_back_whole(T) {
  static const stele_reference references[] = {
      {STELE_STR_INIT("b.proto"), {NULL, 0}, STELE_STR_INIT("b"), 1},
      {STELE_STR_INIT("c.proto"), STELE_STR_INIT(".acme"), STELE_STR_INIT("c"), 1},
  };
  rig r;
  rig_open(&r, t, 0);
  stele_change c = rig_register("c", "mc", "cc", 0);
  c.reg.tenant = STELE_STR(".acme");
  stele_change all[] = {rig_register("b", "mb", "bb", 0), c,
                        rig_register("a", "ma", "aa", STELE_UNJUDGED)};
  stele_content *content = &all[2].reg.content;
  content->references = references;
  content->reference_count = 2;
  content->metadata = STELE_STR("{\"x\":1}");
  content->rule_set = STELE_STR("{\"r\":[]}");
  content->text = (stele_bytes){(const uint8_t *)"a\0\xff", 3};
  content->text_kind = STELE_TEXT_DESCRIPTOR;
  all[2].reg.normalized = true;
  all[2].origin.author = STELE_STR("ann");
  t_true(t, rig_submit(&r, all, 3));
  t_eq_int(t, r.results[2].why, STELE_WHY_DONE);
  t_eq_str(t, rig_find(&r, (stele_find){.kind = STELE_FIND_ID, .tenant = STELE_STR("."), .id = 2}),
           STELE_STR("schema . 2 \"a\0\xff\"\n"));
  stele_str rows = rig_load(&r);
  static const char want[] = "version . a 1 id 2 \"a\0\xff\" 1.0.0 active normalized b.proto=:b:1 "
                             "c.proto=.acme:c:1 meta {\"x\":1} rules {\"r\":[]} by ann\n";
  t_true(t, memmem(rows.ptr, rows.len, want, sizeof want - 1) != NULL);
  rig_close(&r);
}

static void ids_stay_dense_through_conflicts(T) {
  rig r;
  rig_open(&r, t, 0);
  int32_t next = 1;
  for (int round = 0; round < 20; round++) {
    stele_change changes[4];
    for (int i = 0; i < 4; i++) {
      const char *meaning = stele_str_printf(t->arena, "m%d.%d", round, i).ptr;
      /* the odd ones judged against a version that was never the newest */
      changes[i] = rig_register("s", meaning, meaning, i % 2 ? 9999 : round * 2 + i / 2);
    }
    t_true(t, rig_submit(&r, changes, 4));
    for (int i = 0; i < 4; i++) {
      t_eq_int(t, r.results[i].why, i % 2 ? STELE_WHY_NEWEST_MOVED : STELE_WHY_DONE);
      if (i % 2) {
        t_eq_int(t, r.results[i].version, round * 2 + i / 2 + 1);
      } else {
        t_eq_int(t, r.results[i].id, next);
        t_eq_int(t, r.results[i].version, next++);
      }
    }
  }
  rig_close(&r);
}

static void imported_ids_are_kept(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change import = rig_register("a", "m1", "one", STELE_UNJUDGED);
  import.reg.id = 100;
  import.reg.version = 7;
  t_eq_int(t, rig_one(&r, import), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 100);
  t_eq_int(t, last(&r).version, 7);
  import.reg.version = 3; /* below, and under another id of the same identity */
  import.reg.id = 50;
  t_eq_int(t, rig_one(&r, import), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 50);
  import.reg.version = 8;
  import.reg.identity.bytes[0] ^= 1;
  t_eq_int(t, rig_one(&r, import), STELE_WHY_ID_TAKEN);
  import.reg.id = 0;
  import.reg.version = 7;
  t_eq_int(t, rig_one(&r, import), STELE_WHY_VERSION_TAKEN);
  t_eq_int(t, rig_one(&r, rig_register("b", "m1", "one", 0)), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 50); /* the lowest of the identity's ids */
  t_eq_int(t, rig_one(&r, rig_register("b", "m2", "two", 1)), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 101);
  t_eq_int(t, rig_one(&r, rig_register("a", "m3", "three", 7)), STELE_WHY_DONE);
  t_eq_int(t, last(&r).version, 8);
  stele_change end = rig_register("a", "m4", "four", STELE_UNJUDGED);
  end.reg.id = INT32_MAX;
  t_eq_int(t, rig_one(&r, end), STELE_WHY_DONE);
  t_eq_int(t, rig_one(&r, rig_register("a", "m5", "five", STELE_UNJUDGED)), STELE_WHY_IDS_USED_UP);
  rig_close(&r);
}

static void malformed_changes_are_refused(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change rows[10];
  for (size_t i = 0; i < 6; i++) rows[i] = rig_register("a", "m", "text", 0);
  rows[0].reg.subject.len = 0;
  rows[1].reg.tenant.len = 0;
  rows[2].reg.id = -1;
  rows[3].reg.version = -1;
  rows[4].reg.judged = -2;
  rows[5].reg.state = 0;
  rows[6] = (stele_change){.kind = STELE_CHANGE_SET_MODE,
                           .setting = {.scope = STELE_SCOPE_GLOBAL, .tenant = STELE_STR(".")}};
  rows[7] = (stele_change){.kind = STELE_CHANGE_SET_MODE,
                           .setting = {.scope = STELE_SCOPE_SUBJECT, .tenant = STELE_STR(".")}};
  rows[8] = (stele_change){.kind = (stele_change_kind)99};
  rows[9] = (stele_change){.kind = STELE_CHANGE_RELEASE,
                           .release = {.tenant = STELE_STR("."), .count = 1}};
  t_true(t, rig_submit(&r, rows, 10));
  for (size_t i = 0; i < 10; i++) {
    t_case_n(t, "malformed", i);
    t_eq_int(t, r.results[i].why, STELE_WHY_MALFORMED);
  }
  t_eq_str(t, rig_load(&r), STELE_STR(""));
  t_eq_str(t, rig_feed(&r, 0), STELE_STR(""));
  t_eq_str(t, rig_audit(&r, ".", 0), STELE_STR(""));
  rig_close(&r);
}

/* One that is not taken leaves the others of its batch alone. */
static void a_bad_change_is_alone(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change rows[] = {rig_register("a", "m1", "one", 0), rig_delete("nowhere", 1, false),
                         rig_register("a", "m2", "two", 0), rig_register("a", "m3", "three", 1)};
  t_true(t, rig_submit(&r, rows, 4));
  t_eq_int(t, r.results[0].why, STELE_WHY_DONE);
  t_eq_int(t, r.results[1].why, STELE_WHY_SUBJECT_MISSING);
  t_eq_int(t, r.results[2].why, STELE_WHY_NEWEST_MOVED);
  t_eq_int(t, r.results[3].why, STELE_WHY_DONE);
  t_eq_int(t, r.results[3].id, 2);
  t_true(t, rig_submit(&r, rows, 0));
  rig_close(&r);
}

/* A failure that is no disk's: the transaction is taken back all the same. */
static void a_batch_without_room_fails(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change rows[] = {rig_register("a", "m1", "one", 0)};
  stele_batch nowhere = {.changes = rows, .count = 1};
  stele_batch all[] = {{.arena = t->arena, .changes = rows, .count = 1}, nowhere};
  for (size_t i = 0; i < 2; i++) {
    r.failed = false;
    r.waiting = 1;
    t_ok(t, r.store->ops->submit(r.store, &all[i], rig_applied, &r, &r.err), &r.err);
    rig_wait(&r);
    t_eq_int(t, r.failed, i == 1);
  }
  t_eq_int(t, r.err.code, STELE_INVALID);
  t_eq_int(t, rig_one(&r, rig_register("a", "m2", "two", 1)), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 2);
  t_eq_str(t, rig_audit(&r, ".", 2), STELE_STR(""));
  rig_close(&r);
}

/* More tenants in one transaction than the store keeps counters for at hand,
 * in turns, and in a group that is taken back. */
static void many_tenants_share_a_batch(T) {
  enum { TENANTS = 40, TURNS = 3, ALL = TENANTS * TURNS };
  rig r;
  rig_open(&r, t, 0);
  stele_change *rows = STELE_NEW_ARRAY(t->arena, stele_change, ALL + 2);
  rows[0] = (stele_change){.kind = STELE_CHANGE_GROUP,
                           .group = {.tenant = STELE_STR("."), .count = ALL + 1}};
  for (int i = 0; i < ALL; i++) {
    const char *meaning = stele_str_printf(t->arena, "m%d", i / TENANTS).ptr;
    rows[i + 1] = rig_register("s", meaning, meaning, i / TENANTS);
    rows[i + 1].reg.tenant = stele_str_printf(t->arena, ".t%d", i % TENANTS);
  }
  rows[ALL + 1] = rig_delete("nowhere", 1, false);
  t_true(t, rig_submit(&r, rows + 1, TENANTS)); /* the first turn */
  stele_str before = rig_load(&r);
  for (int round = 0; round < 2; round++) {
    size_t members = ALL - TENANTS;
    rows[TENANTS] = rows[0];
    rows[TENANTS].group.count = members + 1 - (size_t)round; /* first with the bad one */
    t_true(t, rig_submit(&r, rows + TENANTS, members + 2));
    t_eq_int(t, r.results[members + 1].why, STELE_WHY_SUBJECT_MISSING);
    t_eq_int(t, r.results[0].why, round ? STELE_WHY_DONE : STELE_WHY_OTHER_FAILED);
    if (round == 0) t_eq_str(t, rig_load(&r), before);
    t_true(t, rig_check(&r));
  }
  for (size_t i = 1; i <= ALL - TENANTS; i++) {
    t_eq_int(t, r.results[i].why, STELE_WHY_DONE);
    t_eq_int(t, r.results[i].id, 2 + ((int)i - 1) / TENANTS);
  }
  rig_close(&r);
}

/* ---- references ---- */

static void references_hold(T) {
  static const stele_reference to_a = {
      STELE_STR_INIT("a.proto"), {NULL, 0}, STELE_STR_INIT("a"), 1};
  rig r;
  rig_open(&r, t, 0);
  stele_change user = rig_register("u", "mu", "uses a", 0);
  user.reg.content.references = &to_a;
  user.reg.content.reference_count = 1;
  t_eq_int(t, rig_one(&r, user), STELE_WHY_REFERENCE_MISSING);
  /* what an earlier change of the same batch made is there */
  stele_change both[] = {rig_register("a", "ma", "a", 0), user};
  t_true(t, rig_submit(&r, both, 2));
  t_eq_int(t, r.results[1].why, STELE_WHY_DONE);
  t_eq_int(t, rig_one(&r, rig_delete("a", 1, false)), STELE_WHY_REFERENCED);
  stele_change subject = {.kind = STELE_CHANGE_DELETE_SUBJECT,
                          .delete_subject = {.tenant = STELE_STR("."), .subject = STELE_STR("a")}};
  t_eq_int(t, rig_one(&r, subject), STELE_WHY_REFERENCED);
  t_eq_int(t, rig_one(&r, rig_delete("u", 1, false)), STELE_WHY_DONE);
  t_eq_int(t, rig_one(&r, rig_delete("a", 1, false)), STELE_WHY_DONE);
  /* a deleted user still keeps it from going for good; it may not be used anew */
  t_eq_int(t, rig_one(&r, rig_delete("a", 1, true)), STELE_WHY_REFERENCED);
  t_eq_int(t, rig_one(&r, user), STELE_WHY_REFERENCE_MISSING);
  user.reg.any_reference = true;
  t_eq_int(t, rig_one(&r, user), STELE_WHY_DONE);
  stele_change force = rig_delete("a", 1, true);
  force.delete_version.force = true;
  t_eq_int(t, rig_one(&r, force), STELE_WHY_DONE);
  rig_close(&r);
}

static void own_references_do_not_keep_a_subject(T) {
  static const stele_reference to_1 = {
      STELE_STR_INIT("a.proto"), {NULL, 0}, STELE_STR_INIT("a"), 1};
  rig r;
  rig_open(&r, t, 0);
  stele_change second = rig_register("a", "m2", "two", 1);
  second.reg.content.references = &to_1;
  second.reg.content.reference_count = 1;
  stele_change both[] = {rig_register("a", "m1", "one", 0), second};
  t_true(t, rig_submit(&r, both, 2));
  t_eq_int(t, rig_one(&r, rig_delete("a", 1, false)), STELE_WHY_REFERENCED);
  stele_change subject = {.kind = STELE_CHANGE_DELETE_SUBJECT,
                          .delete_subject = {.tenant = STELE_STR("."), .subject = STELE_STR("a")}};
  t_eq_int(t, rig_one(&r, subject), STELE_WHY_DONE);
  t_eq_int(t, last(&r).version_count, 2);
  t_eq_int(t, last(&r).versions[1], 2);
  subject.delete_subject.permanent = true;
  t_eq_int(t, rig_one(&r, subject), STELE_WHY_DONE);
  t_eq_str(t, rig_load(&r), STELE_STR("tenant .\n"));
  rig_close(&r);
}

static void imported_references_may_come_first(T) {
  static const stele_reference to_b = {STELE_STR_INIT("b.proto"), STELE_STR_INIT(".later"),
                                       STELE_STR_INIT("b"), 3};
  rig r;
  rig_open(&r, t, 0);
  stele_change user = rig_register("u", "mu", "uses b", STELE_UNJUDGED);
  user.reg.content.references = &to_b;
  user.reg.content.reference_count = 1;
  user.reg.any_reference = true;
  t_eq_int(t, rig_one(&r, user), STELE_WHY_DONE);
  stele_change b = rig_register("b", "mb", "b", 0);
  b.reg.tenant = STELE_STR(".later");
  b.reg.version = 3;
  t_eq_int(t, rig_one(&r, b), STELE_WHY_DONE);
  stele_change drop = rig_delete("b", 3, false);
  drop.delete_version.tenant = STELE_STR(".later");
  t_eq_int(t, rig_one(&r, drop), STELE_WHY_REFERENCED);
  stele_change tenant = {.kind = STELE_CHANGE_DELETE_TENANT,
                         .delete_tenant = {.tenant = STELE_STR(".later"), .with_content = true}};
  t_eq_int(t, rig_one(&r, tenant), STELE_WHY_REFERENCED);
  rig_close(&r);
}

/* ---- deletion ---- */

static void deletion_has_two_steps(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change rows[] = {rig_register("a", "m1", "one", 0), rig_register("a", "m2", "two", 1)};
  t_true(t, rig_submit(&r, rows, 2));
  t_eq_int(t, rig_one(&r, rig_delete("b", 1, false)), STELE_WHY_SUBJECT_MISSING);
  t_eq_int(t, rig_one(&r, rig_delete("a", 3, false)), STELE_WHY_VERSION_MISSING);
  t_eq_int(t, rig_one(&r, rig_delete("a", 2, true)), STELE_WHY_NOT_DELETED);
  t_eq_int(t, rig_one(&r, rig_delete("a", 2, false)), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 2);
  t_eq_int(t, rig_one(&r, rig_delete("a", 2, false)), STELE_WHY_ALREADY_DELETED);
  t_eq_str(t, rig_load(&r),
           STELE_STR("tenant .\nschema . 1 \"one\"\nschema . 2 \"two\"\n"
                     "version . a 1 id 1 \"one\" 1.0.0 active\n"
                     "version . a 2 id 2 \"two\" 1.0.0 active deleted\n"));
  /* the newest live version is 1 now, the next number still 3 */
  t_eq_int(t, rig_one(&r, rig_register("a", "m3", "three", 2)), STELE_WHY_NEWEST_MOVED);
  t_eq_int(t, rig_one(&r, rig_register("a", "m3", "three", 1)), STELE_WHY_DONE);
  t_eq_int(t, last(&r).version, 3);
  t_eq_int(t, rig_one(&r, rig_delete("a", 2, true)), STELE_WHY_DONE);
  t_eq_str(t, rig_load(&r),
           STELE_STR("tenant .\nschema . 1 \"one\"\nschema . 3 \"three\"\n"
                     "version . a 1 id 1 \"one\" 1.0.0 active\n"
                     "version . a 3 id 3 \"three\" 1.0.0 active\n"));
  t_eq_str(t, rig_find(&r, (stele_find){.kind = STELE_FIND_ID, .tenant = STELE_STR("."), .id = 2}),
           STELE_STR(""));
  rig_close(&r);
}

static void a_deleted_identity_keeps_its_id(T) {
  rig r;
  rig_open(&r, t, 0);
  t_eq_int(t, rig_one(&r, rig_register("a", "m1", "one", 0)), STELE_WHY_DONE);
  t_eq_int(t, rig_one(&r, rig_delete("a", 1, false)), STELE_WHY_DONE);
  t_eq_int(t, rig_one(&r, rig_delete("a", 1, true)), STELE_WHY_DONE);
  t_eq_str(t, rig_load(&r), STELE_STR("tenant .\n"));
  t_eq_int(t, rig_one(&r, rig_register("b", "m2", "two", 0)), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 2); /* 1 is not given to another */
  t_eq_int(t, rig_one(&r, rig_register("a", "m1", "one again", 0)), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 1);
  t_eq_int(t, last(&r).version, 1); /* the subject was empty: it starts anew */
  t_true(t, last(&r).new_id);
  t_eq_str(t, rig_load(&r),
           STELE_STR("tenant .\nschema . 1 \"one again\"\nschema . 2 \"two\"\n"
                     "version . a 1 id 1 \"one again\" 1.0.0 active\n"
                     "version . b 1 id 2 \"two\" 1.0.0 active\n"));
  rig_close(&r);
}

static void registering_again_sweeps(T) {
  static const stele_reference to_1 = {
      STELE_STR_INIT("a.proto"), {NULL, 0}, STELE_STR_INIT("a"), 1};
  rig r;
  rig_open(&r, t, 0);
  stele_change user = rig_register("u", "mu", "uses a", 0);
  user.reg.content.references = &to_1;
  user.reg.content.reference_count = 1;
  stele_change rows[] = {rig_register("a", "m1", "one", 0), user,
                         rig_register("a", "m2", "two", 1), rig_register("a", "m1", "one", 2),
                         rig_delete("u", 1, false),         rig_delete("a", 1, false),
                         rig_delete("a", 2, false),         rig_delete("a", 3, false)};
  t_true(t, rig_submit(&r, rows, 8));
  for (size_t i = 0; i < 8; i++) t_eq_int(t, r.results[i].why, STELE_WHY_DONE);
  stele_change again = rig_register("a", "m1", "one", 0);
  again.reg.sweep = true;
  t_eq_int(t, rig_one(&r, again), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 1);
  t_eq_int(t, last(&r).version, 4);
  /* 3 had the id and is gone; 1 is referred to; 2 has another id */
  t_eq_int(t, last(&r).version_count, 1);
  t_eq_int(t, last(&r).versions[0], 3);
  t_eq_str(t, rig_load(&r),
           STELE_STR("tenant .\nschema . 1 \"one\"\nschema . 2 \"uses a\"\nschema . 3 \"two\"\n"
                     "version . a 1 id 1 \"one\" 1.0.0 active deleted\n"
                     "version . a 2 id 3 \"two\" 1.0.0 active deleted\n"
                     "version . a 4 id 1 \"one\" 1.0.0 active\n"
                     "version . u 1 id 2 \"uses a\" 1.0.0 active deleted a.proto=:a:1\n"));
  rig_close(&r);
}

static void a_subject_takes_its_settings_along(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change config = {.kind = STELE_CHANGE_SET_CONFIG,
                         .setting = {.scope = STELE_SCOPE_SUBJECT,
                                     .tenant = STELE_STR("."),
                                     .name = STELE_STR("a"),
                                     .value = STELE_STR("{}")}};
  stele_change mode = config;
  mode.kind = STELE_CHANGE_SET_MODE;
  mode.setting.value = STELE_STR("READONLY");
  stele_change prefix = config;
  prefix.setting.scope = STELE_SCOPE_PREFIX;
  stele_change rows[] = {rig_register("a", "m1", "one", 0), config, mode, prefix,
                         rig_delete("a", 1, false)};
  t_true(t, rig_submit(&r, rows, 5));
  stele_str soft = rig_load(&r);
  t_true(t, memmem(soft.ptr, soft.len, "mode . subject a READONLY\n", 26) != NULL);
  t_eq_int(t, rig_one(&r, rig_delete("a", 1, true)), STELE_WHY_DONE);
  t_eq_str(t, rig_load(&r), STELE_STR("tenant .\nconfig . prefix a {}\n"));
  t_eq_int(t, rig_one(&r, rig_delete("a", 1, false)), STELE_WHY_SUBJECT_MISSING);
  rig_close(&r);
}

static void subjects_are_deleted_whole(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change subject = {.kind = STELE_CHANGE_DELETE_SUBJECT,
                          .delete_subject = {.tenant = STELE_STR("."), .subject = STELE_STR("a")}};
  stele_change rows[] = {rig_register("a", "m1", "one", 0), rig_register("a", "m2", "two", 1),
                         rig_register("a", "m3", "three", 2), rig_delete("a", 2, false)};
  t_eq_int(t, rig_one(&r, subject), STELE_WHY_SUBJECT_MISSING);
  t_true(t, rig_submit(&r, rows, 4));
  subject.delete_subject.permanent = true;
  t_eq_int(t, rig_one(&r, subject), STELE_WHY_NOT_DELETED);
  subject.delete_subject.permanent = false;
  t_eq_int(t, rig_one(&r, subject), STELE_WHY_DONE);
  t_eq_int(t, last(&r).version_count, 2); /* those that were live */
  t_eq_int(t, last(&r).versions[0], 1);
  t_eq_int(t, last(&r).versions[1], 3);
  t_eq_int(t, rig_one(&r, subject), STELE_WHY_ALREADY_DELETED);
  subject.delete_subject.permanent = true;
  t_eq_int(t, rig_one(&r, subject), STELE_WHY_DONE);
  t_eq_int(t, last(&r).version_count, 3); /* all of them */
  t_eq_int(t, rig_one(&r, subject), STELE_WHY_SUBJECT_MISSING);
  t_eq_str(t, rig_load(&r), STELE_STR("tenant .\n"));
  rig_close(&r);
}

static void tenants_are_deleted_whole(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change other = rig_register("a", "m1", "one", 0);
  other.reg.tenant = STELE_STR(".b");
  stele_change rows[] = {
      rig_register("a", "m1", "one", 0),
      rig_register("a", "m2", "two", 1),
      other,
      {.kind = STELE_CHANGE_SET_MODE,
       .setting = {STELE_SCOPE_TENANT, STELE_STR("."), {NULL, 0}, STELE_STR("READONLY")}},
      {.kind = STELE_CHANGE_RELEASE,
       .release = {.tenant = STELE_STR("."), .semver = STELE_STR("1.0.0")}}};
  stele_change drop = {.kind = STELE_CHANGE_DELETE_TENANT,
                       .delete_tenant = {.tenant = STELE_STR(".")}};
  t_eq_int(t, rig_one(&r, drop), STELE_WHY_TENANT_MISSING);
  t_true(t, rig_submit(&r, rows, 5));
  t_eq_int(t, rig_one(&r, drop), STELE_WHY_TENANT_NOT_EMPTY);
  drop.delete_tenant.with_content = true;
  t_eq_int(t, rig_one(&r, drop), STELE_WHY_DONE);
  t_eq_str(t, rig_load(&r),
           STELE_STR("tenant .b\nschema .b 1 \"one\"\nversion .b a 1 id 1 \"one\" 1.0.0 active\n"));
  stele_store_stats stats;
  r.store->ops->stats(r.store, &stats);
  t_eq_int(t, stats.tenants, 1);
  t_eq_int(t, stats.subjects, 1);
  t_eq_int(t, stats.schemas, 1);
  t_eq_int(t, stats.versions, 1);
  t_eq_int(t, stats.releases, 0);
  /* it comes back with the numbers it had */
  t_eq_int(t, rig_one(&r, rig_register("c", "m3", "three", 0)), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 3);
  t_eq_int(t, rig_one(&r, rig_register("c", "m2", "two", 1)), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 2);
  t_eq_int(t, rig_one(&r, rows[4]), STELE_WHY_DONE);
  t_eq_int(t, last(&r).release, 2);
  t_true(t, rig_check(&r));
  rig_close(&r);
}

/* ---- groups ---- */

static stele_change release_of(const char *tenant, const char *semver, size_t count) {
  return (stele_change){
      .kind = STELE_CHANGE_RELEASE,
      .origin = {.time = 3000, .author = STELE_STR("ci")},
      .release = {.tenant = stele_cstr(tenant), .semver = stele_cstr(semver), .count = count}};
}

static void releases_are_all_or_nothing(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change good[] = {release_of(".", "1.0.0", 2), rig_register("a", "m1", "one", 0),
                         rig_register("b", "m2", "two", 0), rig_register("c", "m3", "three", 0)};
  t_true(t, rig_submit(&r, good, 4));
  t_eq_int(t, r.results[0].release, 1);
  t_eq_int(t, r.results[1].release, 1);
  t_eq_int(t, r.results[2].release, 1);
  t_eq_int(t, r.results[3].release, 0); /* not a member */
  stele_str before = rig_load(&r);
  stele_str feed = rig_feed(&r, 0);
  stele_change bad[] = {release_of(".", "2.0.0", 3), rig_register("new", "m4", "four", 0),
                        rig_register("a", "m5", "five", 0), rig_delete("b", 1, false)};
  t_true(t, rig_submit(&r, bad, 4));
  t_eq_int(t, r.results[0].why, STELE_WHY_OTHER_FAILED);
  t_eq_int(t, r.results[1].why, STELE_WHY_OTHER_FAILED);
  t_eq_int(t, r.results[2].why, STELE_WHY_NEWEST_MOVED);
  t_eq_int(t, r.results[2].version, 1);
  t_eq_int(t, r.results[3].why, STELE_WHY_OTHER_FAILED);
  t_eq_str(t, rig_load(&r), before);
  t_eq_str(t, rig_feed(&r, 0), feed);
  /* the numbers that it had taken are free again, in the same transaction too */
  stele_change next[] = {bad[0],
                         bad[1],
                         bad[2],
                         bad[3],
                         release_of(".", "1.1.0", 1),
                         rig_register("a", "m5", "five", 1)};
  t_true(t, rig_submit(&r, next, 6));
  t_eq_int(t, r.results[0].why, STELE_WHY_OTHER_FAILED);
  t_eq_int(t, r.results[4].release, 2);
  t_eq_int(t, r.results[5].id, 4);
  t_eq_int(t, r.results[5].version, 2);
  t_true(t, rig_check(&r));
  t_eq_str(t, rig_load(&r),
           STELE_STR("tenant .\nschema . 1 \"one\"\nschema . 2 \"two\"\nschema . 3 \"three\"\n"
                     "schema . 4 \"five\"\n"
                     "version . a 1 id 1 \"one\" 1.0.0 active release 1 by ci\n"
                     "version . a 2 id 4 \"five\" 1.0.0 active release 2 by ci\n"
                     "version . b 1 id 2 \"two\" 1.0.0 active release 1 by ci\n"
                     "version . c 1 id 3 \"three\" 1.0.0 active\n"
                     "release . 1 1.0.0\nrelease . 2 1.1.0\n"));
  rig_close(&r);
}

static void releases_know_their_base(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change first = release_of(".", "1.0.0", 0), other = first;
  first.release.base = 1;
  t_eq_int(t, rig_one(&r, first), STELE_WHY_BASE_MOVED);
  t_eq_str(t, rig_load(&r), STELE_STR(""));
  first.release.base = 0;
  t_eq_int(t, rig_one(&r, first), STELE_WHY_DONE);
  first.release.base = 1;
  t_eq_int(t, rig_one(&r, first), STELE_WHY_DONE);
  t_eq_int(t, last(&r).release, 2);
  t_eq_int(t, rig_one(&r, first), STELE_WHY_BASE_MOVED);
  /* members must be the release's tenant's, and of the kinds it takes */
  other.release.count = 1;
  stele_change foreign[] = {other, rig_register("a", "m", "x", 0)};
  foreign[1].reg.tenant = STELE_STR(".b");
  t_true(t, rig_submit(&r, foreign, 2));
  t_eq_int(t, r.results[0].why, STELE_WHY_MALFORMED);
  t_eq_int(t, r.results[1].why, STELE_WHY_OTHER_FAILED);
  stele_change nested[] = {other, first};
  t_true(t, rig_submit(&r, nested, 2));
  t_eq_int(t, r.results[0].why, STELE_WHY_MALFORMED);
  rig_close(&r);
}

static void groups_hold_settings_too(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change group = {.kind = STELE_CHANGE_GROUP,
                        .group = {.tenant = STELE_STR("."), .count = 2}};
  stele_change mode = {
      .kind = STELE_CHANGE_SET_MODE,
      .setting = {STELE_SCOPE_TENANT, STELE_STR("."), {NULL, 0}, STELE_STR("IMPORT")}};
  stele_change bad[] = {group, mode, rig_delete("a", 1, true)};
  t_true(t, rig_submit(&r, bad, 3));
  t_eq_int(t, r.results[1].why, STELE_WHY_OTHER_FAILED);
  t_eq_int(t, r.results[2].why, STELE_WHY_SUBJECT_MISSING);
  t_eq_str(t, rig_load(&r), STELE_STR(""));
  stele_change good[] = {group, mode, rig_register("a", "m1", "one", 0)};
  t_true(t, rig_submit(&r, good, 3));
  t_eq_str(
      t, rig_audit(&r, ".", 0),
      STELE_STR("1 group @ 0 null {\"changes\":["
                "{\"what\":\"set mode\",\"before\":null,"
                "\"after\":{\"scope\":\"tenant\",\"value\":\"IMPORT\"}},"
                "{\"what\":\"register\",\"before\":{\"newest\":0},"
                "\"after\":{\"subject\":\"a\",\"version\":1,\"id\":1,\"semver\":\"1.0.0\","
                "\"identity\":\"ca0df2c95aa144c1d0ff2ff3c8f967fdc1de9ef0c4120b3726416701b519d619\""
                "}}]}\n"));
  rig_close(&r);
}

static void keys_answer_again(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change push[] = {release_of(".", "1.0.0", 2), rig_register("a", "m1", "one", 0),
                         rig_register("b", "m2", "two", 0)};
  push[0].origin.key = STELE_STR("key-1");
  push[0].origin.key_digest.bytes[0] = 1;
  t_true(t, rig_submit(&r, push, 3));
  t_true(t, !r.results[0].repeated);
  uint64_t seq = r.results[2].seq;
  t_eq_int(t, rig_one(&r, rig_delete("a", 1, false)), STELE_WHY_DONE);
  stele_str before = rig_load(&r);
  t_true(t, rig_submit(&r, push, 3));
  for (size_t i = 0; i < 3; i++) t_true(t, r.results[i].repeated && !r.results[i].why);
  t_eq_int(t, r.results[0].release, 1);
  t_eq_int(t, r.results[2].id, 2);
  t_eq_int(t, r.results[2].version, 1);
  t_eq_int(t, r.results[2].seq, seq);
  t_true(t, memcmp(&r.results[2].guid, &push[2].reg.guid, sizeof(stele_md5)) == 0);
  t_eq_str(t, rig_load(&r), before);
  t_eq_str(t,
           rig_find(&r, (stele_find){.kind = STELE_FIND_KEY,
                                     .tenant = STELE_STR("."),
                                     .text = STELE_STR("key-1")}),
           STELE_STR("release . 1 1.0.0\n"
                     "version . a 1 id 1 \"one\" 1.0.0 active deleted release 1 by ci\n"
                     "version . b 1 id 2 \"two\" 1.0.0 active release 1 by ci\n"));
  /* the head alone asks for its own part */
  stele_change head = push[0];
  head.release.count = 0;
  t_true(t, rig_submit(&r, &head, 1));
  t_true(t, r.results[0].repeated && !r.results[0].why);
  t_eq_int(t, r.results[0].release, 1);
  /* another request under the same key */
  push[0].origin.key_digest.bytes[0] = 2;
  t_true(t, rig_submit(&r, push, 3));
  t_eq_int(t, r.results[0].why, STELE_WHY_KEY_REUSED);
  t_eq_int(t, r.results[1].why, STELE_WHY_OTHER_FAILED);
  /* in another tenant the key is new */
  stele_change single = rig_register("a", "m1", "one", 0);
  single.reg.tenant = STELE_STR(".b");
  single.origin.key = STELE_STR("key-1");
  stele_change twice[] = {single, single};
  t_true(t, rig_submit(&r, twice, 2));
  t_true(t, !r.results[0].repeated && r.results[1].repeated);
  t_eq_int(t, r.results[1].id, 1);
  /* a change that was not taken leaves its key free */
  stele_change moved = rig_register("z", "mz", "z", 5);
  moved.origin.key = STELE_STR("key-2");
  t_eq_int(t, rig_one(&r, moved), STELE_WHY_NEWEST_MOVED);
  moved.reg.judged = 0;
  t_eq_int(t, rig_one(&r, moved), STELE_WHY_DONE);
  t_true(t, !last(&r).repeated);
  rig_close(&r);
}

/* ---- settings, states, usage ---- */

static stele_change setting(stele_change_kind kind, stele_scope scope, const char *tenant,
                            const char *name, const char *value) {
  return (stele_change){
      .kind = kind,
      .origin = {.time = 4000},
      .setting = {scope, stele_cstr(tenant), stele_cstr(name), stele_cstr(value)}};
}

static void settings_have_scopes(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change rows[] = {
      setting(STELE_CHANGE_SET_CONFIG, STELE_SCOPE_GLOBAL, "", "", "g"),
      setting(STELE_CHANGE_SET_CONFIG, STELE_SCOPE_TENANT, ".", "", "t"),
      setting(STELE_CHANGE_SET_CONFIG, STELE_SCOPE_PREFIX, ".", "x", "p"),
      setting(STELE_CHANGE_SET_CONFIG, STELE_SCOPE_SUBJECT, ".", "x", "s"),
      setting(STELE_CHANGE_SET_CONFIG, STELE_SCOPE_SUBJECT, ".b", "x", "sb"),
      setting(STELE_CHANGE_SET_MODE, STELE_SCOPE_SUBJECT, ".", "x", "m1"),
      setting(STELE_CHANGE_SET_MODE, STELE_SCOPE_SUBJECT, ".", "x", "m2"),
  };
  t_true(t, rig_submit(&r, rows, STELE_COUNT(rows)));
  for (size_t i = 0; i < STELE_COUNT(rows); i++) t_eq_int(t, r.results[i].why, STELE_WHY_DONE);
  stele_str all = rig_load(&r);
  static const char *const lines[] = {"config  global  g\n",      "config . tenant  t\n",
                                      "config . prefix x p\n",    "config . subject x s\n",
                                      "config .b subject x sb\n", "mode . subject x m2\n"};
  size_t len = 0;
  for (size_t i = 0; i < STELE_COUNT(lines); i++) {
    t_case(t, lines[i]);
    t_true(t, memmem(all.ptr, all.len, lines[i], strlen(lines[i])) != NULL);
    len += strlen(lines[i]);
  }
  t_eq_int(t, all.len, len); /* and no tenant: nothing is registered */
  t_eq_int(t, rig_one(&r, setting(STELE_CHANGE_DELETE_CONFIG, STELE_SCOPE_PREFIX, ".", "x", "")),
           STELE_WHY_DONE);
  t_eq_int(t, rig_one(&r, setting(STELE_CHANGE_DELETE_CONFIG, STELE_SCOPE_PREFIX, ".", "x", "")),
           STELE_WHY_SETTING_MISSING);
  t_eq_int(t, rig_one(&r, setting(STELE_CHANGE_DELETE_MODE, STELE_SCOPE_TENANT, ".no", "", "")),
           STELE_WHY_SETTING_MISSING);
  t_eq_str(t, rig_audit(&r, "", 0),
           STELE_STR("1 set config @ 4000 null {\"scope\":\"global\",\"value\":\"g\"}\n"));
  t_eq_str(t, rig_audit(&r, ".", 4),
           STELE_STR("5 set mode @ 4000 {\"scope\":\"subject\",\"name\":\"x\",\"value\":\"m1\"} "
                     "{\"scope\":\"subject\",\"name\":\"x\",\"value\":\"m2\"}\n"
                     "6 delete config @ 4000 {\"scope\":\"prefix\",\"name\":\"x\",\"value\":\"p\"} "
                     "null\n"));
  rig_close(&r);
}

static void versions_have_states(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change state = {.kind = STELE_CHANGE_SET_STATE,
                        .set_state = {.tenant = STELE_STR("."),
                                      .subject = STELE_STR("a"),
                                      .version = 1,
                                      .state = STELE_STATE_DEPRECATED,
                                      .retire_at = 99}};
  t_eq_int(t, rig_one(&r, state), STELE_WHY_SUBJECT_MISSING);
  t_eq_int(t, rig_one(&r, rig_register("a", "m1", "one", 0)), STELE_WHY_DONE);
  t_eq_int(t, rig_one(&r, state), STELE_WHY_DONE);
  t_eq_int(t, last(&r).id, 1);
  t_eq_str(t, rig_feed(&r, 3), STELE_STR("version . a 1 id 1 \"one\" 1.0.0 deprecated\n"));
  state.set_state.version = 2;
  t_eq_int(t, rig_one(&r, state), STELE_WHY_VERSION_MISSING);
  state.set_state.state = 9;
  t_eq_int(t, rig_one(&r, state), STELE_WHY_MALFORMED);
  t_eq_str(t, rig_audit(&r, ".", 1),
           STELE_STR("2 set state @ 0 {\"subject\":\"a\",\"version\":1,\"state\":\"active\","
                     "\"deprecate_at_us\":0,\"retire_at_us\":0} {\"subject\":\"a\",\"version\":1,"
                     "\"state\":\"deprecated\",\"deprecate_at_us\":0,\"retire_at_us\":99}\n"));
  rig_close(&r);
}

static void usage_adds_up(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change use = {.kind = STELE_CHANGE_USAGE,
                      .usage = {.tenant = STELE_STR("."),
                                .subject = STELE_STR("a"),
                                .version = 1,
                                .reader = STELE_STR("risk"),
                                .reads = 5,
                                .last = 10}};
  t_eq_int(t, rig_one(&r, use), STELE_WHY_TENANT_MISSING);
  t_eq_int(t, rig_one(&r, rig_register("a", "m1", "one", 0)), STELE_WHY_DONE);
  stele_change other = use;
  other.usage.reader = STELE_STR("web");
  stele_change rows[] = {use, other, use};
  t_true(t, rig_submit(&r, rows, 3));
  stele_find what = {.kind = STELE_FIND_USAGE, .tenant = STELE_STR("."), .text = STELE_STR("a")};
  t_eq_str(t, rig_find(&r, what), STELE_STR("usage . a 1 risk 10\nusage . a 1 web 5\n"));
  what.version = 2;
  t_eq_str(t, rig_find(&r, what), STELE_STR(""));
  t_eq_str(t, rig_feed(&r, 3), STELE_STR("")); /* not fed, not audited */
  t_eq_str(t, rig_audit(&r, ".", 1), STELE_STR(""));
  rig_close(&r);
}

static void finding_by_guid(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change rows[] = {rig_register("a", "m1", "one", 0), rig_register("a", "m1", "uno", 0)};
  rows[1].reg.tenant = STELE_STR(".b");
  t_true(t, rig_submit(&r, rows, 2));
  stele_find what = {.kind = STELE_FIND_GUID, .guid = rows[0].reg.guid};
  t_eq_str(t, rig_find(&r, what), STELE_STR("schema . 1 \"one\"\nschema .b 1 \"uno\"\n"));
  what.tenant = STELE_STR(".b");
  t_eq_str(t, rig_find(&r, what), STELE_STR("schema .b 1 \"uno\"\n"));
  what.tenant = STELE_STR(".c");
  t_eq_str(t, rig_find(&r, what), STELE_STR(""));
  what = (stele_find){.kind = STELE_FIND_ID, .tenant = STELE_STR("."), .id = 2};
  t_eq_str(t, rig_find(&r, what), STELE_STR(""));
  what.kind = STELE_FIND_KEY;
  what.text = STELE_STR("none");
  t_eq_str(t, rig_find(&r, what), STELE_STR(""));
  rig_close(&r);
}

/* ---- feed ---- */

static void the_feed_is_in_order(T) {
  rig r;
  rig_open(&r, t, 0);
  stele_change rows[] = {rig_register("a", "m1", "one", 0), rig_register("a", "m2", "two", 1),
                         rig_delete("a", 1, false), rig_delete("a", 1, true)};
  t_true(t, rig_submit(&r, rows, 4));
  t_eq_int(t, r.results[0].seq, 3);
  t_eq_int(t, r.results[1].seq, 5);
  t_eq_int(t, r.results[2].seq, 6);
  t_eq_int(t, r.results[3].seq, 8);
  t_eq_str(t, rig_feed(&r, 0),
           STELE_STR("tenant .\n"
                     "gone schema . 1\n" /* each row as it stands now */
                     "gone version . a 1\n"
                     "schema . 2 \"two\"\n"
                     "version . a 2 id 2 \"two\" 1.0.0 active\n"
                     "gone version . a 1\n"
                     "gone version . a 1\n"
                     "gone schema . 1\n"));
  t_eq_int(t, r.seq, 8);
  t_eq_str(t, rig_feed(&r, 7), STELE_STR("gone schema . 1\n"));
  t_eq_str(t, rig_feed(&r, 8), STELE_STR(""));
  t_eq_str(t, rig_feed(&r, 800), STELE_STR(""));
  rig_close(&r);
}

/* ---- many threads ---- */

enum { SENDERS = 4, SENT_EACH = 500 };

typedef struct sender {
  rig *r;
  sys_thread thread;
  int number;
  stele_arena *arena;
  stele_change changes[SENT_EACH];
  stele_batch batches[SENT_EACH];
  stele_result results[SENT_EACH];
  int refused;
} sender;

static void count_applied(stele_batch *batch, const stele_err *err, void *arg) {
  rig *r = arg;
  (void)batch;
  sys_mutex_lock(&r->lock);
  if (err) {
    r->failed = true;
    r->err = *err;
  }
  r->count++;
  sys_cond_wake_all(&r->wake);
  sys_mutex_unlock(&r->lock);
}

static void send_all(void *arg) {
  sender *s = arg;
  for (int i = 0; i < SENT_EACH; i++) {
    stele_err err = {0};
    /* every meaning is sent by two of the senders */
    const char *meaning = stele_str_printf(s->arena, "m%d.%d", s->number / 2, i).ptr;
    const char *subject = stele_str_printf(s->arena, "s%d", s->number).ptr;
    s->changes[i] = rig_register(subject, meaning, meaning, STELE_UNJUDGED);
    s->batches[i] = (stele_batch){.changes = &s->changes[i], .count = 1, .results = &s->results[i]};
    if (!s->r->store->ops->submit(s->r->store, &s->batches[i], count_applied, s->r, &err)) {
      s->refused++;
    }
  }
}

static void many_threads_share_one_store(T) {
  rig r;
  rig_open(&r, t, 0);
  sender *senders = STELE_NEW_ARRAY(t->arena, sender, SENDERS);
  for (int i = 0; i < SENDERS; i++) {
    senders[i].r = &r;
    senders[i].number = i;
    senders[i].arena = stele_arena_new(0);
    t_ok(t, sys_thread_start(&senders[i].thread, "sender", send_all, &senders[i], &r.err), &r.err);
  }
  for (int i = 0; i < SENDERS; i++) sys_thread_join(&senders[i].thread);
  sys_mutex_lock(&r.lock);
  while (r.count < SENDERS * SENT_EACH) sys_cond_wait(&r.wake, &r.lock);
  sys_mutex_unlock(&r.lock);
  t_ok(t, !r.failed, &r.err);
  bool *seen = STELE_NEW_ARRAY(t->arena, bool, SENDERS *SENT_EACH + 1);
  int32_t highest = 0;
  for (int i = 0; i < SENDERS; i++) {
    t_eq_int(t, senders[i].refused, 0);
    for (int n = 0; n < SENT_EACH; n++) {
      const stele_result *result = &senders[i].results[n];
      t_eq_int(t, result->why, STELE_WHY_DONE);
      t_eq_int(t, result->version, n + 1);
      t_eq_int(t, result->id, senders[i ^ 1].results[n].id);
      seen[result->id] = true;
      if (result->id > highest) highest = result->id;
    }
    stele_arena_free(senders[i].arena);
  }
  t_eq_int(t, highest, SENDERS / 2 * SENT_EACH);
  for (int32_t id = 1; id <= highest; id++) t_true(t, seen[id]);
  stele_store_stats stats;
  r.store->ops->stats(r.store, &stats);
  t_eq_int(t, stats.versions, SENDERS * SENT_EACH);
  t_eq_int(t, stats.schemas, highest);
  t_eq_int(t, stats.subjects, SENDERS);
  t_eq_int(t, stats.batches, SENDERS * SENT_EACH);
  t_true(t, stats.transactions <= stats.batches);
  t_true(t, stats.bytes > 0);
  t_true(t, rig_check(&r));
  t_eq_int(t, r.verdict.records, SENDERS * SENT_EACH);
  rig_close(&r);
}

/* ---- closing ---- */

static void closing_finishes_what_is_queued(T) {
  rig r;
  rig_open(&r, t, 0);
  enum { QUEUED = 50 };
  stele_change changes[QUEUED];
  stele_batch batches[QUEUED];
  stele_result results[QUEUED];
  for (int i = 0; i < QUEUED; i++) {
    const char *meaning = stele_str_printf(t->arena, "m%d", i).ptr;
    changes[i] = rig_register("s", meaning, meaning, STELE_UNJUDGED);
    batches[i] = (stele_batch){.changes = &changes[i], .count = 1, .results = &results[i]};
    t_ok(t, r.store->ops->submit(r.store, &batches[i], count_applied, &r, &r.err), &r.err);
  }
  r.store->ops->close(r.store);
  r.store = NULL;
  t_eq_int(t, r.count, QUEUED);
  for (int i = 0; i < QUEUED; i++) t_eq_int(t, results[i].id, i + 1);
  rig_close(&r);
}

/* ---- a failing machine ---- */

/* For every n: the n-th call to the machine fails while a store with some rows
 * takes more. Then nothing of the batch is kept, and with a sound machine the
 * same batch is taken with the same numbers. */
static void no_failure_leaves_a_trace(T) {
  enum { MOST = 100000 };
  uint64_t n = 1;
  for (bool reached = true; reached; n += 1 + n / 16) {
    rig r;
    t_case_n(t, "with failing call", n);
    t_true(t, n < MOST);
    rig_open(&r, t, 0);
    stele_change first[] = {rig_register("a", "m1", "one", 0), rig_delete("a", 1, false)};
    t_true(t, rig_submit(&r, first, 2));
    stele_str before = rig_load(&r);
    stele_change more[] = {release_of(".", "1.0.0", 3),
                           rig_register("b", "m2", "two", 0),
                           rig_register("c", "m3", "three", 0),
                           rig_delete("a", 1, true),
                           rig_register("d", "m4", "four", 0),
                           setting(STELE_CHANGE_SET_MODE, STELE_SCOPE_GLOBAL, "", "", "READONLY")};
    backend.fail_after(r.store, n);
    bool done = rig_submit(&r, more, STELE_COUNT(more));
    backend.fail_after(r.store, 0);
    reached = !done;
    if (!done) {
      t_true(t, r.err.code != STELE_OK && r.err.msg[0]);
      t_eq_str(t, rig_load(&r), before);
      t_true(t, rig_check(&r));
      t_ok(t, rig_submit(&r, more, STELE_COUNT(more)), &r.err);
    }
    for (size_t i = 0; i < STELE_COUNT(more); i++) t_eq_int(t, r.results[i].why, STELE_WHY_DONE);
    t_eq_int(t, r.results[0].release, 1);
    t_eq_int(t, r.results[1].id, 2);
    t_eq_int(t, r.results[4].id, 4);
    t_true(t, rig_check(&r));
    rig_close(&r);
  }
  t_true(t, n > 2); /* some did fail */
}

#define ROW(fn)                                                                                    \
  { #fn, fn }

const test_entry store_contract[STORE_CONTRACT_TESTS] = {
    ROW(one_identity_has_one_id),
    ROW(content_comes_back_whole),
    ROW(ids_stay_dense_through_conflicts),
    ROW(imported_ids_are_kept),
    ROW(malformed_changes_are_refused),
    ROW(a_bad_change_is_alone),
    ROW(a_batch_without_room_fails),
    ROW(many_tenants_share_a_batch),
    ROW(references_hold),
    ROW(own_references_do_not_keep_a_subject),
    ROW(imported_references_may_come_first),
    ROW(deletion_has_two_steps),
    ROW(a_deleted_identity_keeps_its_id),
    ROW(registering_again_sweeps),
    ROW(a_subject_takes_its_settings_along),
    ROW(subjects_are_deleted_whole),
    ROW(tenants_are_deleted_whole),
    ROW(releases_are_all_or_nothing),
    ROW(releases_know_their_base),
    ROW(groups_hold_settings_too),
    ROW(keys_answer_again),
    ROW(settings_have_scopes),
    ROW(versions_have_states),
    ROW(usage_adds_up),
    ROW(finding_by_guid),
    ROW(the_feed_is_in_order),
    ROW(many_threads_share_one_store),
    ROW(closing_finishes_what_is_queued),
    ROW(no_failure_leaves_a_trace),
};
