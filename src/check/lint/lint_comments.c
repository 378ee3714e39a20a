/* Whether things are documented: a comment before them that says something. */
#include "check/lint/lint.h"

static void want_comment(rule_run *run, stele_symbol_kind kind, const void *element,
                         const char *what, stele_str name) {
  stele_str comment = {0};
  rule_spot spot = rule_spot_of(kind, element);
  if (!rule_comment(run, &run->now, spot, &comment) || rule_says_something(comment)) return;
  rule_found(run, spot, RULE_NOWHERE,
             "%s \"" STELE_STR_FMT "\" should have a non-empty comment for documentation.", what,
             STELE_STR_ARG(name));
}

void lint_comment_message(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_message *message = element;
  if (message->is_map_entry) return;
  want_comment(run, STELE_SYMBOL_MESSAGE, message, "Message", message->name);
}

/* What stands before a group belongs to its message. */
void lint_comment_field(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_field *field = element;
  if ((!field->is_extension && field->message->is_map_entry) || field->type == STELE_TYPE_GROUP) {
    return;
  }
  want_comment(run, STELE_SYMBOL_FIELD, field, "Field", field->name);
}

void lint_comment_oneof(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_oneof *oneof = element;
  if (!oneof->is_synthetic) want_comment(run, STELE_SYMBOL_ONEOF, oneof, "Oneof", oneof->name);
}

void lint_comment_enum(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_enum *type = element;
  want_comment(run, STELE_SYMBOL_ENUM, type, "Enum", type->name);
}

void lint_comment_enum_value(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_enum_value *value = element;
  want_comment(run, STELE_SYMBOL_ENUM_VALUE, value, "Enum value", value->name);
}

void lint_comment_service(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_service *service = element;
  want_comment(run, STELE_SYMBOL_SERVICE, service, "Service", service->name);
}

void lint_comment_rpc(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_method *method = element;
  want_comment(run, STELE_SYMBOL_METHOD, method, "RPC", method->name);
}
