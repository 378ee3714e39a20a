"""One file in every spelling that clients send has one id; a file that means something else has another."""
import base64
import json
import os
import subprocess
import sys

import pytest

from conftest import NPM, PROTOC, ROOT

LINE = """syntax = "proto3";

package identity.v1;

message Line {
  int32 number = 1;
}
"""
# Everything whose spelling differs between text and descriptors.
ORDER = """// An order.
syntax = "proto3";

package identity.v1;

import "identity/line.proto";
import "google/protobuf/timestamp.proto";

option java_multiple_files = true;
option java_package = "com.identity";

/* The order. */
message IdentityOrder {
  reserved 20 to 22, 30;
  reserved "old", "older";
  string order_id = 1;  // its id
  map<string, Line> lines_by_name = 2;
  optional int32 count = 3 [deprecated = true];
  oneof way {
    string card = 4;
    google.protobuf.Timestamp later = 5;
  }
  repeated Kind kinds = 6 [packed = false];
  Inner inner = 7 [json_name = "within"];

  message Inner {
    IdentityOrder parent = 1;
    bytes raw = 2;
  }
  enum Kind {
    KIND_UNKNOWN = 0;
    KIND_A = 1;
    KIND_B = 2;
  }
}
"""
REORDERED = """syntax = "proto3";
option java_package = 'com.' "identity";
import "google/protobuf/timestamp.proto";
package identity.v1;
import 'identity/line.proto';
message IdentityOrder {
  enum Kind { KIND_UNKNOWN = 0x0; KIND_B = 2; KIND_A = 01; }
  message Inner { bytes raw = 2; .identity.v1.IdentityOrder parent = 1; }
  oneof way { .google.protobuf.Timestamp later = 5; string card = 4; }
  Inner inner = 7 [json_name = "within"];
  repeated IdentityOrder.Kind kinds = 6 [packed = false];
  optional int32 count = 3 [json_name = "count", deprecated = true];
  map<string, identity.v1.Line> lines_by_name = 2;
  string order_id = 1 [json_name = "orderId"];
  reserved "older"; reserved 30, 22, 20 to 21; reserved "old";
}
option java_multiple_files = true;
"""
REFERENCES = [{"name": "identity/line.proto", "subject": "identity/line.proto", "version": 1}]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The two files compiled by protoc: for Python, and as a descriptor set."""
    folder = tmp_path_factory.mktemp("identity")
    (folder / "identity").mkdir()
    (folder / "identity/line.proto").write_text(LINE)
    (folder / "identity/order.proto").write_text(ORDER)
    subprocess.run([str(PROTOC), f"-I{folder}", f"-I{NPM}/protoc/include", f"--python_out={folder}",
                    f"-o{folder}/all.binpb", "--include_imports", "identity/order.proto", "identity/line.proto"],
                   cwd=folder, check=True)
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def first(registry):
    """The id of the text, registered first."""
    assert registry.register("identity/line.proto", LINE).status == 200
    answer = registry.register("by-text", ORDER, REFERENCES)
    assert answer.status == 200, answer
    return answer.json["id"]


def descriptor(files):
    from google.protobuf import descriptor_pb2
    from identity import order_pb2
    made = descriptor_pb2.FileDescriptorProto()
    order_pb2.DESCRIPTOR.CopyToProto(made)
    return made


def id_of(registry, subject, schema, query="", references=REFERENCES):
    answer = registry.register(subject, schema, references, query)
    assert answer.status == 200, answer
    return answer.json["id"]


def encoded(made):
    return base64.b64encode(made.SerializeToString()).decode()


def test_python_descriptor(registry, files, first):
    assert id_of(registry, "by-python", encoded(descriptor(files))) == first


def test_python_serializer(registry, files, first):
    from confluent_kafka.schema_registry import SchemaRegistryClient
    from confluent_kafka.schema_registry.protobuf import ProtobufSerializer
    from confluent_kafka.serialization import MessageField, SerializationContext
    from identity.order_pb2 import IdentityOrder

    client = SchemaRegistryClient({"url": registry.url})
    serialize = ProtobufSerializer(IdentityOrder, client)
    data = serialize(IdentityOrder(order_id="1"), SerializationContext("identity-python", MessageField.VALUE))
    assert int.from_bytes(data[1:5], "big") == first


def test_javascript_serializer(registry, files, first):
    made = subprocess.run(["node", str(ROOT / "tests/integration/js/identity.mjs"), registry.url,
                           str(files / "all.binpb"), "identity-javascript", "identity.v1.IdentityOrder"],
                          text=True, capture_output=True, timeout=120, env=dict(os.environ, STELE_NPM=str(NPM)))
    assert made.returncode == 0, made.stdout + made.stderr
    assert json.loads(made.stdout.strip().splitlines()[-1])["id"] == first


def with_all_json_names(made):
    """As `protoc -o` writes them; generated Python modules only have those that are not the default."""
    def name(message):
        for field in message.field:
            first, *rest = field.name.split("_")
            if not field.json_name:
                field.json_name = first + "".join(word.capitalize() for word in rest)
        for nested in message.nested_type:
            name(nested)
    for message in made.message_type:
        name(message)


def with_relative_names(made):
    def relative(message):
        for field in message.field:
            if field.type_name:  # an empty one is a mistake for protobuf too
                field.type_name = field.type_name.removeprefix(".identity.v1.")
        for nested in message.nested_type:
            relative(nested)
    for message in made.message_type:
        relative(message)


def without_types(made):
    def strip(message):
        for field in message.field:
            if field.type_name:
                field.ClearField("type")
        for nested in message.nested_type:
            strip(nested)
    for message in made.message_type:
        strip(message)


def renamed(made):
    made.name = "default"


def with_shuffled_lists(made):
    message = made.message_type[0]
    del message.reserved_name[:]
    message.reserved_name.extend(["older", "old"])
    ranges = sorted(((r.start, r.end) for r in message.reserved_range), reverse=True)
    del message.reserved_range[:]
    for start, end in ranges:
        for number in range(start, end):
            message.reserved_range.add(start=number, end=number + 1)


@pytest.mark.parametrize("change", [with_all_json_names, with_relative_names, without_types, renamed,
                                    with_shuffled_lists], ids=lambda change: change.__name__)
def test_descriptors_of_other_tools(registry, files, first, change):
    made = descriptor(files)
    before = made.SerializeToString()
    change(made)
    assert made.SerializeToString() != before
    assert id_of(registry, f"by-{change.__name__}", encoded(made)) == first


def test_reordered_and_commented(registry, first):
    assert id_of(registry, "by-reordered", REORDERED) == first
    assert id_of(registry, "by-commented", ORDER.replace("\n", " // c\n").replace("{ //", "{ /* d */ //")) == first


@pytest.mark.parametrize("subject", ["by-text", "by-python"])
def test_printed(registry, files, first, subject):
    """Whatever the registry answers for the id means the id."""
    id_of(registry, "by-python", encoded(descriptor(files)))
    for query in ("", "?format=serialized"):
        answer = registry.get(f"/subjects/{subject}/versions/1{query}")
        assert answer.status == 200, answer
        assert id_of(registry, "by-print", answer.json["schema"]) == first
    assert id_of(registry, "by-normalised", ORDER, "?normalize=true") == first
    normalised = registry.get("/subjects/by-normalised/versions/1").json["schema"]
    assert id_of(registry, "by-normalised-again", normalised) == first


@pytest.mark.parametrize("old,new", [
    ("int32 count", "int64 count"),
    ("optional int32 count", "int32 count"),
    ("= 3 [deprecated = true]", "= 3"),
    ("= 3 [deprecated = true]", "= 8 [deprecated = true]"),
    ("[packed = false]", ""),
    ("map<string, Line>", "map<string, int32>"),
    ('json_name = "within"', 'json_name = "inside"'),
    ("KIND_B = 2;", "KIND_B = 3;"),
    ("reserved 20 to 22, 30;", "reserved 20 to 22;"),
    ('"com.identity"', '"com.other"'),
    ("oneof way", "oneof road"),
    ("package identity.v1", "package identity.v1.x"),
])
def test_what_separates(registry, first, old, new):
    assert ORDER.count(old) == 1
    text = ORDER.replace(old, new)
    assert id_of(registry, f"other-{old}-{new}", text) != first


def test_another_reference_separates(registry, first):
    assert registry.register("identity/line2.proto", LINE.replace("int32", "int64")).status == 200
    references = [{"name": "identity/line.proto", "subject": "identity/line2.proto", "version": 1}]
    assert id_of(registry, "other-reference", ORDER, references=references) != first
