/* What `stele explain` says about lint rules: why, what is refused and what
 * passes, and the bytes (or the JSON, or the code) that would break. By id. */
#include "check/judge/table.h"

// clang-format off
const rule_text_row rule_lint_texts[] = {
    {"COMMENT_ENUM",
     {"The comment before an enum becomes the documentation of generated code in every language, and is the only place where its meaning can be agreed on.",
      "enum Side { SIDE_UNSPECIFIED = 0; }",
      "// What it is for, in which unit, and what absence means.\n"
     "enum Side { SIDE_UNSPECIFIED = 0; }",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"COMMENT_ENUM_VALUE",
     {"The comment before an enum value becomes the documentation of generated code in every language, and is the only place where its meaning can be agreed on.",
      "enum Side {\n"
     "  SIDE_UNSPECIFIED = 0;\n"
     "}",
      "enum Side {\n"
     "  // What it is for, in which unit, and what absence means.\n"
     "  SIDE_UNSPECIFIED = 0;\n"
     "}",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"COMMENT_FIELD",
     {"The comment before a field becomes the documentation of generated code in every language, and is the only place where its meaning can be agreed on.",
      "message Order {\n"
     "  int64 price = 1;\n"
     "}",
      "message Order {\n"
     "  // What it is for, in which unit, and what absence means.\n"
     "  int64 price = 1;\n"
     "}",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"COMMENT_MESSAGE",
     {"The comment before a message becomes the documentation of generated code in every language, and is the only place where its meaning can be agreed on.",
      "message Order { int64 id = 1; }",
      "// What it is for, in which unit, and what absence means.\n"
     "message Order { int64 id = 1; }",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"COMMENT_ONEOF",
     {"The comment before a oneof becomes the documentation of generated code in every language, and is the only place where its meaning can be agreed on.",
      "message Order {\n"
     "  oneof limit { int64 price = 1; }\n"
     "}",
      "message Order {\n"
     "  // What it is for, in which unit, and what absence means.\n"
     "  oneof limit { int64 price = 1; }\n"
     "}",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"COMMENT_RPC",
     {"The comment before a method becomes the documentation of generated code in every language, and is the only place where its meaning can be agreed on.",
      "service OrderService {\n"
     "  rpc Place(PlaceRequest) returns (PlaceResponse);\n"
     "}",
      "service OrderService {\n"
     "  // What it is for, in which unit, and what absence means.\n"
     "  rpc Place(PlaceRequest) returns (PlaceResponse);\n"
     "}",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"COMMENT_SERVICE",
     {"The comment before a service becomes the documentation of generated code in every language, and is the only place where its meaning can be agreed on.",
      "service OrderService {}",
      "// What it is for, in which unit, and what absence means.\n"
     "service OrderService {}",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"DIRECTORY_SAME_PACKAGE",
     {"Generators map packages to folders. Files of two packages in one folder end up in one target package, or in one that nobody finds.",
      "a/x.proto: package a;\n"
     "a/y.proto: package b;",
      "a/x.proto: package a;\n"
     "b/y.proto: package b;",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"ENUM_FIRST_VALUE_ZERO",
     {"The first value is what a reader of a closed enum gets where nothing was sent, and 0 is what is written as nothing at all. When they differ, absence reads as something real.",
      "enum Side { SIDE_BUY = 1; SIDE_SELL = 2; }",
      "enum Side { SIDE_UNSPECIFIED = 0; SIDE_BUY = 1; }",
      "An absent field has no bytes; it reads as the first value, here SIDE_BUY, which nobody sent."}},
    {"ENUM_NO_ALLOW_ALIAS",
     {"Two names for one number print as whichever comes first, and switch statements over both do not compile in several languages.",
      "enum Side {\n"
     "  option allow_alias = true;\n"
     "  SIDE_BUY = 1;\n"
     "  SIDE_BID = 1;\n"
     "}",
      "enum Side { SIDE_BUY = 1; }",
      "08 01 is both; JSON always writes \"SIDE_BUY\", so a reader that waits for \"SIDE_BID\" never sees it."}},
    {"ENUM_PASCAL_CASE",
     {"Generators turn names into the style of each language from this spelling; from another one they make names that clash or look foreign.",
      "enum order_side {}",
      "enum OrderSide {}",
      "A renamed type has another full name in google.protobuf.Any, a renamed method another gRPC path: choose the spelling before the first release."}},
    {"ENUM_VALUE_PREFIX",
     {"In C++ and in the proto language itself the values of an enum are siblings of the enum: two enums with a value OK in one package do not compile.",
      "enum Side { BUY = 0; }\n"
     "enum Kind { BUY = 0; }",
      "enum Side { SIDE_BUY = 0; }\n"
     "enum Kind { KIND_BUY = 0; }",
      "JSON writes the name: \"BUY\" becomes \"SIDE_BUY\"."}},
    {"ENUM_VALUE_UPPER_SNAKE_CASE",
     {"Enum values are constants in every generated language; one spelling lets generators derive the others.",
      "enum Side { sideBuy = 0; }",
      "enum Side { SIDE_BUY = 0; }",
      "JSON writes the name: \"sideBuy\" becomes \"SIDE_BUY\"."}},
    {"ENUM_ZERO_IS_UNKNOWN",
     {"Zero is what a reader sees where nothing was sent, or where a newer writer sent a value it does not know.",
      "enum Tier { TIER_FREE = 0; }",
      "enum Tier { TIER_UNSPECIFIED = 0; TIER_FREE = 1; }",
      "An empty message reads as TIER_FREE."}},
    {"ENUM_ZERO_VALUE_SUFFIX",
     {"Zero is what a reader sees where nothing was sent. A name that says so keeps absence from being taken for a decision.",
      "enum Side { SIDE_BUY = 0; }",
      "enum Side { SIDE_UNSPECIFIED = 0; SIDE_BUY = 1; }",
      "An empty message reads as SIDE_BUY."}},
    {"FIELD_DOCUMENTED",
     {"A field without words is guessed at: its unit, its range and what absence means differ from reader to reader.",
      "int64 latency = 1;",
      "// From receipt to acknowledgement, microseconds; absent when there was none.\n"
     "int64 latency_us = 1;",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"FIELD_LOWER_SNAKE_CASE",
     {"The JSON name and all accessors are derived from this spelling. Two spellings of one idea give two JSON names.",
      "message M { string orderId = 1; }",
      "message M { string order_id = 1; }",
      "Both are \"orderId\" in JSON and 0a … on the wire, so this one can be renamed without breaking either."}},
    {"FIELD_MONEY_NOT_FLOAT",
     {"Binary floats cannot hold most decimal fractions. Sums drift, and two systems round differently.",
      "double price = 1;",
      "common.v1.Money price = 1;",
      "0.1 as a double is 09 9a 99 99 99 99 99 b9 3f: 0.1000000000000000055."}},
    {"FIELD_NOT_REQUIRED",
     {"A required field can never be removed: every reader that still has it refuses messages without it.",
      "required string id = 1;",
      "optional string id = 1;",
      "A message without 0a … is refused whole, though all its other fields could be read."}},
    {"FIELD_NO_DEPRECATED_TYPE",
     {"What is deprecated is going to go. What still uses it goes with it.",
      "OldMoney price = 1;  // OldMoney is deprecated",
      "Money price = 2;\n"
     "OldMoney old_price = 1 [deprecated = true];",
      "When the type goes, the bytes of field 1 become an unknown field."}},
    {"FIELD_NO_DESCRIPTOR",
     {"Several generators give each message an accessor called descriptor; a field of that name clashes with it.",
      "string descriptor = 1;",
      "string description = 1;",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"FIELD_PII_ANNOTATED",
     {"Personal data that is not marked is logged, exported and kept like anything else. The mark is what erasure, masking and encryption read.",
      "string email = 1;",
      "string email = 1 [(stele.pii) = PII_CATEGORY_CONTACT];",
      "The option is in the descriptor alone: the bytes stay the same."}},
    {"FIELD_PII_LEAVES",
     {"Class C is JSON over HTTP to browsers and partners. Personal data in it is readable by everything on the way that ends TLS, and by logs.",
      "// travels by class C\n"
     "string email = 1 [(stele.pii) = PII_CATEGORY_CONTACT];",
      "string email = 1 [(stele.pii) = PII_CATEGORY_CONTACT, (stele.encrypt) = true];",
      "{\"email\":\"ann@example.org\"} becomes {\"email\":\"<ciphertext>\"}."}},
    {"FIELD_TIME_UNIT",
     {"An integer time is off by a factor of a thousand or a million as soon as two sides guess differently, and both values look plausible.",
      "int64 timestamp = 1;",
      "int64 timestamp_ms = 1;",
      "08 80 d0 95 ff bc 31 is 2023 in milliseconds, and the year 55,000 in seconds."}},
    {"FILE_LOWER_SNAKE_CASE",
     {"File names become module names; a dash or a capital makes a module that some language cannot import.",
      "order-service.proto",
      "order_service.proto",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"IMPORT_NO_PUBLIC",
     {"A public import makes what one file sees depend on what another passes on; removing it breaks files that never mention it, and some generators ignore it.",
      "import public \"b.proto\";",
      "import \"b.proto\";",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"IMPORT_USED",
     {"An import that nothing uses makes every consumer fetch and build what it does not need.",
      "import \"money.proto\";  // nothing of it below",
      "(no import)",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"MESSAGE_ENVELOPE",
     {"Routers, audits and replays read the first three fields of any message without knowing its type, as common.v1.BaseMessage.",
      "message Order { string id = 1; string tenant_id = 2; }",
      "message Order {\n"
     "  string tenant_id = 1;\n"
     "  int64 timestamp_ms = 2;\n"
     "  string correlation_id = 3;\n"
     "  string id = 4;\n"
     "}",
      "0a .. 10 .. 1a .. decode as BaseMessage whatever follows; 0a with an id in it is taken for the tenant."}},
    {"MESSAGE_HOT_IS_FLAT",
     {"Each nested message costs a length, an allocation and a call on both sides, and map entries come in no order. On a hot path that is most of the work.",
      "message Tick { map<string, double> greeks = 1; }  // class A",
      "message Tick { double delta = 1; double gamma = 2; }",
      "One map entry is 0a 0e 0a 05 \"delta\" 11 <8 bytes>: 16 bytes for what a plain field does in 9."}},
    {"MESSAGE_NESTING",
     {"Declarations nested deep have names nobody can say, and cannot be used from elsewhere without dragging all that is around them.",
      "message A { message B { message C { message D { message E { message F {} } } } } }",
      "message A {}\n"
     "message F {}",
      "The full name a.A.B.C.D.E.F stands in every google.protobuf.Any of it."}},
    {"MESSAGE_PASCAL_CASE",
     {"Generators turn names into the style of each language from this spelling; from another one they make names that clash or look foreign.",
      "message place_order {}",
      "message PlaceOrder {}",
      "A renamed type has another full name in google.protobuf.Any, a renamed method another gRPC path: choose the spelling before the first release."}},
    {"MESSAGE_SIZE",
     {"Brokers and servers refuse messages over a limit, usually 1 MiB, at the moment when the list got long.",
      "repeated string names = 1;  // how many, how long?",
      "repeated string names = 1 [(stele.max_count) = 100, (stele.max_len) = 64];",
      "100 names of 64 bytes: 100 × (0a 40 + 64) = 6,600 bytes."}},
    {"MESSAGE_TENANT_ID",
     {"A message that does not say whose it is cannot be routed, isolated, billed or erased by tenant.",
      "message Order { string id = 1; }",
      "message Order { string tenant_id = 1; string id = 4; }",
      "0a 04 \"acme\" in front of every record."}},
    {"ONEOF_LOWER_SNAKE_CASE",
     {"Accessors of oneofs are derived from this spelling.",
      "oneof limitPrice { … }",
      "oneof limit_price { … }",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"PACKAGE_DEFINED",
     {"Without a package all names share one global space, and the first clash of two teams stops both.",
      "syntax = \"proto3\";\n"
     "message Order {}",
      "syntax = \"proto3\";\n"
     "package trading.v1;\n"
     "message Order {}",
      "The full name stands in google.protobuf.Any and in gRPC paths: \"type.googleapis.com/Order\" becomes \"type.googleapis.com/trading.v1.Order\"."}},
    {"PACKAGE_DIRECTORY_MATCH",
     {"The folder of a file is its import path. When it says what the package says, an import can be written without searching.",
      "x/orders.proto: package trading.v1;",
      "trading/v1/orders.proto: package trading.v1;",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"PACKAGE_LOWER_SNAKE_CASE",
     {"Packages become folders, modules and namespaces; capitals differ on one file system and not on another.",
      "package tradingDesk.v1;",
      "package trading_desk.v1;",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"PACKAGE_NO_IMPORT_CYCLE",
     {"Two packages that need each other can only be generated, versioned and released together; some languages refuse them outright.",
      "a/x.proto imports b/y.proto, b/z.proto imports a/w.proto",
      "Both import c/shared.proto, and not each other.",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"PACKAGE_SAME_CSHARP_NAMESPACE",
     {"csharp_namespace decides where the code of a package goes in that language. With two values one package is generated into two places, and its files cannot see each other.",
      "x.proto: option csharp_namespace = \"Acme.Trading\";\n"
     "y.proto: (no csharp_namespace)",
      "x.proto: option csharp_namespace = \"Acme.Trading\";\n"
     "y.proto: option csharp_namespace = \"Acme.Trading\";",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"PACKAGE_SAME_DIRECTORY",
     {"One package spread over folders cannot be found from its name, and generators that map folders to packages split it.",
      "a/x.proto: package p;\n"
     "b/y.proto: package p;",
      "p/x.proto: package p;\n"
     "p/y.proto: package p;",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"PACKAGE_SAME_GO_PACKAGE",
     {"go_package decides where the code of a package goes in that language. With two values one package is generated into two places, and its files cannot see each other.",
      "x.proto: option go_package = \"acme/trading\";\n"
     "y.proto: (no go_package)",
      "x.proto: option go_package = \"acme/trading\";\n"
     "y.proto: option go_package = \"acme/trading\";",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"PACKAGE_SAME_JAVA_MULTIPLE_FILES",
     {"java_multiple_files decides where the code of a package goes in that language. With two values one package is generated into two places, and its files cannot see each other.",
      "x.proto: option java_multiple_files = true;\n"
     "y.proto: (no java_multiple_files)",
      "x.proto: option java_multiple_files = true;\n"
     "y.proto: option java_multiple_files = true;",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"PACKAGE_SAME_JAVA_PACKAGE",
     {"java_package decides where the code of a package goes in that language. With two values one package is generated into two places, and its files cannot see each other.",
      "x.proto: option java_package = \"com.acme.trading\";\n"
     "y.proto: (no java_package)",
      "x.proto: option java_package = \"com.acme.trading\";\n"
     "y.proto: option java_package = \"com.acme.trading\";",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"PACKAGE_SAME_PHP_NAMESPACE",
     {"php_namespace decides where the code of a package goes in that language. With two values one package is generated into two places, and its files cannot see each other.",
      "x.proto: option php_namespace = \"Acme\";\n"
     "y.proto: (no php_namespace)",
      "x.proto: option php_namespace = \"Acme\";\n"
     "y.proto: option php_namespace = \"Acme\";",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"PACKAGE_SAME_RUBY_PACKAGE",
     {"ruby_package decides where the code of a package goes in that language. With two values one package is generated into two places, and its files cannot see each other.",
      "x.proto: option ruby_package = \"Acme\";\n"
     "y.proto: (no ruby_package)",
      "x.proto: option ruby_package = \"Acme\";\n"
     "y.proto: option ruby_package = \"Acme\";",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"PACKAGE_SAME_SWIFT_PREFIX",
     {"swift_prefix decides where the code of a package goes in that language. With two values one package is generated into two places, and its files cannot see each other.",
      "x.proto: option swift_prefix = \"ACM\";\n"
     "y.proto: (no swift_prefix)",
      "x.proto: option swift_prefix = \"ACM\";\n"
     "y.proto: option swift_prefix = \"ACM\";",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"PACKAGE_VERSION_SUFFIX",
     {"A breaking change goes into a new package version beside the old one. A package without a version has nowhere to go.",
      "package trading;",
      "package trading.v1;",
      "gRPC paths carry the package: \"/trading.OrderService/Place\" cannot live beside itself, \"/trading.v1.…\" and \"/trading.v2.…\" can."}},
    {"PROTOVALIDATE",
     {"Rules of buf.validate that contradict each other, or their field, never hold.",
      "int32 age = 1 [(buf.validate.field).int32 = {gt: 10, lt: 5}];",
      "int32 age = 1 [(buf.validate.field).int32 = {gt: 5, lt: 10}];",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"RPC_NO_CLIENT_STREAMING",
     {"Streams need connections that proxies, browsers and retries do not keep. A unary method works through all of them.",
      "rpc Send(stream Tick) returns (Ack);",
      "rpc Send(SendTicksRequest) returns (SendTicksResponse);",
      "A stream is many length-prefixed messages on one HTTP/2 request; an HTTP/1.1 proxy cannot pass it."}},
    {"RPC_NO_DEPRECATED_TYPE",
     {"What is deprecated is going to go. A method that still uses it goes with it.",
      "rpc Place(OldOrder) returns (Ack);  // OldOrder is deprecated",
      "rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse);",
      "The method takes other bytes from the day the type is replaced."}},
    {"RPC_NO_SERVER_STREAMING",
     {"Streams need connections that proxies, browsers and retries do not keep. A unary method works through all of them.",
      "rpc Watch(Req) returns (stream Tick);",
      "rpc ListTicks(ListTicksRequest) returns (ListTicksResponse);",
      "A stream is many length-prefixed messages on one HTTP/2 response; a retry cannot know which of them arrived."}},
    {"RPC_PASCAL_CASE",
     {"Generators turn names into the style of each language from this spelling; from another one they make names that clash or look foreign.",
      "rpc place_order(Req) returns (Res);",
      "rpc PlaceOrder(Req) returns (Res);",
      "A renamed type has another full name in google.protobuf.Any, a renamed method another gRPC path: choose the spelling before the first release."}},
    {"RPC_REQUEST_RESPONSE_UNIQUE",
     {"A type that two methods share cannot grow for one of them. Types of its own leave each method free.",
      "rpc Get(Id) returns (Order);\n"
     "rpc Cancel(Id) returns (Order);",
      "rpc Get(GetRequest) returns (GetResponse);\n"
     "rpc Cancel(CancelRequest) returns (CancelResponse);",
      "A field added for Cancel, say 12 … , is sent and accepted by Get as well."}},
    {"RPC_REQUEST_STANDARD_NAME",
     {"One can guess the type from the method, and two methods cannot meet in one type.",
      "rpc Place(Order) returns (PlaceResponse);",
      "rpc Place(PlaceRequest) returns (PlaceResponse);",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"RPC_RESPONSE_STANDARD_NAME",
     {"One can guess the type from the method, and two methods cannot meet in one type.",
      "rpc Place(PlaceRequest) returns (Order);",
      "rpc Place(PlaceRequest) returns (PlaceResponse);",
      "No byte changes: the cost is paid in generated code and by those who read it."}},
    {"SERVICE_PASCAL_CASE",
     {"Generators turn names into the style of each language from this spelling; from another one they make names that clash or look foreign.",
      "service order_service {}",
      "service OrderService {}",
      "A renamed type has another full name in google.protobuf.Any, a renamed method another gRPC path: choose the spelling before the first release."}},
    {"SERVICE_SUFFIX",
     {"Generated clients and servers are named after the service; the suffix keeps them apart from messages of the same idea.",
      "service Order {}",
      "service OrderService {}",
      "The service name is in the gRPC path: \"/trading.v1.Order/Place\"."}},
    {"STABLE_PACKAGE_NO_IMPORT_UNSTABLE",
     {"A package that promises to stay cannot stand on one that does not.",
      "package trading.v1;\n"
     "import \"risk/v1beta1/risk.proto\";",
      "package trading.v1;\n"
     "import \"risk/v1/risk.proto\";",
      "A field of a risk.v1beta1 type changes its bytes when the beta does, inside messages of trading.v1."}},
    {"SYNTAX_SPECIFIED",
     {"A file without a syntax line is proto2, with closed enums and presence, whatever its author had in mind.",
      "package a;\n"
     "message M { … }",
      "syntax = \"proto3\";\n"
     "package a;",
      "The same declaration writes other bytes: a proto2 field set to 0 is 08 00, a proto3 field set to 0 is nothing."}},
};
// clang-format on

const size_t rule_lint_text_count = STELE_COUNT(rule_lint_texts);
