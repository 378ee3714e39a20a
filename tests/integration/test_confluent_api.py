"""Confluent's API, request by request: what clients and tools of that registry rely on.

Each test is a story about subjects of its own; `steps` are rows of (method, path, body, status, what
the answer must hold). A `want` that is a dict is a part of the answer, anything else the whole of it;
an int where an error is due is its error_code.
"""
import base64
import re

import pytest

from conftest import CONFLUENT

P1 = 'syntax = "proto3";\npackage com.example;\n\nmessage Message1 {\n  string f1 = 1;\n}\n'
P2 = 'syntax = "proto3";\npackage com.example;\n\nmessage Message1 {\n  string f1 = 1;\n  string f2 = 2;\n}\n'
P3 = 'syntax = "proto3";\npackage com.example;\n\nmessage Message1 {\n  string f1 = 1;\n  string f2 = 2;\n  string f3 = 3;\n}\n'
BAD = 'syntax = "proto3";\npackage com.example;\n\nbad-message Message1 {\n  string f1 = 1;\n}\n'
INT = P1.replace("string f1", "int32 f1")
REF = 'syntax = "proto3";\npackage com.ref;\n\nmessage ReferencedMessage {\n  string ref_id = 1;\n  bool is_active = 2;\n}\n'
ROOT = ('syntax = "proto3";\npackage com.root;\n\nimport "ref.proto";\nimport "confluent/meta.proto";\n\n'
        'message ReferrerMessage {\n  option (confluent.message_meta) = {\n    doc: "ReferrerMessage"\n  };\n\n'
        '  string root_id = 1;\n  com.ref.ReferencedMessage ref = 2;\n}\n')


def body(text, references=None, **fields):
    return {"schemaType": "PROTOBUF", "schema": text, **({"references": references} if references else {}), **fields}


def ref(name, subject, version):
    return {"name": name, "subject": subject, "version": version}


def holds(got, want):
    if isinstance(want, dict) and isinstance(got, dict):
        return all(key in got and holds(got[key], value) for key, value in want.items())
    return got == want and type(got) is type(want)


def run(server, steps):
    for i, (method, path, sent, status, want) in enumerate(steps):
        got = server.request(method, path, sent)
        where = f"step {i}: {method} {path} -> {got}"
        assert got.status == status, where
        if status >= 400 and isinstance(want, int):
            assert got.code == want, where
        elif want is not None:
            assert holds(got.json, want), f"{where}, want {want}"


def test_an_empty_registry(fresh):
    run(fresh, [
        ("GET", "/subjects", None, 200, []),
        ("GET", "/subjects/x/versions", None, 404, 40401),
        ("GET", "/config", None, 200, {"compatibilityLevel": "BACKWARD"}),
        ("GET", "/mode", None, 200, {"mode": "READWRITE"}),
        ("GET", "/contexts", None, 200, ["."]),
        ("GET", "/schemas", None, 200, []),
        ("GET", "/", None, 200, {}),
        ("POST", "/", {}, 200, {}),
    ])


def test_ids_and_versions(fresh):
    run(fresh, [
        ("POST", "/subjects/a/versions", body(P1), 200, {"id": 1, "version": 1}),
        ("POST", "/subjects/a/versions", body(P2), 200, {"id": 2, "version": 2}),
        ("POST", "/subjects/a/versions", body(P1), 200, {"id": 1, "version": 1}),
        ("GET", "/subjects/a/versions", None, 200, [1, 2]),
        ("POST", "/subjects/b/versions", body(P1), 200, {"id": 1, "version": 1}),
        ("GET", "/subjects/b/versions", None, 200, [1]),
        ("GET", "/schemas/ids/1", None, 200, {"schema": P1, "schemaType": "PROTOBUF"}),
        ("GET", "/schemas/ids/100", None, 404, 40403),
        ("GET", "/schemas/ids/100/schema", None, 404, 40403),
        ("GET", "/schemas/ids/100/subjects", None, 404, 40403),
        ("GET", "/schemas/ids/100/versions", None, 404, 40403),
        ("GET", "/schemas/ids/x", None, 404, 404),
        ("GET", "/schemas/types", None, 200, ["PROTOBUF"]),
        ("GET", "/schemas/ids/1/versions", None, 200,
         [{"subject": "a", "version": 1}, {"subject": "b", "version": 1}]),
        ("GET", "/subjects", None, 200, ["a", "b"]),
    ])
    assert fresh.get("/schemas/ids/1/schema").raw.decode() == P1


@pytest.mark.parametrize("version, status, want", [
    ("0", 422, 42202), ("-2", 422, 42202), ("x", 422, 42202), ("earliest", 422, 42202), ("2147483648", 422, 42202),
    ("99", 404, 40402), ("latest", 200, 2), ("LATEST", 200, 2), ("-1", 200, 2), ("1", 200, 1), ("2", 200, 2),
])
def test_version_in_a_path(registry, version, status, want):
    registry.register("paths", P1)
    registry.register("paths", P2)
    got = registry.get(f"/subjects/paths/versions/{version}")
    assert got.status == status, got
    assert (got.code if status >= 400 else got.json["version"]) == want, got


def test_members_of_a_version(registry):
    registry.register("members", P1)
    got = registry.get("/subjects/members/versions/1").json
    assert got["subject"] == "members" and got["version"] == 1 and got["schema"] == P1
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", got["guid"])
    assert got["deleted"] is False and got["ts"] > 1_600_000_000_000
    assert "references" not in got and "metadata" not in got and "ruleSet" not in got
    raw = registry.get("/subjects/members/versions/latest/schema")
    assert raw.raw.decode() == P1 and raw.headers["Content-Type"].startswith(CONFLUENT)


@pytest.mark.parametrize("label, sent", [
    ("not proto", body(BAD)),
    ("a reference to nothing", body(P1, [ref("bad", "bad", 100)])),
    ("a null part", body(P1, [{"name": None, "subject": "x", "version": 1}])),
    ("an import without a reference", body(ROOT)),
    ("nothing at all", body("")),
    ("another type", {"schemaType": "AVRO", "schema": '"string"'}),
    ("a type that nobody has", {"schemaType": "XML", "schema": "<x/>"}),
    ("base64 of nonsense", body(base64.b64encode(b"\x01\x02\x03").decode())),
])
def test_what_is_no_schema(fresh, label, sent):
    got = fresh.post("/subjects/none/versions", sent)
    assert (got.status, got.code) == (422, 42201), (label, got)
    assert fresh.get("/subjects").json == []


def test_message_of_a_mistake(registry):
    got = registry.post("/subjects/mistake/versions", body(BAD))
    assert got.json["message"].startswith("Invalid schema of type PROTOBUF, details: ")
    assert got.json["details"]["line"] == 4


@pytest.mark.parametrize("label, data, status, code", [
    ("no JSON", b"{", 400, 400), ("not an object", b"[]", 400, 400), ("a number for text", b'{"schema": 1}', 400, 400),
    ("references of the wrong shape", b'{"schema": "x", "references": {}}', 400, 400), ("empty", b"", 422, 422),
])
def test_bodies_that_are_none(registry, label, data, status, code):
    got = registry.request("POST", "/subjects/bodies/versions", data)
    assert (got.status, got.code) == (status, code), (label, got)


def test_transport(registry):
    assert registry.get("/nowhere").code == 404
    assert registry.request("PUT", "/subjects").code == 405
    assert registry.post("/subjects/t/versions", b"<x/>", headers={"Content-Type": "text/xml"}).code == 415
    assert registry.get("/subjects", headers={"Accept": "text/html"}).code == 406
    got = registry.get("/subjects", headers={"X-Request-ID": "my-id"})
    assert got.headers["X-Request-ID"] == "my-id"
    assert got.headers["Cache-Control"] == "no-cache, no-store, must-revalidate"
    assert got.headers["X-XSS-Protection"] == "1; mode=block"
    assert got.headers["Content-Type"] == CONFLUENT
    got = registry.post("/subjects/t/versions?normalize=false&key=&&x=1", body(P1, unknown={"a": [1]}, guid="x"))
    assert got.status == 200, got


def test_references(fresh):
    fresh.register("reference", REF)
    meta = ('syntax = "proto3";\npackage confluent;\n\nimport "google/protobuf/descriptor.proto";\n\n'
            'option go_package = "../confluent";\n\nmessage Meta {\n  string doc = 1;\n  map<string, string> params = 2;\n'
            '  repeated string tags = 3;\n}\nextend google.protobuf.MessageOptions {\n  Meta message_meta = 1088;\n}\n')
    fresh.register("confluent/meta.proto", meta)
    references = [ref("ref.proto", "reference", 1), ref("confluent/meta.proto", "confluent/meta.proto", 1)]
    run(fresh, [
        ("POST", "/subjects/referrer/versions", body(ROOT, references), 200, {"id": 3}),
        ("POST", "/subjects/referrer/versions?format=text", body(ROOT, references), 200, {"references": references}),
        ("GET", "/schemas/ids/3", None, 200, {"schema": ROOT, "references": references}),
        ("GET", "/subjects/referrer/versions/1", None, 200, {"references": references}),
        ("POST", "/subjects/referrer", body(ROOT, references), 200, {"id": 3, "version": 1}),
        ("GET", "/subjects/reference/versions/1/referencedby", None, 200, [3]),
        ("GET", "/subjects/reference/versions/latest/referencedby", None, 200, [3]),
        ("DELETE", "/subjects/reference/versions/1", None, 422, 42206),
        ("DELETE", "/subjects/reference", None, 422, 42206),
        ("GET", "/subjects/reference/versions", None, 200, [1]),
        ("DELETE", "/subjects/referrer/versions/1", None, 200, 1),
        ("GET", "/subjects/reference/versions/1/referencedby", None, 200, []),
        ("GET", "/subjects/reference/versions/1/referencedby?deleted=true", None, 200, [3]),
        ("DELETE", "/subjects/reference/versions/1", None, 200, 1),
        ("DELETE", "/subjects/reference/versions/1?permanent=true", None, 422, 42206),
        ("POST", "/subjects/late/versions", body(ROOT, references), 422, 42201),
        ("DELETE", "/subjects/referrer/versions/1?permanent=true", None, 200, 1),
        ("DELETE", "/subjects/reference/versions/1?permanent=true", None, 200, 1),
        ("POST", "/subjects/late/versions", body(ROOT, references), 422, 42201),
    ])


def test_newest_version_of_a_reference(registry):
    registry.register("newest/ref", REF)
    registry.register("newest/ref", REF.replace("bool is_active = 2;", "bool is_active = 2;\n  int32 n = 3;"))
    text = 'syntax = "proto3";\nimport "ref.proto";\nmessage N {\n  com.ref.ReferencedMessage r = 1;\n}\n'
    got = registry.register("newest/root", text, [ref("ref.proto", "newest/ref", -1)], "?format=text").json
    assert got["references"] == [ref("ref.proto", "newest/ref", 2)]


def test_serialized(registry):
    from google.protobuf import descriptor_pb2
    registry.register("ser/ref", REF)
    references = [ref("ref.proto", "ser/ref", 1)]
    id = registry.register("ser/root", ROOT, references).json["id"]
    plain = registry.get(f"/schemas/ids/{id}").json
    for path in (f"/schemas/ids/{id}?format=serialized", "/subjects/ser%2Froot/versions/latest?format=serialized",
                 f"/schemas/guids/{plain['guid']}?format=serialized"):
        got = registry.get(path).json
        assert got["guid"] == plain["guid"] and got["references"] == references
        file = descriptor_pb2.FileDescriptorProto.FromString(base64.b64decode(got["schema"], validate=True))
        assert file.name == "default" and list(file.dependency) == ["ref.proto", "confluent/meta.proto"]
        assert file.message_type[0].field[1].type_name == ".com.ref.ReferencedMessage"
    looked = registry.post("/subjects/ser%2Froot?format=serialized", body(ROOT, references)).json
    assert looked["schema"] == got["schema"] and looked["guid"] == plain["guid"]
    # what was printed registers again as the same schema, and is answered so when that is asked for
    again = registry.register("ser/again", got["schema"], references, query="?format=serialized").json
    assert (again["id"], again["schema"]) == (id, got["schema"])
    assert "schema" not in registry.register("ser/again", got["schema"], references).json


def test_formats_that_nobody_knows(registry):
    registry.register("formats", P1)
    for form in ("bad-format", "", "resolved"):
        assert registry.get(f"/subjects/formats/versions/1?format={form}").json["schema"] == P1
    text = ('syntax = "proto3";\nimport "google/protobuf/descriptor.proto";\nextend google.protobuf.FieldOptions {\n'
            '  string note = 50001;\n}\nmessage M {\n  string a = 1 [(note) = "x"];\n}\n')
    registry.register("formats2", text)
    assert "note" not in registry.get("/subjects/formats2/versions/1?format=ignore_extensions").json["schema"]


def test_lookup_of_a_descriptor(registry, descriptor_of):
    """Text and descriptor, normalised or not, are one schema."""
    registry.register("desc/ref", REF)
    references = [ref("ref.proto", "desc/ref", 1)]
    text = ROOT.replace('import "confluent/meta.proto";\n', "").replace(
        '  option (confluent.message_meta) = {\n    doc: "ReferrerMessage"\n  };\n\n', "")
    id = registry.register("desc/root", text, references).json["id"]
    sent = descriptor_of(text, **{"ref.proto": REF})
    for query in ("", "?normalize=true", "?normalize=false&deleted=false"):
        got = registry.post(f"/subjects/desc%2Froot{query}", body(sent, references))
        assert got.status == 200 and (got.json["id"], got.json["version"]) == (id, 1), got
        assert got.json["schema"] == text
    got = registry.register("desc/other", sent, references).json
    assert got["id"] == id and got["version"] == 1


def test_a_descriptor_is_answered_as_text(registry, descriptor_of):
    sent = descriptor_of(P2)
    got = registry.register("printed", sent, query="?format=text").json
    assert got["schema"].startswith('syntax = "proto3";')
    version = registry.get("/subjects/printed/versions/1").json
    assert "message Message1 {\n  string f1 = 1;\n  string f2 = 2;\n}" in version["schema"]
    assert registry.register("printed2", version["schema"]).json["id"] == got["id"]
    assert any(s["subject"] == "printed" and s["schema"] for s in registry.get("/schemas?subjectPrefix=printed").json)


def test_comments_of_a_descriptor_are_answered(registry, descriptor_of):
    """With source info the text has them; what the schema is, its id and its guid, they do not change."""
    text = 'syntax = "proto3";\n\n// One order.\nmessage Order {\n  string id = 1; // its id\n}\n'
    bare = registry.register("commented/bare", descriptor_of(text)).json
    sent = descriptor_of(text, flags=["--include_source_info"])
    got = registry.register("commented/full", sent, query="?format=text").json
    assert got["id"] == bare["id"] and "// One order." in got["schema"]
    for answer in (registry.get("/subjects/commented%2Ffull/versions/1").json,
                   registry.get("/schemas?subjectPrefix=commented/full").json[0]):
        assert "// One order.\nmessage Order {" in answer["schema"] and "its id" in answer["schema"], answer
        assert answer["guid"] == registry.get("/subjects/commented%2Fbare/versions/1").json["guid"]
    assert "//" not in registry.get("/subjects/commented%2Fbare/versions/1").json["schema"]
    assert registry.register("commented/again", got["schema"]).json["id"] == got["id"]


def test_sets_of_descriptors(registry):
    from google.protobuf import descriptor_pb2, timestamp_pb2
    file = descriptor_pb2.FileDescriptorProto(name="s.proto", package="sets", syntax="proto3")
    file.message_type.add(name="M").field.add(name="a", number=1, type=9, label=1)
    one = descriptor_pb2.FileDescriptorSet(file=[file])
    id = registry.register("sets/file", base64.b64encode(file.SerializeToString()).decode()).json["id"]
    assert registry.register("sets/set", base64.b64encode(one.SerializeToString()).decode()).json["id"] == id
    root = descriptor_pb2.FileDescriptorProto(name="r.proto", package="sets", syntax="proto3",
                                              dependency=["google/protobuf/timestamp.proto"])
    root.message_type.add(name="R").field.add(name="t", number=1, type=11, label=1,
                                              type_name=".google.protobuf.Timestamp")
    time = descriptor_pb2.FileDescriptorProto()
    timestamp_pb2.DESCRIPTOR.CopyToProto(time)
    both = descriptor_pb2.FileDescriptorSet(file=[time, root])
    got = registry.register("sets/two", base64.b64encode(both.SerializeToString()).decode())
    assert got.status == 200, got


NORMAL = ('syntax = "proto3";\npackage norm;\n\nimport "a.proto";\nimport "google/protobuf/timestamp.proto";\n\n'
          'option java_package = "x";\noption java_multiple_files = true;\n\n'
          'message M {\n  string a = 1;\n  A b = 2;\n  google.protobuf.Timestamp t = 3;\n  oneof o {\n    int32 x = 4;\n    int64 y = 5;\n  }\n'
          '  reserved 10, 12 to 14;\n  reserved "p", "q";\n}\n')
PERMUTED = ('syntax = "proto3";\n// the same\npackage norm;\n\nimport "google/protobuf/timestamp.proto";\nimport "a.proto";\n\n'
            'option java_multiple_files = true;\noption java_package = "x";\n\n'
            'message M {\n  oneof o {\n    int64 y = 5 [json_name = "y"];\n    int32 x = 4;\n  }\n'
            '  .google.protobuf.Timestamp t = 3;\n  .norm.A b = 2;\n  reserved 12 to 13, 14, 10 to 10;\n  reserved "q";\n'
            '  reserved "p";\n  string a = 1;\n}\n')


def test_order_does_not_matter(registry):
    a = 'syntax = "proto3";\npackage norm;\nmessage A {}\n'
    registry.register("norm/a", a)
    registry.register("norm/unused", 'syntax = "proto3";\npackage unused;\nmessage U {}\n')
    references = [ref("a.proto", "norm/a", 1), ref("u.proto", "norm/unused", 1)]
    first = registry.register("norm/m", NORMAL, references, query="?normalize=true").json
    for query in ("?normalize=true", ""):
        got = registry.post(f"/subjects/norm%2Fm{query}", body(PERMUTED, references[::-1]))
        assert got.status == 200 and (got.json["version"], got.json["id"]) == (1, first["id"]), got
    assert registry.register("norm/other", PERMUTED, references).json["id"] == first["id"]


def test_normalised_text_is_stored_when_asked_for(registry):
    text = 'syntax = "proto3";\npackage nt;\nmessage M {\n  string b = 2; // second\n  string a = 1;\n}\n'
    registry.register("nt", text, query="?normalize=true")
    got = registry.get("/subjects/nt/versions/1").json["schema"]
    assert "second" not in got and got.index("a = 1") < got.index("b = 2")
    registry.register("nt2", text + "\nmessage N {}\n")
    assert registry.get("/subjects/nt2/versions/1").json["schema"] == text + "\nmessage N {}\n"


def test_incompatible(registry):
    registry.put("/config/inc", {"compatibility": "FULL"})
    registry.register("inc", P1)
    got = registry.register("inc", INT)
    assert (got.status, got.code) == (409, 40901), got
    assert got.json["message"].startswith(
        'Schema being registered is incompatible with an earlier schema for subject "inc", details: [')
    for part in ("oldSchemaVersion: 1", "oldSchema: '", "compatibility: 'FULL'", "FIELD_SCALAR_KIND_CHANGED"):
        assert part in got.json["message"], part
    details = got.json["details"]
    assert details["rule"] == "FIELD_SCALAR_KIND_CHANGED" and details["hint"] and details["line"] == 5
    got = registry.post("/compatibility/subjects/inc/versions/latest?verbose=true", body(INT)).json
    assert got["is_compatible"] is False
    assert got["messages"][2] == "{oldSchemaVersion: 1}"
    assert got["messages"][3].startswith("{oldSchema: '")
    assert got["messages"][4] == "{validateFields: 'false', compatibility: 'FULL'}"
    assert all("#/Message1/1" in m and m.startswith('{errorType:"') for m in got["messages"][:2])
    assert registry.post("/compatibility/subjects/inc/versions/latest", body(INT)).json == {"is_compatible": False}
    assert registry.register("inc", INT, query="?force=true").json["version"] == 2


def test_trials(registry):
    registry.register("trial", P1)
    run(registry, [
        ("POST", "/compatibility/subjects/none/versions/latest", body(P1), 200, {"is_compatible": True}),
        ("POST", "/compatibility/subjects/none/versions", body(P1), 200, {"is_compatible": True}),
        ("POST", "/compatibility/subjects/none/versions/1", body(P1), 404, 40402),
        ("POST", "/compatibility/subjects/trial/versions/100", body(P1), 404, 40402),
        ("POST", "/compatibility/subjects/trial/versions/earliest", body(P1), 422, 42202),
        ("POST", "/compatibility/subjects/trial/versions", body(P2), 200, {"is_compatible": True}),
        ("POST", "/compatibility/subjects/trial/versions?verbose=true", body(P2), 200, {"is_compatible": True, "messages": []}),
        ("POST", "/compatibility/subjects/none/versions/latest?verbose=true", body(P1), 200, {"is_compatible": True, "messages": []}),
        ("POST", "/compatibility/subjects/none/versions/latest", body(BAD), 422, 42201),
        ("POST", "/compatibility/subjects/trial/versions/-2", body(P1), 422, 42202),
        ("POST", "/compatibility/subjects/trial/versions/2147483648", body(P1), 422, 42202),
        ("POST", "/compatibility/subjects/trial/versions/LATEST?normalize=true", body(P2), 200, {"is_compatible": True}),
        ("POST", "/compatibility/subjects/trial/versions/latest", body(P2, [ref("x.proto", "nowhere", 1)]), 422, 42201),
        ("POST", "/compatibility/subjects/trial/versions/latest", body(INT), 200, {"is_compatible": False}),
        ("POST", "/compatibility/subjects/trial/versions/latest", body(BAD), 422, 42201),
        ("POST", "/compatibility/subjects/trial/versions/latest?verbose=true", body(BAD), 200, {"is_compatible": False}),
        ("PUT", "/config/trial", {"compatibility": "NONE"}, 200, {"compatibility": "NONE"}),
        ("POST", "/compatibility/subjects/trial/versions/latest", body(INT), 200, {"is_compatible": True}),
        ("POST", "/subjects/trial/versions", body(INT), 200, {"version": 2}),
    ])


@pytest.mark.parametrize("level, steps", [
    # a required field added or removed breaks one direction each; a chain shows transitivity
    ("BACKWARD", [(P1, True), (INT, False), (P2, True)]),
    ("BACKWARD_TRANSITIVE", [(P1, True), (P2, True), (INT, False)]),
    ("FORWARD", [(P2, True), (P1, True), (INT, False)]),
    ("FORWARD_TRANSITIVE", [(P2, True), (P1, True), (INT, False)]),
    ("FULL", [(P1, True), (P2, True), (INT, False)]),
    ("FULL_TRANSITIVE", [(P1, True), (P2, True), (INT, False)]),
    ("NONE", [(P1, True), (INT, True)]),
])
def test_levels(registry, level, steps):
    subject = f"level-{level}"
    registry.put(f"/config/{subject}", {"compatibility": level.lower()})
    for text, fits in steps:
        assert registry.register(subject, text).status == (200 if fits else 409), (level, text)


def test_transitive_looks_at_all_versions(registry):
    three = P1.replace("string f1 = 1;", "string f1 = 1;\n  oneof o {\n    string x = 5;\n    string y = 6;\n  }")
    without = P1  # the whole oneof goes: fine
    one = P1.replace("string f1 = 1;", "string f1 = 1;\n  oneof o {\n    string x = 5;\n  }")  # y is gone
    for level, last in (("BACKWARD", 200), ("BACKWARD_TRANSITIVE", 409)):
        subject = f"trans-{level}"
        registry.put(f"/config/{subject}", {"compatibility": level})
        assert registry.register(subject, three).status == 200
        assert registry.register(subject, without).status == 200
        assert registry.register(subject, one).status == last, level


def test_the_walk_leaves_out_what_is_deleted(registry):
    """NONE lets anything in; the level that is set then judges by what is still live."""
    more = INT.replace("int32 f1 = 1;", "int32 f1 = 1;\n  string more = 2;")
    path = "/compatibility/subjects/walk/versions"
    registry.put("/config/walk", {"compatibility": "NONE"})
    registry.register("walk", P1)
    registry.register("walk", INT)
    registry.put("/config/walk", {"compatibility": "BACKWARD_TRANSITIVE"})
    run(registry, [
        ("POST", f"{path}/latest", body(more), 200, {"is_compatible": True}),
        ("POST", f"{path}/1", body(more), 200, {"is_compatible": False}),
        ("POST", path, body(more), 200, {"is_compatible": False}),
        ("POST", "/subjects/walk/versions", body(more), 409, 40901),
        ("PUT", "/mode/walk", {"mode": "READONLY"}, 200, None),
        ("POST", path, body(more), 200, {"is_compatible": False}),
        ("PUT", "/mode/walk", {"mode": "READWRITE"}, 200, None),
        ("DELETE", "/subjects/walk/versions/1", None, 200, 1),
        ("POST", f"{path}/1", body(more), 404, 40402),
        ("POST", path, body(more), 200, {"is_compatible": True}),
        ("POST", "/subjects/walk/versions", body(more), 200, {"version": 3}),
        ("DELETE", "/subjects/walk/versions/3", None, 200, 3),
        ("POST", f"{path}/latest", body(more.replace("string more", "int32 more")), 200, {"is_compatible": True}),
        ("DELETE", "/subjects/walk/versions/2", None, 200, 2),
        ("POST", f"{path}/latest", body(P1), 200, {"is_compatible": True}),
        ("POST", path, body(P1), 200, {"is_compatible": True}),
        ("POST", "/subjects/walk/versions", body(P1), 200, {"version": 4}),
    ])


def test_the_nearest_level_judges(fresh):
    run(fresh, [
        ("POST", "/subjects/near/versions", body(P1), 200, None),
        ("PUT", "/config", {"compatibility": "NONE"}, 200, None),
        ("POST", "/compatibility/subjects/near/versions/latest", body(INT), 200, {"is_compatible": True}),
        ("PUT", "/config/near", {"validateFields": True}, 200, None),  # says nothing of the level: the nearest that does holds
        ("POST", "/compatibility/subjects/near/versions/latest", body(INT), 200, {"is_compatible": True}),
        ("PUT", "/config/near", {"compatibility": "FORWARD"}, 200, None),
        ("POST", "/compatibility/subjects/near/versions/latest", body(INT), 200, {"is_compatible": False}),
        ("DELETE", "/config/near", None, 200, None),
        ("POST", "/compatibility/subjects/near/versions/latest", body(INT), 200, {"is_compatible": True}),
    ])


def test_another_version_of_a_reference(registry):
    base = 'syntax = "proto3";\npackage again;\n\nmessage Base {\n  string a = 1;\n}\n'
    top = 'syntax = "proto3";\npackage again;\n\nimport "base.proto";\n\nmessage Top {\n  repeated Base base = 1;\n}\n'
    alone = top.replace('import "base.proto";\n\n', "") + "\n" + base.split("\n\n", 1)[1]
    registry.put("/config/again%2Fbase", {"compatibility": "NONE"})
    for text in (base, base.replace("string a", "int32 a"), base.replace("string a = 1;", "string a = 1;\n  string b = 2;")):
        assert registry.register("again/base", text).status == 200
    path = "/compatibility/subjects/again%2Ftop/versions/latest?verbose=true"
    assert registry.register("again/top", top, [ref("base.proto", "again/base", 1)]).status == 200
    got = registry.post(path, body(top, [ref("base.proto", "again/base", 2)])).json
    assert got["is_compatible"] is False and "#/Top/1" in got["messages"][0] and "FIELD_NAMED_TYPE_CHANGED" in got["messages"][0]
    assert registry.register("again/top", top, [ref("base.proto", "again/base", 2)]).code == 40901
    assert registry.post(path, body(top, [ref("base.proto", "again/base", 3)])).json["is_compatible"] is True
    assert registry.register("again/top", top, [ref("base.proto", "again/base", -1)]).json["version"] == 2
    assert registry.post(path, body(alone)).json["is_compatible"] is True  # it came in from the import
    assert registry.register("again/alone", alone).status == 200
    got = registry.post(path.replace("top", "alone"), body(top, [ref("base.proto", "again/base", 1)])).json
    assert "MESSAGE_REMOVED" in got["messages"][0] and "'#/Base'" in got["messages"][0]  # and went out to one


def test_custom_options_that_nobody_declares(registry):
    text = ('syntax = "proto3";\npackage custom;\n\nimport "some/ref.proto";\n\nmessage M {\n  option (some_ref) = "https://test.com";\n\n'
            '  string a = 1 [(some_ref) = "x"];\n  oneof o {\n    option (some_ref) = "y";\n\n    int32 b = 2;\n  }\n}\n'
            'enum E {\n  option (some_ref) = "z";\n\n  ZERO = 0;\n}\n')
    got = registry.register("custom", text)
    assert got.status == 200, got
    assert registry.get("/subjects/custom/versions/1").json["schema"] == text
    assert registry.post("/subjects/custom", body(text)).json["version"] == 1


def test_explicit_versions(registry):
    run(registry, [
        ("POST", "/subjects/explicit/versions", body(P1, version=2), 422, 42201),
        ("POST", "/subjects/explicit/versions", body(P1, version=1), 200, {"version": 1}),
        ("POST", "/subjects/explicit/versions", body(P2, version=3), 422, 42201),
        ("POST", "/subjects/explicit/versions", body(P2, version=2), 200, {"version": 2}),
        ("GET", "/subjects/explicit/versions", None, 200, [1, 2]),
    ])


def test_numbers_in_the_metadata(fresh):
    number = lambda n: {"properties": {"confluent:version": n}}
    post = lambda text, **fields: fresh.post("/subjects/numbered/versions?format=text", body(text, **fields))
    got = post(P1).json
    assert (got["id"], got["version"]) == (1, 1) and "metadata" not in got
    assert post(P1, version=-1).json["id"] == 1, "the newest says it already"
    got = post(P1, version=2).json
    assert (got["id"], got["version"], got["metadata"]) == (2, 2, number("2"))
    assert post(P1, version=-1).json["id"] == 2
    assert post(P1, version=2).json["id"] == 2
    assert post(P1, version=1).json["id"] == 1
    assert post(P1, version=7).code == 42201
    got = post(P1, metadata=number("-1")).json
    assert (got["id"], got["version"], got["metadata"]) == (3, 3, number("3"))
    got = post(P1, metadata=number("0")).json
    assert (got["version"], got["metadata"]) == (4, number("4"))
    got = post(P1, metadata=number("2")).json
    assert (got["id"], got["version"]) == (2, 2)
    assert post(P2, version=-1).json["metadata"] == number("5")
    assert fresh.get("/subjects/numbered/versions").json == [1, 2, 3, 4, 5]


def test_metadata(fresh):
    metadata = {"properties": {"owner": "trading", "app": "a"}, "tags": {"M.f": ["PII", "A"]}, "sensitive": ["owner"]}
    want = {"properties": {"app": "a", "owner": "trading"}, "tags": {"M.f": ["A", "PII"]}, "sensitive": ["owner"]}
    first = fresh.register("meta", P1, query="?format=text", metadata=metadata).json
    assert first["metadata"] == want
    assert fresh.register("meta", P1).json["id"] == first["id"], "given once, inherited after"
    assert fresh.get(f"/schemas/ids/{first['id']}").json["metadata"] == want
    second = fresh.register("meta", P1, metadata={"properties": {"owner": "risk"}}).json
    assert second["id"] != first["id"] and second["version"] == 2, "another owner is another schema"
    assert fresh.register("meta", P2, query="?format=text").json["metadata"] == {"properties": {"owner": "risk"}}
    assert fresh.register("meta", P1, metadata={"properties": 1}).code == 42201
    found = fresh.get("/subjects/meta/metadata?key=owner&value=trading").json
    assert found["version"] == 1
    assert fresh.get("/subjects/meta/metadata?key=owner&value=nobody").code == 40403
    assert fresh.get("/subjects/none/metadata?key=owner&value=nobody").code == 40401


def test_default_and_override_metadata(registry):
    registry.put("/config/mdo", {"defaultMetadata": {"properties": {"a": "1", "b": "1"}},
                                 "overrideMetadata": {"properties": {"c": "3"}}})
    got = registry.register("mdo", P1, query="?format=text", metadata={"properties": {"b": "2", "c": "2"}}).json
    assert got["metadata"] == {"properties": {"a": "1", "b": "2", "c": "3"}}
    assert registry.post("/subjects/mdo", body(P1, metadata={"properties": {"b": "2", "c": "2"}})).json["version"] == 1


def test_rule_sets(registry):
    rules = {"domainRules": [{"name": "r", "kind": "CONDITION", "mode": "WRITE", "type": "CEL", "expr": "true"}]}
    got = registry.register("rules", P1, query="?format=text", ruleSet=rules).json
    assert got["ruleSet"] == rules
    assert registry.get(f"/schemas/ids/{got['id']}").json["ruleSet"] == rules
    assert registry.register("rules2", P1).json["id"] != got["id"]
    assert registry.register("rules3", P1, ruleSet={"domainRules": [{}]}).code == 42210


def test_metadata_alone(registry):
    registry.register("alone", P1)
    got = registry.post("/subjects/alone/versions?format=text", {"schemaType": "PROTOBUF", "schema": "",
                                                    "metadata": {"properties": {"a": "b"}}}).json
    assert got["version"] == 2 and got["schema"] == P1


def test_validate_fields(registry):
    other = 'syntax = "proto3";\npackage vf;\n\nmessage Other {\n  string a = 1;\n}\n'
    registry.register("vf/other", other)
    references = [ref("other.proto", "vf/other", 1)]
    without = 'syntax = "proto3";\npackage vf;\n\nmessage M {\n  map<string, Other> m = 1;\n}\n'
    using = without.replace("package vf;\n", 'package vf;\n\nimport "other.proto";\n')
    assert registry.register("vf0", without, references).status == 200
    registry.put("/config/vf", {"validateFields": True})
    assert registry.register("vf", without, references).code == 42201
    assert registry.register("vf", using, references).status == 200
    times = ('syntax = "proto3";\nimport "google/protobuf/timestamp.proto";\nimport "google/protobuf/duration.proto";\n'
             'message T {\n  google.protobuf.Timestamp t = 1;\n  google.protobuf.Duration d = 2;\n}\n')
    registry.put("/config/vf2", {"validateFields": True})
    assert registry.register("vf2", times).status == 200


@pytest.mark.parametrize("path", [
    "google/type/money.proto", "google/type/decimal.proto", "google/protobuf/any.proto", "google/api/annotations.proto",
    "google/rpc/status.proto", "confluent/meta.proto", "confluent/type/decimal.proto", "confluent/type/variant.proto",
    "stele/options.proto",
])
def test_built_in_imports(registry, path):
    text = f'syntax = "proto3";\npackage builtin;\n\nimport "{path}";\n\nmessage M {{\n  string a = 1;\n}}\n'
    assert registry.register(f"builtin-{path}", text).status == 200


def test_a_given_reference_wins_over_a_built_in_file(registry):
    mine = 'syntax = "proto3";\npackage google.type;\n\nmessage Money {\n  string mine = 1;\n}\n'
    registry.register("own/money", mine)
    text = 'syntax = "proto3";\nimport "google/type/money.proto";\nmessage W {\n  google.type.Money m = 1;\n}\n'
    given = registry.register("own/w", text, [ref("google/type/money.proto", "own/money", 1)]).json
    assert registry.register("own/w2", text).json["id"] != given["id"]
    import google.protobuf.descriptor_pb2 as d
    got = registry.get("/subjects/own%2Fw/versions/1?format=serialized").json["schema"]
    assert d.FileDescriptorProto.FromString(base64.b64decode(got)).dependency[0] == "google/type/money.proto"


@pytest.mark.parametrize("subject, status, code", [
    ("%0Dbad%0Asubject%09", 422, 42208), ("__GLOBAL", 422, 42208), ("__EMPTY", 422, 42208),
    (":.__GLOBAL:x", 422, 42208), ("*", 200, None), ("a%2Fb%2Fc.proto", 200, None), ("%C3%BCber", 200, None),
    ("with%20blank", 200, None),
])
def test_names_of_subjects(registry, subject, status, code):
    got = registry.post(f"/subjects/{subject}/versions", body(P1))
    assert (got.status, got.code if code else None) == (status, code), got


def test_slashes_in_a_subject(registry):
    registry.register("trading/v1/orders.proto", P1)
    assert registry.get("/subjects/trading%2Fv1%2Forders.proto/versions").json == [1]
    assert registry.get("/subjects/trading/v1/orders.proto/versions").code == 404


# --- settings ---------------------------------------------------------------------------------------


def test_config(fresh):
    run(fresh, [
        ("GET", "/config", None, 200, {"compatibilityLevel": "BACKWARD"}),
        ("PUT", "/config", {"compatibility": "FORWARD"}, 200, {"compatibility": "FORWARD"}),
        ("GET", "/config", None, 200, {"compatibilityLevel": "FORWARD"}),
        ("DELETE", "/config", None, 200, {"compatibilityLevel": "FORWARD"}),
        ("GET", "/config", None, 200, {"compatibilityLevel": "BACKWARD"}),
        ("PUT", "/config/new", {"compatibility": "full"}, 200, {"compatibility": "FULL"}),
        ("GET", "/config/new", None, 200, {"compatibilityLevel": "FULL"}),
        ("GET", "/config/none", None, 404, 40408),
        ("GET", "/config/none?defaultToGlobal=true", None, 200, {"compatibilityLevel": "BACKWARD"}),
        ("PUT", "/config", {"compatibility": "BROKEN"}, 422, 42203),
        ("PUT", "/config/new", {"compatibility": "BROKEN"}, 422, 42203),
        ("PUT", "/config/new", {"normalize": True}, 200, {"compatibility": "FULL", "normalize": True}),
        ("PUT", "/config/new", {"normalize": None}, 200, {"compatibility": "FULL"}),
        ("DELETE", "/config/new", None, 200, {"compatibilityLevel": "FULL"}),
        ("GET", "/config/new", None, 404, 40408),
        ("DELETE", "/config/new", None, 404, 40401),
        ("PUT", "/config/:.:", {"compatibility": "NONE"}, 200, {"compatibility": "NONE"}),
        ("GET", "/config", None, 200, {"compatibilityLevel": "NONE"}),
        ("GET", "/subjects", None, 200, []),
    ])


def test_nearest_setting_wins(fresh):
    run(fresh, [
        ("PUT", "/config", {"compatibility": "NONE"}, 200, None),
        ("PUT", "/config/trading%2F*", {"compatibility": "FULL"}, 200, {"compatibility": "FULL"}),
        ("PUT", "/config/trading%2Fx", {"compatibility": "FORWARD"}, 200, None),
        ("GET", "/config/trading%2Fx?defaultToGlobal=true", None, 200, {"compatibilityLevel": "FORWARD"}),
        ("GET", "/config/trading%2Fy?defaultToGlobal=true", None, 200, {"compatibilityLevel": "FULL"}),
        ("GET", "/config/other?defaultToGlobal=true", None, 200, {"compatibilityLevel": "NONE"}),
        ("GET", "/config/trading%2Fy", None, 404, 40408),
        ("POST", "/subjects/trading%2Fy/versions", body(P1), 200, None),
        ("POST", "/subjects/trading%2Fy/versions", body(INT), 409, 40901),
        ("POST", "/subjects/other/versions", body(P1), 200, None),
        ("POST", "/subjects/other/versions", body(INT), 200, None),
    ])


def test_groups(registry):
    registry.put("/config/groups", {"compatibilityGroup": "app.version"})
    version = lambda v: {"properties": {"app.version": v}}
    assert registry.register("groups", P1, metadata=version("1")).status == 200
    assert registry.register("groups", INT, metadata=version("1")).status == 409
    assert registry.register("groups", INT, metadata=version("2")).status == 200
    assert registry.register("groups", P2, metadata=version("2")).status == 409
    assert registry.register("groups", P2, metadata=version("1")).status == 200


def test_a_group_holds_for_one_version_too(registry):
    registry.put("/config/group", {"compatibilityGroup": "v"})
    registry.register("group", P1, metadata={"properties": {"v": "1"}})
    for value, compatible in (("1", False), ("2", True), (None, True)):
        metadata = {"metadata": {"properties": {"v": value}}} if value else {}
        for version in ("latest", "1"):
            got = registry.post(f"/compatibility/subjects/group/versions/{version}", body(INT, **metadata))
            assert got.json == {"is_compatible": compatible}, (value, version)


def test_reserved_names(registry):
    """Where fields are validated, names that the metadata reserves stay reserved and are no fields; whatever the level."""
    def reserving(names):
        return {"properties": {"confluent:reserved": names}}

    oneof = P1.replace("string f1 = 1;", "string f1 = 1;\n  oneof o {\n    string zz = 7;\n  }")
    nested = P1.replace("string f1 = 1;", "string f1 = 1;\n  message N {\n    string zz = 1;\n  }")
    registry.put("/config/reserved", {"validateFields": True, "compatibility": "NONE"})
    assert registry.register("reserved", P1, metadata=reserving(" zz ,yy,, ")).status == 200
    for label, text, metadata, said in [
        ("one is reserved no more", P2, reserving("zz"), 'reserves the name "yy" no more'),
        ("no metadata at all", P2, {"properties": {}}, 'reserves the name "zz" no more'),
        ("a field has one", P2.replace("f2", "zz"), reserving("zz,yy"), 'a field "zz"'),
        ("a first field has one", P1, reserving("f1,zz,yy"), 'a field "f1"'),
    ]:
        got = registry.post("/compatibility/subjects/reserved/versions/latest?verbose=true", body(text, metadata=metadata)).json
        assert got["is_compatible"] is False and said in got["messages"][0], (label, got)
        assert got["messages"][-1] == "{validateFields: 'true', compatibility: 'NONE'}", label
        assert registry.register("reserved", text, metadata=metadata).code == 40901, label
    for text, names in ((P2, "yy,zz"), (oneof, "zz,yy,xx"), (nested, "xx,yy,zz")):
        assert registry.register("reserved", text, metadata=reserving(names)).status == 200
    registry.put("/config/reserved", {"validateFields": False})
    assert registry.register("reserved", P3, metadata=reserving("f3")).status == 200


def test_modes(fresh):
    run(fresh, [
        ("GET", "/mode", None, 200, {"mode": "READWRITE"}),
        ("GET", "/mode/s", None, 404, 40409),
        ("GET", "/mode/s?defaultToGlobal=true", None, 200, {"mode": "READWRITE"}),
        ("POST", "/subjects/s/versions", body(P1), 200, {"id": 1}),
        ("PUT", "/mode", {"mode": "readonly"}, 200, None),
        ("GET", "/mode", None, 200, {"mode": "READONLY"}),
        ("POST", "/subjects/s/versions", body(P1), 200, {"id": 1}),  # repeating is always safe
        ("POST", "/subjects/s/versions", body(P2), 422, 42205),
        ("DELETE", "/subjects/s", None, 422, 42205),
        ("DELETE", "/subjects/s/versions/1", None, 422, 42205),
        ("PUT", "/config/s", {"compatibility": "NONE"}, 422, 42205),
        ("PUT", "/mode/s", {"mode": "READWRITE"}, 200, {"mode": "READWRITE"}),
        ("POST", "/subjects/s/versions", body(P2), 200, {"id": 2}),
        ("DELETE", "/mode/s", None, 200, {"mode": "READWRITE"}),
        ("DELETE", "/mode/s", None, 404, 40401),
        ("POST", "/subjects/s/versions", body(P3), 422, 42205),
        ("PUT", "/mode", {"mode": None}, 200, None),
        ("GET", "/mode", None, 200, {"mode": "READWRITE"}),
        ("PUT", "/mode", {"mode": "SOMETIMES"}, 422, 42204),
        ("PUT", "/mode/s", {"mode": "FORWARD"}, 422, 42204),
        ("PUT", "/mode/:.:", {"mode": "READONLY"}, 200, None),
        ("GET", "/mode", None, 200, {"mode": "READONLY"}),
        ("DELETE", "/mode", None, 200, {"mode": "READONLY"}),
        ("POST", "/subjects/s/versions", body(P3, id=7), 422, 42205),  # ids are the registry's to give
    ])


def test_modes_of_a_context(fresh):
    run(fresh, [
        ("PUT", "/mode/:.ctx:", {"mode": "READONLY"}, 200, None),
        ("PUT", "/mode/:.ctx:a", {"mode": "READONLY"}, 200, None),
        ("POST", "/subjects/:.ctx:b/versions", body(P1), 422, 42205),
        ("DELETE", "/mode/:.ctx:", None, 200, {"mode": "READONLY"}),
        ("GET", "/mode/:.ctx:a", None, 200, {"mode": "READONLY"}),
        ("DELETE", "/mode/:.ctx:?recursive=true", None, 200, None),
        ("GET", "/mode/:.ctx:a", None, 404, 40409),
        ("POST", "/subjects/:.ctx:a/versions", body(P1), 200, {"id": 1}),
    ])


# --- deleting ---------------------------------------------------------------------------------------


def test_deleting_versions(fresh):
    run(fresh, [
        ("POST", "/subjects/d/versions", body(P1), 200, None),
        ("POST", "/subjects/d/versions", body(P2), 200, None),
        ("DELETE", "/subjects/d/versions/2?permanent=true", None, 404, 40407),
        ("DELETE", "/subjects/d/versions/2", None, 200, 2),
        ("GET", "/subjects/d/versions", None, 200, [1]),
        ("GET", "/subjects/d/versions?deleted=true", None, 200, [1, 2]),
        ("GET", "/subjects/d/versions?deletedOnly=true", None, 200, [2]),
        ("GET", "/subjects/d/versions?deletedAsNegative=true", None, 200, [1, -2]),
        ("GET", "/subjects/d/versions?deleted=true&offset=0&limit=1", None, 200, [1]),
        ("GET", "/subjects/d/versions?deleted=", None, 200, [1]),
        ("GET", "/subjects/d/versions/2", None, 404, 40402),
        ("GET", "/subjects/d/versions/2?deleted=true", None, 200, {"deleted": True}),
        ("GET", "/schemas/ids/2", None, 200, {"schema": P2}),
        ("POST", "/subjects/d", body(P2), 404, 40403),
        ("POST", "/subjects/d?deleted=true", body(P2), 200, {"version": 2, "deleted": True}),
        ("DELETE", "/subjects/d/versions/2", None, 404, 40406),
        ("DELETE", "/subjects/d/versions/2?permanent=true", None, 200, 2),
        ("DELETE", "/subjects/d/versions/2?permanent=true", None, 404, 40402),
        ("GET", "/subjects/d/versions/2?deleted=true", None, 404, 40402),
        ("GET", "/schemas/ids/2", None, 404, 40403),
        ("DELETE", "/subjects/d/versions/latest", None, 200, 1),
        ("GET", "/subjects/d/versions", None, 404, 40401),
        ("GET", "/subjects/d/versions/latest", None, 404, 40401),
        ("DELETE", "/subjects/none/versions/1", None, 404, 40401),
        ("DELETE", "/subjects/none/versions/x", None, 422, 42202),
    ])


def test_registering_again_after_deleting(fresh):
    run(fresh, [
        ("POST", "/subjects/again/versions", body(P1), 200, {"id": 1}),
        ("POST", "/subjects/again/versions", body(P2), 200, {"id": 2}),
        ("DELETE", "/subjects/again/versions/1", None, 200, 1),
        ("DELETE", "/subjects/again/versions/2", None, 200, 2),
        ("POST", "/subjects/again/versions", body(P1), 200, {"id": 1, "version": 3}),
        ("GET", "/subjects/again/versions", None, 200, [3]),
        ("POST", "/subjects/again/versions", body(P1), 200, {"id": 1, "version": 3}),
        ("GET", "/subjects/again/versions?deleted=true", None, 200, [2, 3]),
    ])


def test_deleting_subjects(fresh):
    run(fresh, [
        ("DELETE", "/subjects/s", None, 404, 40401),
        ("DELETE", "/subjects/s?permanent=true", None, 404, 40401),
        ("POST", "/subjects/s/versions", body(P1), 200, None),
        ("POST", "/subjects/s/versions", body(P2), 200, None),
        ("PUT", "/config/s", {"compatibility": "FULL"}, 200, None),
        ("DELETE", "/subjects/s?permanent=true", None, 404, 40405),
        ("DELETE", "/subjects/s", None, 200, [1, 2]),
        ("DELETE", "/subjects/s", None, 404, 40404),
        ("GET", "/subjects/s/versions/latest", None, 404, 40401),
        ("GET", "/subjects", None, 200, []),
        ("GET", "/subjects?deleted=true", None, 200, ["s"]),
        ("GET", "/subjects?deletedOnly=true", None, 200, ["s"]),
        ("GET", "/config/s", None, 200, {"compatibilityLevel": "FULL"}),
        ("POST", "/subjects/s/versions", body(P1), 200, {"version": 3}),
        ("POST", "/subjects/s/versions", body(P2), 200, {"version": 4}),
        ("GET", "/subjects/s/versions", None, 200, [3, 4]),
        ("GET", "/subjects/s/versions/1", None, 404, 40402),
        ("GET", "/subjects?deletedOnly=true", None, 200, []),
        ("DELETE", "/subjects/s", None, 200, [3, 4]),
        ("DELETE", "/subjects/s?permanent=true", None, 200, [3, 4]),
        ("POST", "/subjects/s?deleted=true", body(P1), 404, 40401),
        ("GET", "/config/s", None, 404, 40408),
        ("POST", "/subjects/s/versions", body(P1), 200, {"version": 1}),
    ])


def test_a_subject_that_refers_to_itself(fresh):
    first = 'syntax = "proto3";\npackage self.one;\nmessage A {}\n'
    second = 'syntax = "proto3";\npackage self.two;\nimport "self.proto";\nmessage B {\n  self.one.A a = 1;\n}\n'
    fresh.put("/config/self.proto", {"compatibility": "NONE"})
    run(fresh, [
        ("POST", "/subjects/self.proto/versions", body(first), 200, None),
        ("POST", "/subjects/self.proto/versions", body(second, [ref("self.proto", "self.proto", 1)]), 200, {"version": 2}),
        ("GET", "/subjects/self.proto/versions/2?format=serialized", None, 200, None),
        ("DELETE", "/subjects/self.proto", None, 200, [1, 2]),
        ("DELETE", "/subjects/self.proto?permanent=true", None, 200, [1, 2]),
    ])


def test_who_has_an_id(fresh):
    run(fresh, [
        ("POST", "/subjects/a/versions", body(P1), 200, None),
        ("POST", "/subjects/b/versions", body(P1), 200, None),
        ("GET", "/schemas/ids/1/subjects", None, 200, ["a", "b"]),
        ("DELETE", "/subjects/a", None, 200, [1]),
        ("GET", "/schemas/ids/1/subjects", None, 200, ["b"]),
        ("GET", "/schemas/ids/1/subjects?deleted=true", None, 200, ["a", "b"]),
        ("GET", "/schemas/ids/1/subjects?offset=1&limit=1", None, 200, []),
        ("GET", "/schemas/ids/1/subjects?subject=b", None, 200, ["b"]),
        ("GET", "/schemas/ids/1/versions", None, 200, [{"subject": "b", "version": 1}]),
        ("POST", "/subjects/c/versions", body(P2), 200, {"id": 2}),
        ("GET", "/schemas/ids/1?fetchMaxId=true", None, 200, {"maxId": 2, "schema": P1}),
        ("GET", "/schemas/ids/1?subject=b&fetchMaxId=false", None, 200, {"subject": "b", "version": 1, "schema": P1}),
        ("GET", "/schemas/ids/1?subject=", None, 200, {"schema": P1}),
    ])
    assert "maxId" not in fresh.get("/schemas/ids/1").json
    assert "subject" not in fresh.get("/schemas/ids/1").json


def test_guids(registry):
    id = registry.register("guids", P1).json["id"]
    guid = registry.get("/subjects/guids/versions/1").json["guid"]
    got = registry.get(f"/schemas/guids/{guid}").json
    assert got["schema"] == P1 and got["guid"] == guid and "subject" not in got and "version" not in got
    assert registry.get(f"/schemas/guids/{guid}/ids").json == [{"context": ".", "id": id}]
    assert registry.get("/schemas/guids/nonsense").code == 40403
    assert registry.get("/schemas/guids/00000000-0000-0000-0000-000000000000").code == 40403
    assert registry.get("/schemas/guids/00000000-0000-0000-0000-000000000000/ids").json == []


def test_guids_are_confluents(fresh):
    """MD5 over the canonical text: the vectors were computed by that rule, outside of this code."""
    text = 'syntax = "proto3";\npackage com.example;\n\nmessage Message1 {\n  string f1 = 1;\n  string f2 = 2;\n}\n'
    assert fresh.register("g", text).json["guid"] == "f4c85dbe-fd91-37ff-842c-bd66ab38c3d2"
    got = fresh.register("g2", text, metadata={"properties": {"confluent:version": "2"}}, version=0)
    assert got.status == 200


def test_contexts(fresh):
    run(fresh, [
        ("POST", "/contexts/.ctx1/subjects/t/versions", body(P1), 200, {"id": 1}),
        ("POST", "/subjects/:.ctx2:t/versions", body(P2), 200, {"id": 1}),
        ("GET", "/contexts", None, 200, [".", ".ctx1", ".ctx2"]),
        ("GET", "/contexts?offset=1&limit=1", None, 200, [".ctx1"]),
        ("GET", "/contexts?contextPrefix=.ctx", None, 200, [".ctx1", ".ctx2"]),
        ("GET", "/contexts/.ctx1/subjects", None, 200, [":.ctx1:t"]),
        ("GET", "/contexts/ctx1/subjects", None, 200, [":.ctx1:t"]),
        ("GET", "/subjects", None, 200, [":.ctx1:t", ":.ctx2:t"]),
        ("GET", "/subjects?subjectPrefix=:.ctx2:", None, 200, [":.ctx2:t"]),
        ("GET", "/subjects?subjectPrefix=t", None, 200, []),
        ("GET", "/schemas/ids/1", None, 404, 40403),
        ("GET", "/contexts/.ctx1/schemas/ids/1", None, 200, {"schema": P1}),
        ("GET", "/schemas/ids/1?subject=:.ctx2:", None, 200, {"schema": P2}),
        ("GET", "/schemas/ids/1?subject=t", None, 200, {"schema": P1, "subject": ":.ctx1:t"}),
        ("GET", "/subjects/:.ctx1:t/versions", None, 200, [1]),
        ("GET", "/contexts/.ctx1/subjects/t/versions/1", None, 200, {"subject": ":.ctx1:t"}),
        ("GET", "/subjects/t/versions", None, 404, 40401),
        ("POST", "/subjects/t", body(P2), 404, None),
        ("POST", "/subjects/:.ctx2:t", body(P2), 200, {"subject": ":.ctx2:t"}),
        ("PUT", "/contexts/.ctx1/config", {"compatibility": "NONE"}, 200, None),
        ("GET", "/config/:.ctx1:", None, 200, {"compatibilityLevel": "NONE"}),
        ("GET", "/config", None, 200, {"compatibilityLevel": "BACKWARD"}),
        ("DELETE", "/contexts/.ctx1", None, 422, 42211),
        ("DELETE", "/subjects/:.ctx1:t", None, 200, [1]),
        ("DELETE", "/contexts/.ctx1", None, 422, 42211),
        ("DELETE", "/subjects/:.ctx1:t?permanent=true", None, 200, [1]),
        ("DELETE", "/contexts/.ctx1", None, 204, None),
        ("GET", "/contexts", None, 200, [".", ".ctx2"]),
        ("GET", "/contexts/a:b/subjects", None, 400, 400),
        ("POST", "/subjects/:.:x/versions", body(P1), 200, {"id": 1}),
        ("GET", "/subjects/x/versions", None, 200, [1]),
    ])


def test_lists(fresh):
    for subject, texts in {"x1": (P1, P2), "x2": (P1,), "y": (P3,)}.items():
        for text in texts:
            fresh.register(subject, text)
    fresh.delete("/subjects/x1/versions/1")
    rows = lambda query: [(s["subject"], s["version"], s["deleted"]) for s in fresh.get(f"/schemas{query}").json]
    assert rows("") == [("x1", 2, False), ("x2", 1, False), ("y", 1, False)]
    assert rows("?subjectPrefix=x&deleted=true") == [("x1", 1, True), ("x1", 2, False), ("x2", 1, False)]
    assert rows("?latestOnly=true&subjectPrefix=x") == [("x1", 2, False), ("x2", 1, False)]
    assert rows("?offset=1&limit=1") == [("x2", 1, False)]
    assert rows("?limit=5000") == rows("")
    assert all(s["ts"] and s["schema"] and s["semver"] and s["state"] == "ACTIVE" for s in fresh.get("/schemas").json)
    assert fresh.get("/subjects?subjectPrefix=x").json == ["x1", "x2"]
    assert fresh.get("/subjects?offset=1&limit=1").json == ["x2"]
    assert fresh.get("/subjects?offset=-1&limit=-5").json == ["x1", "x2", "y"]


def test_server_metadata_and_associations(registry):
    got = registry.get("/v1/metadata/id").json
    assert got["id"] == "" and got["scope"]["path"] == [] and "kafka-cluster" in got["scope"]["clusters"]
    assert registry.get("/v1/metadata/version").json["version"]
    assert registry.get("/v1/metadata/deployment").json == {"attributes": []}
    for path in ("/associations/resources/-/topic?resourceType=topic&associationType=value",
                 "/associations/resources/lkc-1", "/associations/subjects/s"):
        assert registry.get(path).json == [], path


def test_too_large(tmp_path):
    from conftest import Server
    server = Server(tmp_path, "--schema-bytes", "2000")
    assert server.register("large", P1 + "// " + "x" * 3000).code == 42209
    assert server.register("large", P1).status == 200
    server.stop()


# --- traps: each was a bug of some registry once ----------------------------------------------------


def incompatible(registry, subject, old, new):
    assert registry.register(subject, old).status == 200
    return not registry.post(f"/compatibility/subjects/{subject}/versions/latest", body(new)).json["is_compatible"]


def proto3(members, more=""):
    return f'syntax = "proto3";\npackage trap;\n\nmessage M {{\n{members}\n}}\n{more}'


@pytest.mark.parametrize("label, old, new, refused", [
    ("a map goes", proto3("  string a = 1;\n  map<string, string> m = 2;"), proto3("  string a = 1;"), False),
    ("a message called XEntry is no map", proto3("  message XEntry {\n    string key = 1;\n  }\n  repeated XEntry x = 1;"),
     proto3("  repeated string x = 1;"), True),
    ("optional comes", proto3("  string a = 1;"), proto3("  optional string a = 1;"), False),
    ("relative and absolute names", proto3("  N n = 1;", "message N {}\n"), proto3("  .trap.N n = 1;", "message N {}\n"), False),
    ("recursive", proto3("  M m = 1;"), proto3("  M m = 1;\n  string a = 2;"), False),
    ("mutually recursive", proto3("  N n = 1;", "message N {\n  M m = 1;\n}\n"),
     proto3("  N n = 1;", "message N {\n  M m = 1;\n  int32 i = 2;\n}\n"), False),
    ("a reserved number is not an index", proto3("  string a = 1;\n  string b = 2;"), proto3("  reserved 1;\n  string b = 2;"), False),
    ("no syntax is proto2", "package trap;\nmessage M {\n  optional string a = 1;\n}\n",
     "package trap;\nmessage M {\n  optional string a = 1;\n  required string b = 2;\n}\n", True),
    ("a field comes", proto3("  string a = 1;"), proto3("  string a = 1;\n  string b = 2;"), False),
    ("an enum value comes", proto3("  E e = 1;", "enum E {\n  A = 0;\n}\n"), proto3("  E e = 1;", "enum E {\n  A = 0;\n  B = 1;\n}\n"), False),
    ("an enum value goes", proto3("  E e = 1;", "enum E {\n  A = 0;\n  B = 1;\n}\n"), proto3("  E e = 1;", "enum E {\n  A = 0;\n}\n"), False),
    ("optional in what stands for one", proto3("  optional string a = 1;\n  optional int32 b = 2;"), proto3("  optional string a = 1;"), False),
    ("the package changes", proto3("  string a = 1;"), proto3("  string a = 1;").replace("package trap", "package other"), True),
])
def test_traps_of_compatibility(registry, label, old, new, refused):
    subject = "trap-" + re.sub(r"\W+", "-", label)
    assert incompatible(registry, subject, old, new) is refused


@pytest.mark.parametrize("label, text", [
    ("a block comment with a blank line", 'syntax = "proto3";\n/* one\n\n two */\nmessage M {}\n'),
    ("editions", 'edition = "2023";\npackage ed;\nmessage M {\n  string a = 1;\n}\n'),
    ("options of options", 'syntax = "proto2";\nimport "google/protobuf/descriptor.proto";\nmessage O {\n  optional P p = 1;\n'
     '  extensions 100 to max;\n}\nmessage P {\n  optional int32 x = 1;\n  optional int32 y = 2;\n}\nextend O {\n  optional P q = 100;\n}\n'
     'extend google.protobuf.FieldOptions {\n  optional O o = 50001;\n}\nmessage M {\n'
     '  optional string a = 1 [(o).p.x = 1, (o).p.y = 2, (o).(q).x = 3];\n}\n'),
])
def test_traps_of_parsing(registry, label, text):
    subject = "parse-" + re.sub(r"\W+", "-", label)
    got = registry.register(subject, text)
    assert got.status == 200, (label, got)
    assert registry.get(f"/subjects/{subject}/versions/1").json["schema"] == text
    id = got.json["id"]
    assert registry.register(subject + "-n", text, query="?normalize=true").json["id"] == id, label
    serialized = registry.get(f"/schemas/ids/{id}?format=serialized").json["schema"]
    assert registry.register(subject + "-s", serialized).json["id"] == id, label


def test_a_map_and_its_expanded_entry(registry, descriptor_of):
    """Only a descriptor spells entries out: one schema in both forms, and compatible both ways."""
    text = proto3("  map<string, int32> counts = 1;\n  map<int32, M> more = 2;")
    descriptor = descriptor_of(text, "map.proto")
    registry.put("/config/map", {"compatibility": "FULL"})
    first = registry.register("map", text).json
    assert registry.post("/compatibility/subjects/map/versions/latest", body(descriptor)).json == {"is_compatible": True}
    assert registry.register("map", descriptor).json["id"] == first["id"]
    registry.put("/config/map2", {"compatibility": "FULL"})
    assert registry.register("map2", descriptor).json["id"] == first["id"]
    assert registry.post("/compatibility/subjects/map2/versions/latest", body(text)).json == {"is_compatible": True}
    other = proto3("  map<string, string> counts = 1;\n  map<int32, M> more = 2;")
    assert registry.post("/compatibility/subjects/map2/versions/latest", body(other)).json == {"is_compatible": False}


@pytest.mark.parametrize("level, fits", [("FORWARD", True), ("BACKWARD", True), ("FULL", True)])
def test_a_field_that_comes_fits_every_level(registry, level, fits):
    registry.put(f"/config/comes-{level}", {"compatibility": level})
    assert registry.register(f"comes-{level}", P1).status == 200
    assert (registry.register(f"comes-{level}", P2).status == 200) is fits


def test_a_type_whose_import_is_missing(registry):
    registry.register("lost/base", 'syntax = "proto3";\npackage lost;\nmessage Base {}\n')
    text = 'syntax = "proto3";\npackage lost;\nmessage Top {\n  Base b = 1;\n}\n'
    for references in ((), [ref("base.proto", "lost/base", 1)]):
        got = registry.register("lost/top", text, references)
        assert got.code == 42201 and '"Base" is not defined' in got.json["message"] and got.json["details"]["line"] == 4, got


def test_two_versions_of_one_import(registry):
    """The same path, bound to two versions by two references: what the request names itself wins."""
    base = 'syntax = "proto3";\npackage dia;\nmessage Base {\n  string a = 1;\n}\n'
    registry.register("dia/base", base)
    registry.register("dia/base", base.replace("string a = 1;", "string a = 1;\n  string b = 2;"))
    middle = 'syntax = "proto3";\npackage dia;\nimport "base.proto";\nmessage Middle%d {\n  Base b = 1;\n}\n'
    registry.register("dia/one", middle % 1, [ref("base.proto", "dia/base", 1)])
    registry.register("dia/two", middle % 2, [ref("base.proto", "dia/base", 2)])
    top = ('syntax = "proto3";\npackage dia;\nimport "one.proto";\nimport "two.proto";\nmessage Top {\n  Middle1 a = 1;\n'
           '  Middle2 b = 2;\n}\n')
    got = registry.register("dia/top", top, [ref("one.proto", "dia/one", 1), ref("two.proto", "dia/two", 1)])
    assert got.status == 200, got
    assert registry.get("/subjects/dia%2Ftop/versions/1?format=serialized").status == 200


def test_a_long_chain_of_imports(registry):
    registry.register("chain/0", 'syntax = "proto3";\npackage chain;\nmessage M0 {}\n')
    for i in range(1, 60):
        text = f'syntax = "proto3";\npackage chain;\nimport "{i - 1}.proto";\nmessage M{i} {{\n  M{i - 1} m = 1;\n}}\n'
        got = registry.register(f"chain/{i}", text, [ref(f"{i - 1}.proto", f"chain/{i - 1}", 1)])
        assert got.status == 200, got
    assert registry.get("/subjects/chain%2F59/versions/1?format=serialized").status == 200


def test_many_at_once(registry):
    """Eight writers of one subject: every version is there once, and nobody is told twice."""
    import threading
    answers = []

    def write(i):
        for n in range(8):
            text = f'syntax = "proto3";\npackage many;\nmessage M {{\n  string f{i}_{n} = {i * 100 + n + 1};\n}}\n'
            while (got := registry.register("many", text, query="?force=true")).status == 409:
                assert got.code == 40990, got
            answers.append(got)

    threads = [threading.Thread(target=write, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(a.status == 200 for a in answers), answers
    assert sorted(a.json["version"] for a in answers) == list(range(1, 65))
    assert registry.get("/subjects/many/versions").json == list(range(1, 65))


@pytest.mark.parametrize("level", ["BACKWARD", "FULL_TRANSITIVE"])
def test_many_at_once_only_make_what_fits(registry, level):
    """Writers that contradict each other: whatever came first, what is there then fits."""
    import threading
    subject = f"fits-{level}"
    registry.put(f"/config/{subject}", {"compatibility": level})
    answers = []

    def write(i):
        for n in range(6):
            kinds = ("string", "int32", "double", "sint64")
            members = "".join(f"  {kinds[(i + k * n) % 4]} f{k} = {k};\n" for k in range(1, 2 + (i + n) % 3))
            text = f'syntax = "proto3";\npackage fits;\n\nmessage M {{\n{members}}}\n'
            while (got := registry.register(subject, text)).code == 40990:
                pass
            answers.append(got.status)

    threads = [threading.Thread(target=write, args=(i,)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {200, 409}
    versions = registry.get(f"/subjects/{subject}/versions").json
    texts = [registry.get(f"/subjects/{subject}/versions/{v}").json["schema"] for v in versions]
    for later in range(1, len(versions)):
        for earlier in range(later) if level == "FULL_TRANSITIVE" else [later - 1]:
            got = registry.post(f"/compatibility/subjects/{subject}/versions/{versions[earlier]}?verbose=true", body(texts[later]))
            assert got.json["is_compatible"] is True, (versions[earlier], versions[later], got)


def test_everything_is_there_after_a_restart(fresh):
    fresh.register("r/ref", REF)
    fresh.register("r/root", 'syntax = "proto3";\nimport "ref.proto";\nmessage R {\n  com.ref.ReferencedMessage m = 1;\n}\n',
                   [ref("ref.proto", "r/ref", 1)], metadata={"properties": {"a": "b"}})
    fresh.register("r/gone", P1)
    fresh.delete("/subjects/r%2Fgone")
    fresh.register(":.ctx:t", P2)
    fresh.put("/config/r%2Fref", {"compatibility": "FULL"})
    fresh.put("/mode/r%2Fref", {"mode": "READONLY"})
    paths = ["/schemas?deleted=true", "/subjects?deleted=true", "/contexts", "/config/r%2Fref", "/mode/r%2Fref",
             "/schemas/ids/2", "/subjects/r%2Fref/versions/1/referencedby", "/subjects/r%2Froot/versions/1?format=serialized",
             "/schemas?subjectPrefix=:.ctx:"]
    before = [fresh.get(path).json for path in paths]
    fresh.stop()
    fresh.start()
    assert [fresh.get(path).json for path in paths] == before
    assert fresh.register("r/new", P3).json["id"] == 4
