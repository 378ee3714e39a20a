/* What `stele explain` says about breaking rules: why, what is refused and what
 * passes, and the bytes (or the JSON, or the code) that would break. By id. */
#include "check/judge/table.h"

// clang-format off
const rule_text_row rule_breaking_texts[] = {
    {"ENUM_NO_DELETE",
     {"Code that includes or imports the file finds the enum gone. In languages where a file is a module (C++, Python), moving it to another file is the same as removing it.",
      "before: enum Side { … }\n"
     "after:  (gone from this file)",
      "before: enum Side { … }\n"
     "after:  enum Side { option deprecated = true; … }",
      "The numbers that old writers send, such as 08 02, have no names any more."}},
    {"ENUM_SAME_JSON_FORMAT",
     {"Without ALLOW a runtime may refuse to read or write JSON for the enum.",
      "before: enum E { … }\n"
     "after:  option features.json_format = LEGACY_BEST_EFFORT;",
      "The format stays ALLOW.",
      "The bytes stay; {\"e\":\"A\"} may be refused."}},
    {"ENUM_SAME_TYPE",
     {"An open enum keeps numbers it does not know; a closed one puts them aside as unknown fields, so the field looks unset.",
      "before: enum E { … }  // open\n"
     "after:  option features.enum_type = CLOSED;",
      "The enum stays open.",
      "08 05 with no value 5: an open reader has 5, a closed one has the default and an unknown field."}},
    {"ENUM_VALUE_NO_DELETE",
     {"Old records and old writers still have the number.",
      "before: SIDE_SELL = 2;\n"
     "after:  (gone)",
      "before: SIDE_SELL = 2;\n"
     "after:  SIDE_SELL = 2 [deprecated = true];",
      "message M { Side side = 1; } with 08 02: a reader without value 2 shows 2, or the default where enums are closed."}},
    {"ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED",
     {"JSON carries the name. Unless it is reserved, somebody gives it to another number later.",
      "before: SIDE_SELL = 2;\n"
     "after:  (gone)",
      "before: SIDE_SELL = 2;\n"
     "after:  reserved \"SIDE_SELL\";",
      "{\"side\":\"SIDE_SELL\"} is refused, or read as the new number."}},
    {"ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
     {"The wire carries the number. Unless it is reserved, somebody gives it to another value later.",
      "before: SIDE_SELL = 2;\n"
     "after:  (gone)",
      "before: SIDE_SELL = 2;\n"
     "after:  reserved 2;",
      "08 02 in an old record reads as whatever 2 means next."}},
    {"ENUM_VALUE_SAME_NAME",
     {"JSON and generated code use the name.",
      "before: SIDE_SELL = 2;\n"
     "after:  SIDE_ASK = 2;",
      "before: SIDE_SELL = 2;\n"
     "after:  SIDE_SELL = 2; SIDE_ASK = 2;  // with allow_alias",
      "08 02 stays; {\"side\":\"SIDE_SELL\"} is refused."}},
    {"EXTENSION_MESSAGE_NO_DELETE",
     {"Extensions that others declared in the range do not compile any more.",
      "before: extensions 100 to 199;\n"
     "after:  extensions 100 to 149;",
      "before: extensions 100 to 199;\n"
     "after:  extensions 100 to 299;",
      "a2 09 … (field 148) reads still, 92 0a … (field 162) becomes an unknown field."}},
    {"EXTENSION_NO_DELETE",
     {"Code that includes or imports the file finds the extension gone. In languages where a file is a module (C++, Python), moving it to another file is the same as removing it.",
      "before: extend Order { optional string tag = 100; }\n"
     "after:  (gone from this file)",
      "before: extend Order { optional string tag = 100; }\n"
     "after:  optional string tag = 100 [deprecated = true];",
      "a2 06 … becomes an unknown field."}},
    {"FIELD_NO_DELETE",
     {"Code that uses the field does not compile, and what old writers send in it is lost to readers.",
      "before: string id = 1;\n"
     "after:  (gone)",
      "before: string id = 1;\n"
     "after:  string id = 1 [deprecated = true];",
      "0a 03 \"abc\" becomes an unknown field."}},
    {"FIELD_NO_DELETE_UNLESS_NAME_RESERVED",
     {"JSON carries the name. Unless it is reserved, somebody gives it to another field later.",
      "before: string id = 1;\n"
     "after:  (gone)",
      "before: string id = 1;\n"
     "after:  reserved \"id\";",
      "{\"id\":\"abc\"} is refused, or read into the new field."}},
    {"FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
     {"The wire carries the number. Unless it is reserved, somebody gives it to another field later.",
      "before: string id = 1;\n"
     "after:  (gone), and later: bytes key = 1;",
      "before: string id = 1;\n"
     "after:  reserved 1;",
      "0a 03 \"abc\" in an old record reads as the key."}},
    {"FIELD_RENAMED",
     {"A rename is none on the wire, and one in JSON, field masks and generated code.",
      "before: string id = 1;\n"
     "after:  string key = 1;",
      "before: string id = 1;\n"
     "after:  string key = 1 [json_name = \"id\"];",
      "0a 03 \"abc\" stays; {\"id\":\"abc\"} is refused unless json_name keeps it."}},
    {"FIELD_SAME_CARDINALITY",
     {"Generated code changes its type: a value, an optional value, a list or a map.",
      "before: int32 x = 1;\n"
     "after:  repeated int32 x = 1;",
      "before: int32 x = 1;\n"
     "after:  int32 x = 1; repeated int32 xs = 2;",
      "one value 08 01 for a repeated reader is a list of one; a packed list 0a 02 01 02 for a singular reader is an unknown field."}},
    {"FIELD_SAME_CPP_STRING_TYPE",
     {"The accessor in C++ has another type.",
      "before: string s = 1;\n"
     "after:  string s = 1 [ctype = CORD];",
      "The type stays.",
      "No byte changes; C++ code that takes a std::string does not compile."}},
    {"FIELD_SAME_DEFAULT",
     {"What a reader sees where nothing was sent changes for every old record.",
      "before: int32 n = 1 [default = 10];\n"
     "after:  int32 n = 1 [default = 20];",
      "The default stays; a new field has the new one.",
      "No bytes at all: 10 before, 20 after."}},
    {"FIELD_SAME_JAVA_UTF8_VALIDATION",
     {"Java starts to refuse, or to let through, text that is not UTF-8.",
      "before: (no option)\n"
     "after:  option java_string_check_utf8 = true;",
      "The check stays as it is.",
      "0a 01 ff is read before and refused after."}},
    {"FIELD_SAME_JSON_NAME",
     {"JSON of the one side is unknown to the other.",
      "before: string id = 1;\n"
     "after:  string id = 1 [json_name = \"key\"];",
      "The JSON name stays.",
      "0a 03 \"abc\" stays; {\"id\":\"abc\"} is refused."}},
    {"FIELD_SAME_JSTYPE",
     {"JavaScript code gets a string where it had a number, or the other way round.",
      "before: int64 id = 1;\n"
     "after:  int64 id = 1 [jstype = JS_STRING];",
      "The type stays.",
      "No byte changes: 08 01 is 1 before and \"1\" after."}},
    {"FIELD_SAME_NAME",
     {"JSON, text format, field masks and generated code use the name.",
      "before: string id = 1;\n"
     "after:  string key = 1;",
      "before: string id = 1;\n"
     "after:  string id = 1; string key = 2;",
      "0a 03 \"abc\" stays; {\"id\":\"abc\"} is refused."}},
    {"FIELD_SAME_ONEOF",
     {"Setting one member of a oneof clears the others. A field that joins or leaves one is lost, or kept, where it was not before.",
      "before: string a = 1; string b = 2;\n"
     "after:  oneof x { string a = 1; string b = 2; }",
      "The field stays where it is; a new oneof has new fields.",
      "0a 01 61 12 01 62: both before, only b after."}},
    {"FIELD_SAME_TYPE",
     {"Generated code changes, and mostly the bytes do too.",
      "before: int32 n = 1;\n"
     "after:  string n = 1;",
      "before: int32 n = 1;\n"
     "after:  int32 n = 1 [deprecated = true]; string text = 2;",
      "08 05 is a varint: a reader that waits for a string (0a) puts it aside as unknown."}},
    {"FIELD_SAME_UTF8_VALIDATION",
     {"Readers start to refuse, or to let through, text that is not UTF-8.",
      "before: syntax = \"proto2\";\n"
     "after:  syntax = \"proto3\";",
      "features.utf8_validation = NONE keeps what proto2 did.",
      "0a 01 ff is read before and refused after."}},
    {"FIELD_WIRE_COMPATIBLE_CARDINALITY",
     {"A reader of one value takes the last of a list and loses the others, or all when they are packed.",
      "before: int32 x = 1;\n"
     "after:  repeated int32 x = 1;",
      "before: int32 x = 1;\n"
     "after:  optional int32 x = 1;",
      "one value 08 01 for a repeated reader is a list of one; a packed list 0a 02 01 02 for a singular reader is an unknown field."}},
    {"FIELD_WIRE_COMPATIBLE_TYPE",
     {"The bytes of the one type are something else, or nothing, as the other.",
      "before: int32 n = 1;\n"
     "after:  sint32 n = 1;",
      "before: int32 n = 1;\n"
     "after:  int64 n = 1;",
      "08 05 is 5 as int32 and -3 as sint32."}},
    {"FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
     {"JSON writes a list as [1], a map as {\"k\":1} and a value as 1: none reads the other.",
      "before: repeated Entry x = 1;\n"
     "after:  map<string, int32> x = 1;",
      "before: int32 x = 1;\n"
     "after:  optional int32 x = 1;",
      "The bytes of a map are those of its entries; [{\"key\":\"k\",\"value\":1}] and {\"k\":1} are not each other."}},
    {"FIELD_WIRE_JSON_COMPATIBLE_TYPE",
     {"The bytes or the JSON of the one type are something else, or nothing, as the other.",
      "before: int32 n = 1;\n"
     "after:  int64 n = 1;",
      "before: int32 n = 1;\n"
     "after:  uint32 n = 1;",
      "08 05 stays; JSON writes 5 for int32 and \"5\" for int64."}},
    {"FILE_NO_DELETE",
     {"An import of the path fails for everybody who has it.",
      "before: trading/orders.proto\n"
     "after:  trading/order.proto",
      "The old file stays and imports the new one.",
      "The bytes stay readable as long as the types are somewhere; the code does not compile."}},
    {"FILE_SAME_CC_ENABLE_ARENAS",
     {"The option decides what is generated: when it changes, C++ code loses or gains arena constructors.",
      "before: (not set)\n"
     "after:  option cc_enable_arenas = true;",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_CC_GENERIC_SERVICES",
     {"The option decides what is generated: when it changes, C++ service classes appear or disappear.",
      "before: (not set)\n"
     "after:  option cc_generic_services = true;",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_CSHARP_NAMESPACE",
     {"The option decides what is generated: when it changes, every using of the old namespace fails.",
      "before: (not set)\n"
     "after:  option csharp_namespace = \"Acme.Trading\";",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_GO_PACKAGE",
     {"The option decides what is generated: when it changes, every import of the old path fails.",
      "before: (not set)\n"
     "after:  option go_package = \"acme/trading\";",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_JAVA_GENERIC_SERVICES",
     {"The option decides what is generated: when it changes, Java service classes appear or disappear.",
      "before: (not set)\n"
     "after:  option java_generic_services = true;",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_JAVA_MULTIPLE_FILES",
     {"The option decides what is generated: when it changes, classes move in or out of the outer class.",
      "before: (not set)\n"
     "after:  option java_multiple_files = true;",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_JAVA_OUTER_CLASSNAME",
     {"The option decides what is generated: when it changes, every mention of the outer class fails.",
      "before: (not set)\n"
     "after:  option java_outer_classname = \"Orders\";",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_JAVA_PACKAGE",
     {"The option decides what is generated: when it changes, every import of the old package fails.",
      "before: (not set)\n"
     "after:  option java_package = \"com.acme\";",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_OBJC_CLASS_PREFIX",
     {"The option decides what is generated: when it changes, every class has another name.",
      "before: (not set)\n"
     "after:  option objc_class_prefix = \"ACM\";",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_OPTIMIZE_FOR",
     {"The option decides what is generated: when it changes, generated classes lose descriptors and reflection.",
      "before: (not set)\n"
     "after:  option optimize_for = LITE_RUNTIME;",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_PACKAGE",
     {"Every full name in the file changes.",
      "before: package trading.v1;\n"
     "after:  package trading.v2;",
      "A new file in a new folder has the new package.",
      "Any has \"type.googleapis.com/trading.v1.Order\" and gRPC \"/trading.v1.…\": nobody answers to them."}},
    {"FILE_SAME_PHP_CLASS_PREFIX",
     {"The option decides what is generated: when it changes, every class has another name.",
      "before: (not set)\n"
     "after:  option php_class_prefix = \"Acm\";",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_PHP_METADATA_NAMESPACE",
     {"The option decides what is generated: when it changes, the metadata class is somewhere else.",
      "before: (not set)\n"
     "after:  option php_metadata_namespace = \"Acme\\\\Meta\";",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_PHP_NAMESPACE",
     {"The option decides what is generated: when it changes, every use of the old namespace fails.",
      "before: (not set)\n"
     "after:  option php_namespace = \"Acme\";",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_PY_GENERIC_SERVICES",
     {"The option decides what is generated: when it changes, Python service classes appear or disappear.",
      "before: (not set)\n"
     "after:  option py_generic_services = true;",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_RUBY_PACKAGE",
     {"The option decides what is generated: when it changes, every mention of the old module fails.",
      "before: (not set)\n"
     "after:  option ruby_package = \"Acme\";",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_SWIFT_PREFIX",
     {"The option decides what is generated: when it changes, every type has another name.",
      "before: (not set)\n"
     "after:  option swift_prefix = \"ACM\";",
      "Set it before the first release, and leave it.",
      "No byte changes; code that was written against the old output does not build."}},
    {"FILE_SAME_SYNTAX",
     {"Presence, enums, packing, UTF-8 checks and JSON all take their defaults from the syntax.",
      "before: syntax = \"proto2\";\n"
     "after:  syntax = \"proto3\";",
      "edition = \"2023\"; with features that keep the old behaviour, after a release that says so.",
      "repeated int32 writes 08 01 08 02 in proto2 and 0a 02 01 02 in proto3."}},
    {"MESSAGE_NO_DELETE",
     {"Code that includes or imports the file finds the message gone. In languages where a file is a module (C++, Python), moving it to another file is the same as removing it.",
      "before: message Order { … }\n"
     "after:  (gone from this file)",
      "before: message Order { … }\n"
     "after:  message Order { option deprecated = true; … }",
      "google.protobuf.Any with \"type.googleapis.com/trading.v1.Order\" cannot be unpacked any more."}},
    {"MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR",
     {"Code that asks a message for its descriptor does not compile any more.",
      "before: message M {}\n"
     "after:  option no_standard_descriptor_accessor = true;",
      "The option stays unset.",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"MESSAGE_SAME_JSON_FORMAT",
     {"Without ALLOW a runtime may refuse to read or write JSON for the message.",
      "before: message M { … }\n"
     "after:  option features.json_format = LEGACY_BEST_EFFORT;",
      "The format stays ALLOW.",
      "The bytes stay; {\"id\":1} may be refused."}},
    {"MESSAGE_SAME_REQUIRED_FIELDS",
     {"A reader refuses a message without a field that it requires, whichever side changed first.",
      "before: optional string id = 1;\n"
     "after:  required string id = 1;",
      "before: optional string id = 1;\n"
     "after:  optional string id = 1;  // checked by the service",
      "A message without 0a … is refused whole."}},
    {"NEW_FIELD_OPTIONAL",
     {"Every message that was written before lacks the field, and is refused.",
      "before: message M {}\n"
     "after:  message M { required string id = 1; }",
      "before: message M {}\n"
     "after:  message M { optional string id = 1; }",
      "An empty message is refused whole."}},
    {"ONEOF_NO_DELETE",
     {"Code that switches over the oneof does not compile any more.",
      "before: oneof limit { … }\n"
     "after:  (gone)",
      "The oneof stays; its members are deprecated.",
      "The bytes stay; two members that exclude each other may now both be set."}},
    {"PACKAGE_ENUM_NO_DELETE",
     {"Code that uses the package finds the enum gone. It may move between files of the package.",
      "before: enum Side { … }\n"
     "after:  (gone from the package)",
      "before: a/x.proto: enum Side { … }\n"
     "after:  a/y.proto: enum Side { … }",
      "The numbers that old writers send, such as 08 02, have no names any more."}},
    {"PACKAGE_EXTENSION_NO_DELETE",
     {"Code that uses the package finds the extension gone. It may move between files of the package.",
      "before: extend Order { optional string tag = 100; }\n"
     "after:  (gone from the package)",
      "before: a/x.proto: extend Order { optional string tag = 100; }\n"
     "after:  a/y.proto: extend Order { optional string tag = 100; }",
      "a2 06 … becomes an unknown field."}},
    {"PACKAGE_MESSAGE_NO_DELETE",
     {"Code that uses the package finds the message gone. It may move between files of the package.",
      "before: message Order { … }\n"
     "after:  (gone from the package)",
      "before: a/x.proto: message Order { … }\n"
     "after:  a/y.proto: message Order { … }",
      "google.protobuf.Any with \"type.googleapis.com/trading.v1.Order\" cannot be unpacked any more."}},
    {"PACKAGE_NO_DELETE",
     {"Everything in the package is gone for those who use it.",
      "before: package trading.v1;\n"
     "after:  package trading.v2;",
      "trading.v2 lives beside trading.v1.",
      "Every full name changes: Any and gRPC paths with trading.v1 lead nowhere."}},
    {"PACKAGE_SERVICE_NO_DELETE",
     {"Code that uses the package finds the service gone. It may move between files of the package.",
      "before: service OrderService { … }\n"
     "after:  (gone from the package)",
      "before: a/x.proto: service OrderService { … }\n"
     "after:  a/y.proto: service OrderService { … }",
      "\"/trading.v1.OrderService/Place\" answers 404, or UNIMPLEMENTED in gRPC."}},
    {"REMOVED_FIELD_RESERVED",
     {"Unless number and name are reserved, somebody gives them to another field, and old records read as that.",
      "before: string id = 1;\n"
     "after:  (gone)",
      "before: string id = 1;\n"
     "after:  reserved 1; reserved \"id\";",
      "0a 03 \"abc\" in an old record reads as whatever field 1 is next."}},
    {"REMOVED_VALUE_RESERVED",
     {"Unless number and name are reserved, somebody gives them to another value, and old records read as that.",
      "before: SIDE_SELL = 2;\n"
     "after:  (gone)",
      "before: SIDE_SELL = 2;\n"
     "after:  reserved 2; reserved \"SIDE_SELL\";",
      "08 02 in an old record reads as whatever 2 means next."}},
    {"RESERVED_ENUM_NO_DELETE",
     {"What was reserved is free again: somebody gives an old number or name a new meaning.",
      "before: reserved 2; reserved \"SIDE_SELL\";\n"
     "after:  (gone)",
      "Reserved numbers and names stay reserved for ever.",
      "08 02 in an old record reads as whatever 2 means next."}},
    {"RESERVED_MESSAGE_NO_DELETE",
     {"What was reserved is free again: somebody gives an old number or name a new meaning.",
      "before: reserved 2; reserved \"key\";\n"
     "after:  (gone)",
      "Reserved numbers and names stay reserved for ever.",
      "12 03 \"abc\" in an old record reads as whatever field 2 is next."}},
    {"RPC_NO_DELETE",
     {"Clients that call the method fail at run time, and at build time once they take the new schema.",
      "before: rpc Place(Req) returns (Res);\n"
     "after:  (gone)",
      "The method stays, with option deprecated = true.",
      "\"/trading.v1.OrderService/Place\" answers UNIMPLEMENTED."}},
    {"RPC_SAME_CLIENT_STREAMING",
     {"A unary client sends one message and ends; a streaming server waits for more, and generated stubs have another shape.",
      "before: rpc Send(Tick) returns (Ack);\n"
     "after:  rpc Send(stream Tick) returns (Ack);",
      "A new method streams.",
      "The bytes of one message stay; how many follow does not."}},
    {"RPC_SAME_IDEMPOTENCY_LEVEL",
     {"Clients and proxies retry, cache and use GET by it. A method that is not safe any more is retried as if it were.",
      "before: option idempotency_level = NO_SIDE_EFFECTS;\n"
     "after:  (gone)",
      "The level stays; a new method has the new one.",
      "No byte changes; a retried request is executed twice."}},
    {"RPC_SAME_REQUEST_TYPE",
     {"Clients send the old type, and generated stubs do not compile.",
      "before: rpc Place(Order) returns (Res);\n"
     "after:  rpc Place(PlaceRequest) returns (Res);",
      "A new method takes the new type.",
      "The same bytes are read with other field numbers in mind."}},
    {"RPC_SAME_RESPONSE_TYPE",
     {"Clients wait for the old type, and generated stubs do not compile.",
      "before: rpc Get(Req) returns (Order);\n"
     "after:  rpc Get(Req) returns (GetResponse);",
      "A new method answers the new type.",
      "The same bytes are read with other field numbers in mind."}},
    {"RPC_SAME_SERVER_STREAMING",
     {"A unary client takes one message and fails on a second; generated stubs have another shape.",
      "before: rpc Get(Req) returns (Tick);\n"
     "after:  rpc Get(Req) returns (stream Tick);",
      "A new method streams.",
      "The bytes of one message stay; how many follow does not."}},
    {"SERVICE_NO_DELETE",
     {"Code that includes or imports the file finds the service gone. In languages where a file is a module (C++, Python), moving it to another file is the same as removing it.",
      "before: service OrderService { … }\n"
     "after:  (gone from this file)",
      "before: service OrderService { … }\n"
     "after:  service OrderService { option deprecated = true; … }",
      "\"/trading.v1.OrderService/Place\" answers 404, or UNIMPLEMENTED in gRPC."}},
    {"TYPE_MOVED",
     {"A type that moves keeps its bytes and changes its full name, so only code, Any and gRPC paths have to follow. It is told once, instead of as a removal, an addition and a change of every field that uses it.",
      "before: a.proto: message a.Money\n"
     "after:  b.proto: message b.Money, of the same shape",
      "The type stays, or moves together with all that use it.",
      "Inside other messages 0a … stays as it is; \"type.googleapis.com/a.Money\" leads nowhere."}},
};
// clang-format on

const size_t rule_breaking_text_count = STELE_COUNT(rule_breaking_texts);
