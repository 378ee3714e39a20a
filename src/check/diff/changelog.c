/* A section is a row: which changes it holds. A change stands in the first
 * section that wants it. */
#include "check/diff/changelog.h"

#include "base/guard.h"

typedef struct changelog_job {
  stele_arena *arena;
  const changelog_head *head;
  const diff_changes *changes;
  stele_buf *out;
} changelog_job;

/* ---- one change ----------------------------------------------------------- */

static bool is_file(const diff_change *change) {
  return strcmp(change->element, "file") == 0;
}

/* Text that Markdown leaves alone. */
static void add_code(stele_buf *out, stele_str text) {
  stele_buf_add_byte(out, '`');
  for (size_t i = 0; i < text.len; i++) {
    stele_buf_add_byte(out, text.ptr[i] == '`' ? '\'' : (uint8_t)text.ptr[i]);
  }
  stele_buf_add_byte(out, '`');
}

/* The documentation as lines below the bullet. */
static void add_documentation(stele_buf *out, stele_str text) {
  for (size_t from = 0; from < text.len;) {
    const char *newline = memchr(text.ptr + from, '\n', text.len - from);
    size_t to = newline ? (size_t)(newline - text.ptr) : text.len;
    if (to > from) {
      stele_buf_add_cstr(out, "  ");
      stele_buf_add(out, text.ptr + from, to - from);
    }
    stele_buf_add_byte(out, '\n');
    from = to + 1;
  }
}

static void add_parts(stele_buf *out, const diff_change *change) {
  for (size_t i = 0; i < change->part_count; i++) {
    const diff_part *part = &change->parts[i];
    if (strcmp(part->name, "documentation") == 0 || strcmp(part->name, "deprecated") == 0) continue;
    stele_buf_printf(out, "  - %s", part->name);
    if (part->option.len) {
      stele_buf_add_byte(out, ' ');
      add_code(out, part->option);
    }
    stele_buf_add_cstr(out, ": ");
    if (part->old_text.len) add_code(out, part->old_text);
    if (part->old_text.len && part->new_text.len) stele_buf_add_cstr(out, " → ");
    if (part->new_text.len) add_code(out, part->new_text);
    if (!part->new_text.len) stele_buf_add_cstr(out, " is no more");
    stele_buf_add_byte(out, '\n');
  }
}

static void add_change(stele_buf *out, const diff_change *change) {
  stele_str name = change->old_name.len ? change->old_name : change->new_name;
  stele_str text = change->new_text.len ? change->new_text : change->old_text;
  bool tells = change->kind == DIFF_ADDED || change->kind == DIFF_REMOVED;
  stele_buf_printf(out, "- %s ", change->element);
  add_code(out, name);
  if (change->old_name.len && change->new_name.len &&
      !stele_str_eq(change->old_name, change->new_name)) {
    stele_buf_add_cstr(out, " → ");
    add_code(out, change->new_name);
  }
  if (!is_file(change) && change->kind == DIFF_MOVED &&
      !stele_str_eq(change->old_file, change->new_file)) {
    stele_buf_add_cstr(out, ", from ");
    add_code(out, change->old_file);
    stele_buf_add_cstr(out, " to ");
    add_code(out, change->new_file);
  }
  if (tells && text.len) {
    stele_buf_add_cstr(out, ": ");
    add_code(out, text);
  }
  stele_buf_add_byte(out, '\n');
  add_documentation(out, change->documentation);
  add_parts(out, change);
}

/* ---- sections ------------------------------------------------------------- */

static bool is_documentation_only(const diff_change *change) {
  for (size_t i = 0; i < change->part_count; i++) {
    if (strcmp(change->parts[i].name, "documentation") != 0) return false;
  }
  return change->kind == DIFF_CHANGED;
}

static bool wants_removed(const diff_change *change) {
  return change->kind == DIFF_REMOVED;
}

static bool wants_renamed(const diff_change *change) {
  return change->kind == DIFF_RENAMED || change->kind == DIFF_MOVED;
}

static bool wants_deprecated(const diff_change *change) {
  return change->kind == DIFF_CHANGED && change->is_deprecated;
}

static bool wants_changed(const diff_change *change) {
  return change->kind == DIFF_CHANGED && !change->is_deprecated && !is_documentation_only(change);
}

static bool wants_added(const diff_change *change) {
  return change->kind == DIFF_ADDED;
}

static bool wants_documentation(const diff_change *change) {
  return is_documentation_only(change) && !change->is_deprecated;
}

static const struct {
  const char *title;
  bool (*wants)(const diff_change *change);
} sections[] = {
    {"Removed", wants_removed}, {"Renamed and moved", wants_renamed},
    {"Changed", wants_changed}, {"Deprecated", wants_deprecated},
    {"Added", wants_added},     {"Documentation", wants_documentation},
};

static void add_section(changelog_job *job, size_t row) {
  bool is_empty = true;
  for (size_t i = 0; i < job->changes->count; i++) {
    const diff_change *change = &job->changes->at[i];
    if (!sections[row].wants(change)) continue;
    if (is_empty) stele_buf_printf(job->out, "\n## %s\n\n", sections[row].title);
    is_empty = false;
    add_change(job->out, change);
  }
}

/* ---- the guide ------------------------------------------------------------ */

/* What a consumer has to do about a change of some kind of element. */
static const struct {
  diff_kind kind;
  const char *element, *action;
} actions[] = {
    {DIFF_REMOVED, "file", "Stop importing it, and the code that is generated from it."},
    {DIFF_REMOVED, "message",
     "Stop using it; messages of it can only be read with the old version."},
    {DIFF_REMOVED, "enum", "Stop using it."},
    {DIFF_REMOVED, "service", "Stop calling it, and serving it."},
    {DIFF_REMOVED, "method", "Stop calling it: the server answers UNIMPLEMENTED."},
    {DIFF_REMOVED, "field", "Stop reading and setting it; what is stored keeps it as unknown."},
    {DIFF_REMOVED, "extension", "Stop reading and setting it."},
    {DIFF_REMOVED, "oneof", "Read its members one by one: setting one clears no other any more."},
    {DIFF_REMOVED, "enum value", "Stop sending it, and decide what to do with stored ones."},
    {DIFF_RENAMED, "field", "Use the new name in code and in JSON; the wire is the same."},
    {DIFF_RENAMED, "enum value", "Use the new name in code and in JSON; the wire is the same."},
    {DIFF_RENAMED, "method", "Call it by its new name; servers answer both while you move."},
    {DIFF_RENAMED, "oneof", "Use the new name in code; the wire and JSON are the same."},
    {DIFF_RENAMED, NULL, "Use the new name in code, and where types are named in data (Any)."},
    {DIFF_MOVED, "file", "Import it by its new path."},
    {DIFF_MOVED, NULL, "Import it from its new place, and use its new full name."},
    {DIFF_ADDED, "field", "Set it in every message: it is required."},
    {DIFF_CHANGED, NULL, "Adapt code and stored data to the new definition."},
};

static const char *action_of(const diff_change *change) {
  bool keeps_name = stele_str_eq(change->old_name, change->new_name);
  if (change->kind == DIFF_MOVED && keeps_name) return "Import it from its new place.";
  for (size_t i = 0; i < STELE_COUNT(actions); i++) {
    if (actions[i].kind != change->kind) continue;
    if (!actions[i].element || strcmp(actions[i].element, change->element) == 0) {
      return actions[i].action;
    }
  }
  return "See what changed.";
}

static void add_guide(changelog_job *job) {
  stele_buf_printf(job->out,
                   "\n## Migrating to " STELE_STR_FMT
                   "\n\nFor each box: find where you use it, change that, and say here how.\n\n",
                   STELE_STR_ARG(job->head->next));
  for (size_t i = 0; i < job->changes->count; i++) {
    const diff_change *change = &job->changes->at[i];
    stele_str name = change->old_name.len ? change->old_name : change->new_name;
    if (change->cls != CHECK_MAJOR) continue;
    stele_buf_printf(job->out, "- [ ] %s ", change->element);
    add_code(job->out, name);
    stele_buf_printf(job->out, " was %s. %s\n", diff_kind_text(change->kind), action_of(change));
    add_parts(job->out, change);
  }
}

static void run_changelog(void *arg) {
  changelog_job *job = arg;
  const changelog_head *head = job->head;
  stele_buf_printf(job->out, "# " STELE_STR_FMT "\n\n", STELE_STR_ARG(head->next));
  if (head->cls == CHECK_NONE) {
    stele_buf_printf(job->out, "Nothing changed since " STELE_STR_FMT ".\n",
                     STELE_STR_ARG(head->from));
  } else {
    stele_buf_printf(job->out, "Since " STELE_STR_FMT ": a %s version.\n",
                     STELE_STR_ARG(head->from), check_class_text(head->cls));
  }
  for (size_t i = 0; i < STELE_COUNT(sections); i++) add_section(job, i);
  if (head->cls == CHECK_MAJOR && !head->without_guide) add_guide(job);
}

bool check_changelog(stele_arena *arena, const changelog_head *head, const diff_changes *changes,
                     stele_buf *out, stele_err *err) {
  changelog_job job = {arena, head, changes, out};
  return stele_guard_run(arena, run_changelog, &job, err);
}
