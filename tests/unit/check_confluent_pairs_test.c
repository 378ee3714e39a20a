/* Confluent's differences, pair by pair, in both directions: what is found when
 * the second schema reads the first, and when the first reads the second. "!"
 * marks what refuses. Written down from the rules, not from what we answer. */
#include "base/buf.h"
#include "check/confluent/confluent.h"
#include "harness/schema.h"

#define P3 "syntax = \"proto3\"; "
#define P2 "syntax = \"proto2\"; "
#define E23 "edition = \"2023\"; "
/* One message M; in proto3 and in proto2. */
#define M3(body) P3 "message M { " body " }"
#define M2(body) P2 "message M { " body " }"

typedef struct pair_row {
  const char *label, *older, *newer, *backward, *forward;
} pair_row;

static const pair_row packages[] = {
    {"the same", P3 "package a.b; message M {}", P3 "package a.b; message M {}", "", ""},
    {"a deeper one", P3 "package a; message M {}", P3 "package a.b; message M {}",
     "!PACKAGE_CHANGED #/\n", "!PACKAGE_CHANGED #/\n"},
    {"none any more", P3 "package a; message M {}", P3 "message M {}", "!PACKAGE_CHANGED #/\n",
     "!PACKAGE_CHANGED #/\n"},
    {"and a message went", P3 "package a; message M {} message N {}", P3 "package b; message M {}",
     "!PACKAGE_CHANGED #/\n!MESSAGE_REMOVED #/N\n", "!PACKAGE_CHANGED #/\nMESSAGE_ADDED #/N\n"},
    {"types keep their names within it", P3 "package a; message M { N n = 1; } message N {}",
     P3 "package b; message M { N n = 1; } message N {}", "!PACKAGE_CHANGED #/\n",
     "!PACKAGE_CHANGED #/\n"},
    {"nothing in it", P3 "package a;", P3 "package b;", "!PACKAGE_CHANGED #/\n",
     "!PACKAGE_CHANGED #/\n"},
};

static const pair_row messages[] = {
    {"one came", P3 "message M {}", P3 "message M {} message N {}", "MESSAGE_ADDED #/N\n",
     "!MESSAGE_REMOVED #/N\n"},
    {"two came", P3 "message M {}", P3 "message M {} message B {} message A {}",
     "MESSAGE_ADDED #/B\nMESSAGE_ADDED #/A\n", "!MESSAGE_REMOVED #/B\n!MESSAGE_REMOVED #/A\n"},
    {"the first one", P3, P3 "message M { int32 a = 1; }", "MESSAGE_ADDED #/M\n",
     "!MESSAGE_REMOVED #/M\n"},
    {"renamed", P3 "message M {}", P3 "message N {}", "!MESSAGE_REMOVED #/M\nMESSAGE_ADDED #/N\n",
     "!MESSAGE_REMOVED #/N\nMESSAGE_ADDED #/M\n"},
    {"another case of its name", P3 "message M {}", P3 "message m {}",
     "!MESSAGE_REMOVED #/M\nMESSAGE_ADDED #/m\n", "!MESSAGE_REMOVED #/m\nMESSAGE_ADDED #/M\n"},
    {"a nested one came", M3(""), M3("message N {}"), "MESSAGE_ADDED #/M/N\n",
     "!MESSAGE_REMOVED #/M/N\n"},
    {"three levels in", M3("message A { message B {} }"),
     M3("message A { message B { message C {} } }"), "MESSAGE_ADDED #/M/A/B/C\n",
     "!MESSAGE_REMOVED #/M/A/B/C\n"},
    {"what is in one that went is not told", M3("message A { message B {} }"), M3(""),
     "!MESSAGE_REMOVED #/M/A\n", "MESSAGE_ADDED #/M/A\n"},
    {"out of another", M3("message N {}"), P3 "message M {} message N {}",
     "!MESSAGE_REMOVED #/M/N\nMESSAGE_ADDED #/N\n", "MESSAGE_ADDED #/M/N\n!MESSAGE_REMOVED #/N\n"},
    {"from one to another", P3 "message M { message N {} } message O {}",
     P3 "message M {} message O { message N {} }", "!MESSAGE_REMOVED #/M/N\nMESSAGE_ADDED #/O/N\n",
     "MESSAGE_ADDED #/M/N\n!MESSAGE_REMOVED #/O/N\n"},
    {"swapped", P3 "message A {} message B {}", P3 "message B {} message A {}",
     "MESSAGE_MOVED #/A\nMESSAGE_MOVED #/B\n", "MESSAGE_MOVED #/B\nMESSAGE_MOVED #/A\n"},
    {"nested ones swapped", M3("message A {} message B {}"), M3("message B {} message A {}"),
     "MESSAGE_MOVED #/M/A\nMESSAGE_MOVED #/M/B\n", "MESSAGE_MOVED #/M/B\nMESSAGE_MOVED #/M/A\n"},
    {"the middle one of three stays", P3 "message A {} message B {} message C {}",
     P3 "message C {} message B {} message A {}", "MESSAGE_MOVED #/A\nMESSAGE_MOVED #/C\n",
     "MESSAGE_MOVED #/C\nMESSAGE_MOVED #/A\n"},
    {"one came in front", P3 "message M {}", P3 "message L {} message M {}",
     "MESSAGE_MOVED #/M\nMESSAGE_ADDED #/L\n", "!MESSAGE_REMOVED #/L\nMESSAGE_MOVED #/M\n"},
    {"what is inside comes before its moving", P3 "message A { int32 a = 1; } message B {}",
     P3 "message B {} message A {}", "FIELD_REMOVED #/A/1\nMESSAGE_MOVED #/A\nMESSAGE_MOVED #/B\n",
     "MESSAGE_MOVED #/B\nFIELD_ADDED #/A/1\nMESSAGE_MOVED #/A\n"},
    {"a map in front does not count as one", M3("map<string, int32> a = 1; message N {}"),
     M3("message N {}"), "FIELD_REMOVED #/M/1\n", "FIELD_ADDED #/M/1\n"},
    {"became an enum", P3 "message N {}", P3 "enum N { A = 0; }",
     "!MESSAGE_REMOVED #/N\nENUM_ADDED #/N\n", "MESSAGE_ADDED #/N\nENUM_REMOVED #/N\n"},
    {"two things at once", P3 "message M { string a = 1; } message N {}",
     P3 "message M { int32 a = 1; } message O {}",
     "!FIELD_SCALAR_KIND_CHANGED #/M/1\n!MESSAGE_REMOVED #/N\nMESSAGE_ADDED #/O\n",
     "!FIELD_SCALAR_KIND_CHANGED #/M/1\n!MESSAGE_REMOVED #/O\nMESSAGE_ADDED #/N\n"},
    {"services do not count", P3 "message M {} service S { rpc R(M) returns (M); }",
     P3 "message M {} service T {}", "", ""},
    {"options do not count", M3("option deprecated = true;"), M3(""), "", ""},
};

static const pair_row enums[] = {
    {"one came", P3 "message M {}", P3 "message M {} enum E { A = 0; }", "ENUM_ADDED #/E\n",
     "ENUM_REMOVED #/E\n"},
    {"a nested one came", M3(""), M3("enum E { A = 0; }"), "ENUM_ADDED #/M/E\n",
     "ENUM_REMOVED #/M/E\n"},
    {"renamed", P3 "enum E { A = 0; }", P3 "enum F { A = 0; }",
     "ENUM_REMOVED #/E\nENUM_ADDED #/F\n", "ENUM_REMOVED #/F\nENUM_ADDED #/E\n"},
    {"messages first", P3 "message M {}", P3 "enum E { A = 0; } message N {} message M {}",
     "MESSAGE_MOVED #/M\nMESSAGE_ADDED #/N\nENUM_ADDED #/E\n",
     "!MESSAGE_REMOVED #/N\nMESSAGE_MOVED #/M\nENUM_REMOVED #/E\n"},
    {"the order of enums is nothing", P3 "enum E { A = 0; } enum F { B = 0; }",
     P3 "enum F { B = 0; } enum E { A = 0; }", "", ""},
    {"a value came", P3 "enum E { A = 0; }", P3 "enum E { A = 0; B = 1; }",
     "ENUM_CONST_ADDED #/E/1\n", "ENUM_CONST_REMOVED #/E/1\n"},
    {"a negative value came", P3 "enum E { A = 0; }", P3 "enum E { A = 0; B = -7; }",
     "ENUM_CONST_ADDED #/E/-7\n", "ENUM_CONST_REMOVED #/E/-7\n"},
    {"a value was renamed", P3 "enum E { A = 0; B = 1; }", P3 "enum E { A = 0; C = 1; }",
     "ENUM_CONST_CHANGED #/E/1\n", "ENUM_CONST_CHANGED #/E/1\n"},
    {"a value was renumbered", P3 "enum E { A = 0; B = 1; }", P3 "enum E { A = 0; B = 2; }",
     "ENUM_CONST_REMOVED #/E/1\nENUM_CONST_ADDED #/E/2\n",
     "ENUM_CONST_REMOVED #/E/2\nENUM_CONST_ADDED #/E/1\n"},
    {"two values swapped their names", P3 "enum E { A = 0; B = 1; C = 2; }",
     P3 "enum E { A = 0; C = 1; B = 2; }", "ENUM_CONST_CHANGED #/E/1\nENUM_CONST_CHANGED #/E/2\n",
     "ENUM_CONST_CHANGED #/E/1\nENUM_CONST_CHANGED #/E/2\n"},
    {"the order of values is nothing", P3 "enum E { A = 0; B = 1; C = 2; }",
     P3 "enum E { A = 0; C = 2; B = 1; }", "", ""},
    {"an alias stands elsewhere", P3 "enum E { option allow_alias = true; A = 0; B = 0; }",
     P3 "enum E { option allow_alias = true; B = 0; A = 0; }", "", ""},
    {"values of a nested one", M3("enum E { A = 0; B = 1; }"), M3("enum E { A = 0; }"),
     "ENUM_CONST_REMOVED #/M/E/1\n", "ENUM_CONST_ADDED #/M/E/1\n"},
    {"reserved numbers do not count", P3 "enum E { A = 0; reserved 1; }", P3 "enum E { A = 0; }",
     "", ""},
    {"of many values",
     P3 "enum E { A0 = 0; A1 = 1; A2 = 2; A3 = 3; A4 = 4; A5 = 5; A6 = 6; A7 = 7; A8 = 8; A9 = 9; "
        "A10 = 10; A11 = 11; A12 = 12; A13 = 13; A14 = 14; A15 = 15; A16 = 16; A17 = 17; }",
     P3 "enum E { A0 = 0; A1 = 1; A2 = 2; A3 = 3; A4 = 4; A5 = 5; A6 = 6; A7 = 7; A8 = 8; A9 = 9; "
        "A10 = 10; A11 = 11; A12 = 12; A13 = 13; A14 = 14; A15 = 15; X = 16; A18 = 18; }",
     "ENUM_CONST_CHANGED #/E/16\nENUM_CONST_REMOVED #/E/17\nENUM_CONST_ADDED #/E/18\n",
     "ENUM_CONST_CHANGED #/E/16\nENUM_CONST_REMOVED #/E/18\nENUM_CONST_ADDED #/E/17\n"},
};

static const pair_row fields[] = {
    {"one came", M3(""), M3("string a = 1;"), "FIELD_ADDED #/M/1\n", "FIELD_REMOVED #/M/1\n"},
    {"by number, not as they stand", M3(""), M3("string b = 9; string a = 1;"),
     "FIELD_ADDED #/M/1\nFIELD_ADDED #/M/9\n", "FIELD_REMOVED #/M/1\nFIELD_REMOVED #/M/9\n"},
    {"another order", M3("string a = 1; int32 b = 2;"), M3("int32 b = 2; string a = 1;"), "", ""},
    {"renamed", M3("string a = 1;"), M3("string b = 1;"), "FIELD_NAME_CHANGED #/M/1\n",
     "FIELD_NAME_CHANGED #/M/1\n"},
    {"renumbered", M3("string a = 1;"), M3("string a = 2;"),
     "FIELD_REMOVED #/M/1\nFIELD_ADDED #/M/2\n", "FIELD_ADDED #/M/1\nFIELD_REMOVED #/M/2\n"},
    {"two swapped their numbers", M3("string a = 1; string b = 2;"),
     M3("string a = 2; string b = 1;"), "FIELD_NAME_CHANGED #/M/1\nFIELD_NAME_CHANGED #/M/2\n",
     "FIELD_NAME_CHANGED #/M/1\nFIELD_NAME_CHANGED #/M/2\n"},
    {"renamed and of another type", M3("string a = 1;"), M3("int32 b = 1;"),
     "FIELD_NAME_CHANGED #/M/1\n!FIELD_SCALAR_KIND_CHANGED #/M/1\n",
     "FIELD_NAME_CHANGED #/M/1\n!FIELD_SCALAR_KIND_CHANGED #/M/1\n"},
    {"removed and reserved", M3("string a = 1;"), M3("reserved 1; reserved \"a\";"),
     "FIELD_REMOVED #/M/1\n", "FIELD_ADDED #/M/1\n"},
    {"in a nested message", M3("message N { string a = 1; }"), M3("message N {}"),
     "FIELD_REMOVED #/M/N/1\n", "FIELD_ADDED #/M/N/1\n"},
    {"its JSON name", M3("string a_b = 1;"), M3("string a_b = 1 [json_name = \"x\"];"), "", ""},
    {"deprecated", M3("string a = 1;"), M3("string a = 1 [deprecated = true];"), "", ""},
    {"packed or not", M2("repeated int32 a = 1;"), M2("repeated int32 a = 1 [packed = true];"), "",
     ""},
    {"its default", M2("optional int32 a = 1 [default = 1];"), M2("optional int32 a = 1;"), "", ""},
    {"a group came", M2(""), M2("optional group G = 1 {}"), "MESSAGE_ADDED #/M/G\n",
     "!MESSAGE_REMOVED #/M/G\n"},
    {"extension ranges do not count", M2("extensions 100 to 200;"), M2(""), "", ""},
    {"extensions do not count", P2 "message M { extensions 5; } extend M { optional int32 e = 5; }",
     P2 "message M { extensions 5; }", "", ""},
    {"the largest number", M3(""), M3("string a = 536870911;"), "FIELD_ADDED #/M/536870911\n",
     "FIELD_REMOVED #/M/536870911\n"},

    {"a required one came", M2(""), M2("required int32 a = 1;"), "!REQUIRED_FIELD_ADDED #/M/1\n",
     "!REQUIRED_FIELD_REMOVED #/M/1\n"},
    {"a required text came", M2(""), M2("required string a = 1;"), "!REQUIRED_FIELD_ADDED #/M/1\n",
     "!REQUIRED_FIELD_REMOVED #/M/1\n"},
    {"a required message came", M2(""), M2("required M a = 1;"), "!REQUIRED_FIELD_ADDED #/M/1\n",
     "!REQUIRED_FIELD_REMOVED #/M/1\n"},
    {"a required one in a nested message came", M2("message N {}"),
     M2("message N { required int32 a = 1; }"), "!REQUIRED_FIELD_ADDED #/M/N/1\n",
     "!REQUIRED_FIELD_REMOVED #/M/N/1\n"},
    {"a required one of an edition came", E23 "message M {}",
     E23 "message M { int32 a = 1 [features.field_presence = LEGACY_REQUIRED]; }",
     "!REQUIRED_FIELD_ADDED #/M/1\n", "!REQUIRED_FIELD_REMOVED #/M/1\n"},
    {"a required one was renumbered", M2("required int32 a = 1;"), M2("required int32 a = 2;"),
     "!REQUIRED_FIELD_REMOVED #/M/1\n!REQUIRED_FIELD_ADDED #/M/2\n",
     "!REQUIRED_FIELD_ADDED #/M/1\n!REQUIRED_FIELD_REMOVED #/M/2\n"},

    {"another message", P3 "message M { N a = 1; } message N {} message O {}",
     P3 "message M { O a = 1; } message N {} message O {}", "!FIELD_NAMED_TYPE_CHANGED #/M/1\n",
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n"},
    {"the message of a repeated one",
     P3 "message M { repeated N a = 1; } message N {} message O {}",
     P3 "message M { repeated O a = 1; } message N {} message O {}",
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n", "!FIELD_NAMED_TYPE_CHANGED #/M/1\n"},
    {"its message stands elsewhere", M3("message N {} N a = 1;"),
     P3 "message M { N a = 1; } message N {}",
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n!MESSAGE_REMOVED #/M/N\nMESSAGE_ADDED #/N\n",
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\nMESSAGE_ADDED #/M/N\n!MESSAGE_REMOVED #/N\n"},
    {"its message stands at two places: the inner one is meant",
     P3 "message M { N a = 1; } message N {}",
     P3 "message M { message N {} N a = 1; } message N {}",
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\nMESSAGE_ADDED #/M/N\n",
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n!MESSAGE_REMOVED #/M/N\n"},
    {"spelled absolutely", P3 "package p; message M { N a = 1; } message N {}",
     P3 "package p; message M { .p.N a = 1; } message N {}", "", ""},
    {"a message in itself", M3("M m = 1;"), M3("M m = 1; string a = 2;"), "FIELD_ADDED #/M/2\n",
     "FIELD_REMOVED #/M/2\n"},
    {"two messages in each other", P3 "message M { N n = 1; } message N { M m = 1; int32 a = 2; }",
     P3 "message M { N n = 1; } message N { M m = 1; string a = 2; }",
     "!FIELD_SCALAR_KIND_CHANGED #/N/2\n", "!FIELD_SCALAR_KIND_CHANGED #/N/2\n"},
    {"another enum", P3 "message M { E a = 1; } enum E { A = 0; } enum F { B = 0; }",
     P3 "message M { F a = 1; } enum E { A = 0; } enum F { B = 0; }", "", ""},
    {"the syntax alone", M2("optional int32 a = 1;"), M3("int32 a = 1;"), "", ""},
    {"the edition alone", M3("optional int32 a = 1;"), E23 "message M { int32 a = 1; }", "", ""},
};

static const pair_row labels[] = {
    {"number: optional, repeated", M2("optional int32 a = 1;"), M2("repeated int32 a = 1;"),
     "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n", "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n"},
    {"number: optional, required", M2("optional int64 a = 1;"), M2("required int64 a = 1;"),
     "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n", "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n"},
    {"number: required, repeated", M2("required double a = 1;"), M2("repeated double a = 1;"),
     "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n", "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n"},
    {"bool: optional, repeated", M2("optional bool a = 1;"), M2("repeated bool a = 1;"),
     "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n", "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n"},
    {"enum: optional, repeated", P2 "message M { optional E a = 1; } enum E { A = 0; }",
     P2 "message M { repeated E a = 1; } enum E { A = 0; }", "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n",
     "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n"},
    {"fixed: optional, repeated", M2("optional fixed32 a = 1;"), M2("repeated sfixed32 a = 1;"),
     "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n", "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n"},
    {"text: optional, repeated", M2("optional string a = 1;"), M2("repeated string a = 1;"),
     "FIELD_STRING_OR_BYTES_LABEL_CHANGED #/M/1\n", "FIELD_STRING_OR_BYTES_LABEL_CHANGED #/M/1\n"},
    {"text: optional, required", M2("optional string a = 1;"), M2("required string a = 1;"),
     "FIELD_STRING_OR_BYTES_LABEL_CHANGED #/M/1\n", "FIELD_STRING_OR_BYTES_LABEL_CHANGED #/M/1\n"},
    {"bytes: required, repeated", M2("required bytes a = 1;"), M2("repeated bytes a = 1;"),
     "FIELD_STRING_OR_BYTES_LABEL_CHANGED #/M/1\n", "FIELD_STRING_OR_BYTES_LABEL_CHANGED #/M/1\n"},
    {"text to repeated bytes", M2("optional string a = 1;"), M2("repeated bytes a = 1;"),
     "FIELD_STRING_OR_BYTES_LABEL_CHANGED #/M/1\n", "FIELD_STRING_OR_BYTES_LABEL_CHANGED #/M/1\n"},
    {"message: optional, repeated", M2("optional M a = 1;"), M2("repeated M a = 1;"), "", ""},
    {"message: optional, required", M2("optional M a = 1;"), M2("required M a = 1;"), "", ""},
    {"proto3: none, repeated", M3("int32 a = 1;"), M3("repeated int32 a = 1;"), "", ""},
    {"proto3: none, optional", M3("int32 a = 1;"), M3("optional int32 a = 1;"), "", ""},
    {"proto3: optional, repeated", M3("optional int32 a = 1;"), M3("repeated int32 a = 1;"),
     "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n", "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n"},
    {"proto3 text: optional, repeated", M3("optional string a = 1;"), M3("repeated string a = 1;"),
     "FIELD_STRING_OR_BYTES_LABEL_CHANGED #/M/1\n", "FIELD_STRING_OR_BYTES_LABEL_CHANGED #/M/1\n"},
    {"proto2 required, proto3 optional", M2("required int32 a = 1;"), M3("optional int32 a = 1;"),
     "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n", "!FIELD_NUMERIC_LABEL_CHANGED #/M/1\n"},
    {"proto2 required, proto3 none", M2("required int32 a = 1;"), M3("int32 a = 1;"), "", ""},
    {"proto2 repeated, proto3 none", M2("repeated int32 a = 1;"), M3("int32 a = 1;"), "", ""},
    {"with another type only the type is told", M2("optional int32 a = 1;"),
     M2("repeated string a = 1;"), "!FIELD_SCALAR_KIND_CHANGED #/M/1\n",
     "!FIELD_SCALAR_KIND_CHANGED #/M/1\n"},
};

static const pair_row maps[] = {
    {"one came", M3(""), M3("map<string, int32> a = 1;"), "FIELD_ADDED #/M/1\n",
     "FIELD_REMOVED #/M/1\n"},
    {"renamed: its entry is no message", M3("map<string, int32> a = 1;"),
     M3("map<string, int32> b = 1;"), "FIELD_NAME_CHANGED #/M/1\n", "FIELD_NAME_CHANGED #/M/1\n"},
    {"a key within its group", M3("map<int32, int32> a = 1;"), M3("map<uint64, int32> a = 1;"), "",
     ""},
    {"a key out of its group", M3("map<int32, int32> a = 1;"), M3("map<sint32, int32> a = 1;"),
     "!FIELD_SCALAR_KIND_CHANGED #/M/1\n", "!FIELD_SCALAR_KIND_CHANGED #/M/1\n"},
    {"a value within its group", M3("map<string, string> a = 1;"), M3("map<string, bytes> a = 1;"),
     "", ""},
    {"a value out of its group", M3("map<string, float> a = 1;"), M3("map<string, double> a = 1;"),
     "!FIELD_SCALAR_KIND_CHANGED #/M/1\n", "!FIELD_SCALAR_KIND_CHANGED #/M/1\n"},
    {"key and value", M3("map<string, int32> a = 1;"), M3("map<bool, string> a = 1;"),
     "!FIELD_SCALAR_KIND_CHANGED #/M/1\n!FIELD_SCALAR_KIND_CHANGED #/M/1\n",
     "!FIELD_SCALAR_KIND_CHANGED #/M/1\n!FIELD_SCALAR_KIND_CHANGED #/M/1\n"},
    {"a number for an enum", P3 "message M { map<string, E> a = 1; } enum E { A = 0; }",
     P3 "message M { map<string, int32> a = 1; } enum E { A = 0; }", "", ""},
    {"another message as value", P3 "message M { map<string, N> a = 1; } message N {} message O {}",
     P3 "message M { map<string, O> a = 1; } message N {} message O {}",
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n", "!FIELD_NAMED_TYPE_CHANGED #/M/1\n"},
    {"a message for a number", P3 "message M { map<string, int32> a = 1; } message N {}",
     P3 "message M { map<string, N> a = 1; } message N {}", "!FIELD_KIND_CHANGED #/M/1\n",
     "!FIELD_KIND_CHANGED #/M/1\n"},
    {"for a list of what looks like its entry", M3("map<string, int32> a = 1;"),
     M3("message AEntry { string key = 1; int32 value = 2; } repeated AEntry a = 1;"),
     "!FIELD_KIND_CHANGED #/M/1\nMESSAGE_ADDED #/M/AEntry\n",
     "!FIELD_KIND_CHANGED #/M/1\n!MESSAGE_REMOVED #/M/AEntry\n"},
};

#define TOP "ONEOF_FIELD_MOVED_TO_TOP_LEVEL "

static const pair_row oneofs[] = {
    {"one came with its members", M3(""), M3("oneof o { string a = 1; string b = 2; }"),
     "ONEOF_ADDED #/M/o\nONEOF_FIELD_ADDED #/M/o/1\nONEOF_FIELD_ADDED #/M/o/2\n",
     "ONEOF_REMOVED #/M/o\n"},
    {"one came around a field", M3("string a = 1;"), M3("oneof o { string a = 1; }"),
     "ONEOF_ADDED #/M/o\n", "ONEOF_REMOVED #/M/o\n" TOP "#/M/o/1\n"},
    {"one came around a field and a new member", M3("string a = 1;"),
     M3("oneof o { string a = 1; string b = 2; }"),
     "ONEOF_ADDED #/M/o\nONEOF_FIELD_ADDED #/M/o/2\n",
     "ONEOF_REMOVED #/M/o\n" TOP "#/M/o/1\n!ONEOF_FIELD_REMOVED #/M/o/2\n"},
    {"one came around two fields", M3("string a = 1; string b = 2;"),
     M3("oneof o { string a = 1; string b = 2; }"),
     "!MULTIPLE_FIELDS_MOVED_TO_ONEOF #/M/o\nONEOF_ADDED #/M/o\n",
     "ONEOF_REMOVED #/M/o\n" TOP "#/M/o/1\n" TOP "#/M/o/2\n"},
    {"one came around three fields", M3("string a = 1; int32 b = 2; M c = 3;"),
     M3("oneof o { string a = 1; int32 b = 2; M c = 3; }"),
     "!MULTIPLE_FIELDS_MOVED_TO_ONEOF #/M/o\nONEOF_ADDED #/M/o\n",
     "ONEOF_REMOVED #/M/o\n" TOP "#/M/o/1\n" TOP "#/M/o/2\n" TOP "#/M/o/3\n"},
    {"two came around a field each", M3("string a = 1; string b = 2;"),
     M3("oneof o { string a = 1; } oneof p { string b = 2; }"),
     "ONEOF_ADDED #/M/o\nONEOF_ADDED #/M/p\n",
     "ONEOF_REMOVED #/M/o\n" TOP "#/M/o/1\nONEOF_REMOVED #/M/p\n" TOP "#/M/p/2\n"},
    {"one came instead of a field", M3("string a = 1;"), M3("oneof o { string b = 2; }"),
     "ONEOF_ADDED #/M/o\nONEOF_FIELD_ADDED #/M/o/2\nFIELD_REMOVED #/M/1\n",
     "ONEOF_REMOVED #/M/o\nFIELD_ADDED #/M/1\n"},
    {"one came around a proto3 optional", M3("optional string a = 1;"),
     M3("oneof o { string a = 1; }"), "ONEOF_ADDED #/M/o\n",
     "ONEOF_REMOVED #/M/o\n" TOP "#/M/o/1\n"},
    {"one came around two proto3 optionals", M3("optional string a = 1; optional string b = 2;"),
     M3("oneof o { string a = 1; string b = 2; }"),
     "!MULTIPLE_FIELDS_MOVED_TO_ONEOF #/M/o\nONEOF_ADDED #/M/o\n",
     "ONEOF_REMOVED #/M/o\n" TOP "#/M/o/1\n" TOP "#/M/o/2\n"},
    {"one came around a repeated field", M3("repeated string a = 1;"),
     M3("oneof o { string a = 1; }"), "ONEOF_ADDED #/M/o\n",
     "ONEOF_REMOVED #/M/o\n" TOP "#/M/o/1\n"},
    {"one came around a required field", M2("required int32 a = 1;"),
     M2("oneof o { int32 a = 1; }"), "ONEOF_ADDED #/M/o\n",
     "ONEOF_REMOVED #/M/o\n" TOP "#/M/o/1\n"},
    {"proto3 optional came: no oneof", M3("string a = 1;"), M3("optional string a = 1;"), "", ""},

    {"a member came", M3("oneof o { string a = 1; }"),
     M3("oneof o { string a = 1; string b = 2; }"), "ONEOF_FIELD_ADDED #/M/o/2\n",
     "!ONEOF_FIELD_REMOVED #/M/o/2\n"},
    {"the only member was exchanged", M3("oneof o { string a = 1; }"),
     M3("oneof o { string b = 2; }"), "!ONEOF_FIELD_REMOVED #/M/o/1\nONEOF_FIELD_ADDED #/M/o/2\n",
     "!ONEOF_FIELD_REMOVED #/M/o/2\nONEOF_FIELD_ADDED #/M/o/1\n"},
    {"a member was renumbered", M3("oneof o { string a = 1; string b = 2; }"),
     M3("oneof o { string a = 1; string b = 3; }"),
     "!ONEOF_FIELD_REMOVED #/M/o/2\nONEOF_FIELD_ADDED #/M/o/3\n",
     "!ONEOF_FIELD_REMOVED #/M/o/3\nONEOF_FIELD_ADDED #/M/o/2\n"},
    {"a member was renamed", M3("oneof o { string a = 1; }"), M3("oneof o { string b = 1; }"),
     "FIELD_NAME_CHANGED #/M/o/1\n", "FIELD_NAME_CHANGED #/M/o/1\n"},
    {"a member of another group", M3("oneof o { string a = 1; }"), M3("oneof o { int32 a = 1; }"),
     "!FIELD_SCALAR_KIND_CHANGED #/M/o/1\n", "!FIELD_SCALAR_KIND_CHANGED #/M/o/1\n"},
    {"a member of the same group", M3("oneof o { string a = 1; }"), M3("oneof o { bytes a = 1; }"),
     "", ""},
    {"a member of another kind", M3("oneof o { string a = 1; }"), M3("oneof o { M a = 1; }"),
     "!FIELD_KIND_CHANGED #/M/o/1\n", "!FIELD_KIND_CHANGED #/M/o/1\n"},
    {"a member of another message",
     P3 "message M { oneof o { N a = 1; } } message N {} message O {}",
     P3 "message M { oneof o { O a = 1; } } message N {} message O {}",
     "!FIELD_NAMED_TYPE_CHANGED #/M/o/1\n", "!FIELD_NAMED_TYPE_CHANGED #/M/o/1\n"},
    {"members in another order", M3("oneof o { string a = 1; string b = 2; }"),
     M3("oneof o { string b = 2; string a = 1; }"), "", ""},
    {"oneofs in another order", M3("oneof o { string a = 1; } oneof p { string b = 2; }"),
     M3("oneof p { string b = 2; } oneof o { string a = 1; }"), "", ""},

    {"a field moved into one that was there", M3("oneof o { string a = 1; } string b = 2;"),
     M3("oneof o { string a = 1; string b = 2; }"), "!FIELD_MOVED_TO_EXISTING_ONEOF #/M/o\n",
     TOP "#/M/o/2\n"},
    {"two fields moved into one that was there",
     M3("oneof o { string a = 1; } string b = 2; string c = 3;"),
     M3("oneof o { string a = 1; string b = 2; string c = 3; }"),
     "!MULTIPLE_FIELDS_MOVED_TO_ONEOF #/M/o\n", TOP "#/M/o/2\n" TOP "#/M/o/3\n"},
    {"a field took the only member's place", M3("oneof o { string a = 1; } string b = 2;"),
     M3("oneof o { string b = 2; }"), "!ONEOF_FIELD_REMOVED #/M/o/1\n",
     TOP "#/M/o/2\nONEOF_FIELD_ADDED #/M/o/1\n"},
    {"two became one", M3("oneof o { string a = 1; } oneof p { string b = 2; }"),
     M3("oneof o { string a = 1; string b = 2; }"),
     "!FIELD_MOVED_TO_EXISTING_ONEOF #/M/o\nONEOF_REMOVED #/M/p\n", "ONEOF_ADDED #/M/p\n"},
    {"two became one of another name", M3("oneof o { string a = 1; } oneof p { string b = 2; }"),
     M3("oneof q { string a = 1; string b = 2; }"),
     "!FIELD_MOVED_TO_EXISTING_ONEOF #/M/q\nONEOF_REMOVED #/M/o\nONEOF_REMOVED #/M/p\n"
     "ONEOF_ADDED #/M/q\n",
     "ONEOF_REMOVED #/M/q\nONEOF_ADDED #/M/o\nONEOF_ADDED #/M/p\n"},
    {"a member moved to another one",
     M3("oneof o { string a = 1; string b = 2; } oneof p { string c = 3; }"),
     M3("oneof o { string a = 1; } oneof p { string b = 2; string c = 3; }"),
     "!FIELD_MOVED_TO_EXISTING_ONEOF #/M/p\n", "!FIELD_MOVED_TO_EXISTING_ONEOF #/M/o\n"},
    {"a member moved to a new one", M3("oneof o { string a = 1; string b = 2; }"),
     M3("oneof o { string a = 1; } oneof p { string b = 2; string c = 3; }"),
     "ONEOF_ADDED #/M/p\nONEOF_FIELD_ADDED #/M/p/3\n",
     "!FIELD_MOVED_TO_EXISTING_ONEOF #/M/o\nONEOF_REMOVED #/M/p\n!ONEOF_FIELD_REMOVED #/M/p/3\n"},
    {"a member and a field share a new one",
     M3("string x = 3; oneof o { string a = 1; string b = 2; }"),
     M3("oneof o { string b = 2; } oneof p { string a = 1; string x = 3; }"),
     "!FIELD_MOVED_TO_EXISTING_ONEOF #/M/p\nONEOF_ADDED #/M/p\n",
     "!FIELD_MOVED_TO_EXISTING_ONEOF #/M/o\nONEOF_REMOVED #/M/p\n" TOP "#/M/p/3\n"},
    {"renamed", M3("oneof o { string a = 1; string b = 2; }"),
     M3("oneof p { string a = 1; string b = 2; }"), "ONEOF_REMOVED #/M/o\nONEOF_ADDED #/M/p\n",
     "ONEOF_REMOVED #/M/p\nONEOF_ADDED #/M/o\n"},
    {"renamed, and a member came", M3("oneof o { string a = 1; }"),
     M3("oneof p { string a = 1; string b = 2; }"),
     "ONEOF_REMOVED #/M/o\nONEOF_ADDED #/M/p\nONEOF_FIELD_ADDED #/M/p/2\n",
     "ONEOF_REMOVED #/M/p\n!ONEOF_FIELD_REMOVED #/M/p/2\nONEOF_ADDED #/M/o\n"},
    {"two swapped their names", M3("oneof o { string a = 1; } oneof p { string b = 2; }"),
     M3("oneof p { string a = 1; } oneof o { string b = 2; }"), "", ""},
    {"one went, a member stayed as a field", M3("oneof o { string a = 1; string b = 2; }"),
     M3("string a = 1;"), "ONEOF_REMOVED #/M/o\n" TOP "#/M/o/1\n!ONEOF_FIELD_REMOVED #/M/o/2\n",
     "ONEOF_ADDED #/M/o\nONEOF_FIELD_ADDED #/M/o/2\n"},
    {"one went, its members stayed as fields", M3("oneof o { string a = 1; string b = 2; }"),
     M3("string a = 1; string b = 2;"), "ONEOF_REMOVED #/M/o\n" TOP "#/M/o/1\n" TOP "#/M/o/2\n",
     "!MULTIPLE_FIELDS_MOVED_TO_ONEOF #/M/o\nONEOF_ADDED #/M/o\n"},
    {"in a nested message", M3("message N { oneof o { string a = 1; } }"),
     M3("message N { oneof o { string a = 1; int32 b = 2; } }"), "ONEOF_FIELD_ADDED #/M/N/o/2\n",
     "!ONEOF_FIELD_REMOVED #/M/N/o/2\n"},
    {"a message in a member changed",
     P3 "message M { oneof o { N n = 1; } } message N { int32 a = 1; }",
     P3 "message M { oneof o { N n = 1; } } message N { string a = 1; }",
     "!FIELD_SCALAR_KIND_CHANGED #/N/1\n", "!FIELD_SCALAR_KIND_CHANGED #/N/1\n"},
};

static const struct {
  const char *label;
  const pair_row *rows;
  size_t count;
} groups[] = {
    {"packages", packages, STELE_COUNT(packages)}, {"messages", messages, STELE_COUNT(messages)},
    {"enums", enums, STELE_COUNT(enums)},          {"fields", fields, STELE_COUNT(fields)},
    {"labels", labels, STELE_COUNT(labels)},       {"maps", maps, STELE_COUNT(maps)},
    {"oneofs", oneofs, STELE_COUNT(oneofs)},
};

static stele_str found(stele_test *t, const stele_file *older, const stele_file *newer,
                       check_direction direction, bool *seen) {
  check_findings findings;
  stele_err err = {0};
  size_t rule_count;
  const check_rule *rules = check_confluent_rules(&rule_count);
  t_ok(t, check_confluent(t->arena, older, newer, direction, &findings, &err), &err);
  stele_buf out;
  stele_buf_init(&out, t->arena, 0);
  for (size_t i = 0; i < findings.count; i++) {
    const check_finding *finding = &findings.at[i];
    stele_buf_printf(&out, "%s%s " STELE_STR_FMT "\n", finding->rule->incompatible ? "!" : "",
                     finding->rule->name, STELE_STR_ARG(finding->path));
    if (seen) seen[finding->rule - rules] = true;
  }
  return stele_buf_str(&out);
}

static void test_pairs(stele_test *t) {
  bool backward[64] = {0}, forward[64] = {0};
  for (size_t g = 0; g < STELE_COUNT(groups); g++) {
    for (size_t i = 0; i < groups[g].count; i++) {
      const pair_row *row = &groups[g].rows[i];
      t_case(t, stele_str_printf(t->arena, "%s: %s", groups[g].label, row->label).ptr);
      t_schemas held = {0};
      const stele_file *older = t_schema(t, &held, row->older);
      const stele_file *newer = t_schema(t, &held, row->newer);
      t_eq_str(t, found(t, older, newer, CHECK_BACKWARD, backward), stele_cstr(row->backward));
      t_eq_str(t, found(t, older, newer, CHECK_FORWARD, forward), stele_cstr(row->forward));
      t_schemas_free(&held);
    }
  }
  size_t count;
  const check_rule *rules = check_confluent_rules(&count);
  for (size_t i = 0; i < count; i++) {
    t_case(t, rules[i].name); /* each is found both ways */
    t_true(t, backward[i]);
    t_true(t, forward[i]);
  }
}

/* Every type of a field against every other: what shares a letter shares its
 * bytes on the wire; scalars, messages and maps are of different kinds. */
static void test_types(stele_test *t) {
  static const struct {
    const char *type;
    char kind, group;
  } types[] = {
      {"int32", 's', 'v'},   {"int64", 's', 'v'},    {"uint32", 's', 'v'},
      {"uint64", 's', 'v'},  {"bool", 's', 'v'},     {"E", 's', 'v'},
      {"sint32", 's', 'z'},  {"sint64", 's', 'z'},   {"string", 's', 't'},
      {"bytes", 's', 't'},   {"fixed32", 's', '4'},  {"sfixed32", 's', '4'},
      {"fixed64", 's', '8'}, {"sfixed64", 's', '8'}, {"float", 's', 'f'},
      {"double", 's', 'd'},  {"N", 'm', 'n'},        {"map<string, N>", 'p', 'n'},
  };
  for (size_t i = 0; i < STELE_COUNT(types); i++) {
    for (size_t j = 0; j < STELE_COUNT(types); j++) {
      static const char text[] = P3 "message M { %s a = 1; } message N {} enum E { A = 0; }";
      t_case(t, stele_str_printf(t->arena, "%s to %s", types[i].type, types[j].type).ptr);
      t_schemas held = {0};
      const stele_file *older =
          t_schema(t, &held, stele_str_printf(t->arena, text, types[i].type).ptr);
      const stele_file *newer =
          t_schema(t, &held, stele_str_printf(t->arena, text, types[j].type).ptr);
      const char *want = types[i].kind != types[j].kind     ? "!FIELD_KIND_CHANGED #/M/1\n"
                         : types[i].group != types[j].group ? "!FIELD_SCALAR_KIND_CHANGED #/M/1\n"
                                                            : "";
      t_eq_str(t, found(t, older, newer, CHECK_BACKWARD, NULL), stele_cstr(want));
      t_schemas_free(&held);
    }
  }
}

/* ---- Imports ----------------------------------------------------------------- */

#define MAIN(fields) P3 "package p; import \"o.proto\"; message M { " fields " }"
#define OTHER(body) P3 "package p; " body

static const struct {
  const char *label, *old_main, *old_other, *new_main, *new_other, *backward, *forward;
} imports[] = {
    {"the same", MAIN("T a = 1;"), OTHER("message T { int32 a = 1; }"), MAIN("T a = 1;"),
     OTHER("message T { int32 a = 1; }"), "", ""},
    {"a field came", MAIN("T a = 1;"), OTHER("message T {}"), MAIN("T a = 1;"),
     OTHER("message T { int32 a = 1; }"), "", ""},
    {"a required field came", MAIN("T a = 1;"), "syntax = \"proto2\"; package p; message T {}",
     MAIN("T a = 1;"), "syntax = \"proto2\"; package p; message T { required int32 a = 1; }",
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n", "!FIELD_NAMED_TYPE_CHANGED #/M/1\n"},
    {"a nested message went", MAIN("T a = 1;"), OTHER("message T { message U {} }"),
     MAIN("T a = 1;"), OTHER("message T {}"), "!FIELD_NAMED_TYPE_CHANGED #/M/1\n", ""},
    {"a member went", MAIN("T a = 1;"),
     OTHER("message T { oneof o { int32 a = 1; int32 b = 2; } }"), MAIN("T a = 1;"),
     OTHER("message T { oneof o { int32 a = 1; } }"), "!FIELD_NAMED_TYPE_CHANGED #/M/1\n", ""},
    {"what nobody uses changed", MAIN("T a = 1;"), OTHER("message T {} message U { int32 a = 1; }"),
     MAIN("T a = 1;"), OTHER("message T {} message U { string a = 1; }"), "", ""},
    {"an enum changed", MAIN("E a = 1;"), OTHER("enum E { A = 0; B = 1; }"), MAIN("E a = 1;"),
     OTHER("enum E { A = 0; C = 2; }"), "", ""},
    {"two steps in", MAIN("T a = 1;"), OTHER("message T { U u = 1; } message U { int32 a = 1; }"),
     MAIN("T a = 1;"), OTHER("message T { U u = 1; } message U { string a = 1; }"),
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n", "!FIELD_NAMED_TYPE_CHANGED #/M/1\n"},
    {"types that are in each other", MAIN("T a = 1; U b = 2;"),
     OTHER("message T { U u = 1; int32 a = 2; } message U { T t = 1; }"), MAIN("T a = 1; U b = 2;"),
     OTHER("message T { U u = 1; string a = 2; } message U { T t = 1; }"),
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n!FIELD_NAMED_TYPE_CHANGED #/M/2\n",
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n!FIELD_NAMED_TYPE_CHANGED #/M/2\n"},
    {"in a map", MAIN("map<string, T> a = 1;"), OTHER("message T { int32 a = 1; }"),
     MAIN("map<string, T> a = 1;"), OTHER("message T { float a = 1; }"),
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n", "!FIELD_NAMED_TYPE_CHANGED #/M/1\n"},
    {"in a oneof", MAIN("oneof o { T a = 1; }"), OTHER("message T { int32 a = 1; }"),
     MAIN("oneof o { T a = 1; }"), OTHER("message T { float a = 1; }"),
     "!FIELD_NAMED_TYPE_CHANGED #/M/o/1\n", "!FIELD_NAMED_TYPE_CHANGED #/M/o/1\n"},
    {"repeated", MAIN("repeated T a = 1;"), OTHER("message T { int32 a = 1; }"),
     MAIN("repeated T a = 1;"), OTHER("message T { float a = 1; }"),
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n", "!FIELD_NAMED_TYPE_CHANGED #/M/1\n"},
    {"a nested type of the import", MAIN("T.U a = 1;"),
     OTHER("message T { message U { int32 a = 1; } }"), MAIN("T.U a = 1;"),
     OTHER("message T { message U { float a = 1; } }"), "!FIELD_NAMED_TYPE_CHANGED #/M/1\n",
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n"},
    {"another type of the import", MAIN("T a = 1;"), OTHER("message T {} message U {}"),
     MAIN("U a = 1;"), OTHER("message T {} message U {}"), "!FIELD_NAMED_TYPE_CHANGED #/M/1\n",
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n"},
    {"the import's package changed", P3 "import \"o.proto\"; message M { q.T a = 1; }",
     P3 "package q; message T {}", P3 "import \"o.proto\"; message M { r.T a = 1; }",
     P3 "package r; message T {}", "!FIELD_NAMED_TYPE_CHANGED #/M/1\n",
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n"},
    {"moved into the import", MAIN("T a = 1; Keep k = 2;") " message T { int32 a = 1; }",
     OTHER("message Keep {}"), MAIN("T a = 1; Keep k = 2;"),
     OTHER("message Keep {} message T { int32 a = 1; }"), "!MESSAGE_REMOVED #/T\n",
     "MESSAGE_ADDED #/T\n"},
    {"moved into the import and changed",
     MAIN("T a = 1; Keep k = 2;") " message T { int32 a = 1; }", OTHER("message Keep {}"),
     MAIN("T a = 1; Keep k = 2;"), OTHER("message Keep {} message T { string a = 1; }"),
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\n!MESSAGE_REMOVED #/T\n",
     "!FIELD_NAMED_TYPE_CHANGED #/M/1\nMESSAGE_ADDED #/T\n"},
    {"a number instead", MAIN("T a = 1; T b = 2;"), OTHER("message T {}"),
     MAIN("int32 a = 1; T b = 2;"), OTHER("message T {}"), "!FIELD_KIND_CHANGED #/M/1\n",
     "!FIELD_KIND_CHANGED #/M/1\n"},
};

static void test_imports(stele_test *t) {
  for (size_t i = 0; i < STELE_COUNT(imports); i++) {
    t_case(t, imports[i].label);
    t_schemas held = {0};
    t_text old_files[] = {{"test.proto", imports[i].old_main}, {"o.proto", imports[i].old_other}};
    t_text new_files[] = {{"test.proto", imports[i].new_main}, {"o.proto", imports[i].new_other}};
    const stele_file *older = t_schema_files(t, &held, old_files, 2);
    const stele_file *newer = t_schema_files(t, &held, new_files, 2);
    t_eq_str(t, found(t, older, newer, CHECK_BACKWARD, NULL), stele_cstr(imports[i].backward));
    t_eq_str(t, found(t, older, newer, CHECK_FORWARD, NULL), stele_cstr(imports[i].forward));
    t_schemas_free(&held);
  }
}

static void test_built_in_files(stele_test *t) {
#define TIME P3 "import \"google/protobuf/timestamp.proto\"; "
#define WRAP P3 "import \"google/protobuf/wrappers.proto\"; "
  static const pair_row rows[] = {
      {"a timestamp stays", TIME "message M { google.protobuf.Timestamp a = 1; }",
       TIME "message M { google.protobuf.Timestamp a = 1; int32 b = 2; }", "FIELD_ADDED #/M/2\n",
       "FIELD_REMOVED #/M/2\n"},
      {"a wrapper of another type", WRAP "message M { google.protobuf.Int32Value a = 1; }",
       WRAP "message M { google.protobuf.Int64Value a = 1; }", "!FIELD_NAMED_TYPE_CHANGED #/M/1\n",
       "!FIELD_NAMED_TYPE_CHANGED #/M/1\n"},
      {"a text for its wrapper", WRAP "message M { google.protobuf.StringValue a = 1; }",
       P3 "message M { string a = 1; }", "!FIELD_KIND_CHANGED #/M/1\n",
       "!FIELD_KIND_CHANGED #/M/1\n"},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_schemas held = {0};
    const stele_file *older = t_schema(t, &held, rows[i].older);
    const stele_file *newer = t_schema(t, &held, rows[i].newer);
    t_eq_str(t, found(t, older, newer, CHECK_BACKWARD, NULL), stele_cstr(rows[i].backward));
    t_eq_str(t, found(t, older, newer, CHECK_FORWARD, NULL), stele_cstr(rows[i].forward));
    t_schemas_free(&held);
  }
}

/* Types that lead to each other by 2^60 ways, or in a chain of 500: each pair is
 * looked at once. */
static void test_long_ways(stele_test *t) {
  static const struct {
    const char *label, *step;
    int count;
  } rows[] = {
      {"two ways at each step", "message T%d { T%d a = 1; T%d b = 2; }\n", 60},
      {"a long chain", "message T%d { T%d a = 1; reserved %d; }\n", 500},
  };
  for (size_t i = 0; i < STELE_COUNT(rows); i++) {
    t_case(t, rows[i].label);
    t_schemas held = {0};
    const stele_file *files[2];
    for (int version = 0; version < 2; version++) {
      stele_buf text;
      stele_buf_init(&text, t->arena, 0);
      stele_buf_add_cstr(&text, P3 "package p;\n");
      for (int k = 0; k < rows[i].count; k++) {
        int next = k + 1, third = i == 0 ? next : 2;
        stele_buf_add_str(&text, stele_str_printf(t->arena, rows[i].step, k, next, third));
      }
      stele_buf_printf(&text, "message T%d { %s a = 1; }\n", rows[i].count,
                       version ? "string" : "int32");
      stele_buf_add_byte(&text, 0);
      t_text both[] = {{"test.proto", MAIN("T0 a = 1; T1 b = 2; T0 c = 3;")},
                       {"o.proto", stele_buf_str(&text).ptr}};
      files[version] = t_schema_files(t, &held, both, 2);
    }
    t_eq_str(t, found(t, files[0], files[1], CHECK_BACKWARD, NULL),
             STELE_STR("!FIELD_NAMED_TYPE_CHANGED #/M/1\n!FIELD_NAMED_TYPE_CHANGED #/M/2\n"
                       "!FIELD_NAMED_TYPE_CHANGED #/M/3\n"));
    t_eq_str(t, found(t, files[0], files[0], CHECK_BACKWARD, NULL), STELE_STR(""));
    t_schemas_free(&held);
  }
}

TEST_MAIN(test_pairs, test_types, test_imports, test_built_in_files, test_long_ways)
