"""Our own API: pushes, releases, native registrations, generated code; and the examples of /docs."""
import gzip
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import urllib.parse

import pytest

from conftest import ROOT, STELE, Server

BASE = 'syntax = "proto3";\npackage shop.v1;\n\n// What all have.\nmessage Base {\n  string tenant_id = 1;\n}\n'
ORDER = ('syntax = "proto3";\npackage shop.v1;\n\nimport "shop/base.proto";\nimport "google/protobuf/timestamp.proto";\n\n'
         'message Order {\n  Base base = 1;\n  string id = 2;\n  google.protobuf.Timestamp at = 3;\n}\n')
TREE = {"shop/base.proto": BASE, "shop/order.proto": ORDER}


def files(tree):
    return [{"path": path, "content": content} for path, content in tree.items()]


def push(server, tree, status=200, **fields):
    got = server.post("/push", {"files": files(tree), **fields})
    assert got.status == status, got
    return got.json


def by_path(answer):
    return {f["path"]: f for f in answer["files"]}


def tar(tree, compress=""):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for path, content in tree.items():
            info = tarfile.TarInfo(path)
            info.size = len(content.encode())
            archive.addfile(info, io.BytesIO(content.encode()))
    data = out.getvalue()
    if compress == "gzip":
        return gzip.compress(data)
    if compress == "zstd":
        return subprocess.run(["zstd", "-q"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


# --- pushing ----------------------------------------------------------------------------------------


def test_a_first_push(fresh):
    got = push(fresh, TREE)
    assert (got["release"], got["semver"], got["class"], got["dry_run"], got["repeated"]) == (1, "1.0.0", "minor", False, False)
    assert {p: (f["subject"], f["status"], f["version"], f["semver"]) for p, f in by_path(got).items()} == {
        path: (path, "created", 1, "1.0.0") for path in TREE}
    assert by_path(got)["shop/base.proto"]["id"] == 1, "imports come first"
    order = fresh.get("/subjects/shop%2Forder.proto/versions/1").json
    assert order["schema"] == ORDER, "comments and all"
    assert order["references"] == [{"name": "shop/base.proto", "subject": "shop/base.proto", "version": 1}]
    assert fresh.get("/subjects").json == sorted(TREE)
    release = fresh.get("/releases").json[0]
    assert (release["release"], release["semver"]) == (1, "1.0.0")
    assert [f["subject"] for f in release["files"]] == sorted(TREE)


def test_pushing_the_same_again(fresh):
    push(fresh, TREE)
    got = push(fresh, TREE)
    assert (got["release"], got["class"]) == (1, "none")
    assert {f["status"] for f in got["files"]} == {"unchanged"}
    assert len(fresh.get("/releases").json) == 1


@pytest.mark.parametrize("label, path, change, cls, semver, version, same_id", [
    ("a comment", "shop/base.proto", ("// What", "// Still what"), "patch", "1.0.1", 2, True),
    ("a field", "shop/base.proto", ("1;\n}", "1;\n  string b = 2;\n}"), "minor", "1.1.0", 2, False),
    ("deprecated", "shop/order.proto", ("string id = 2", "string id = 2 [deprecated = true]"), "minor", "1.1.0", 2, False),
    ("a name", "shop/base.proto", ("tenant_id", "tenant"), "major", "2.0.0", 2, False),
    ("white space", "shop/base.proto", ("  string", "    string"), "patch", "1.0.1", 2, True),
])
def test_classes(fresh, label, path, change, cls, semver, version, same_id):
    first = by_path(push(fresh, TREE))
    got = push(fresh, {**TREE, path: TREE[path].replace(*change)})
    changed = by_path(got)[path]
    assert (changed["status"], changed["class"], changed["semver"], changed["version"]) == ("changed", cls, semver, version)
    assert (changed["id"] == first[path]["id"]) is same_id
    assert (got["release"], got["class"]) == (2, cls)
    assert got["semver"] == {"patch": "1.0.1", "minor": "1.1.0", "major": "2.0.0"}[cls]
    assert bool(changed["findings"]) is (label not in ("a comment", "white space"))
    assert fresh.get(f"/subjects/{path.replace('/', '%2F')}/versions/1").json["schema"] == TREE[path]


def test_an_import_that_changes_moves_those_who_import_it(fresh):
    push(fresh, TREE)
    got = by_path(push(fresh, {**TREE, "shop/base.proto": BASE.replace("1;\n}", "1;\n  string b = 2;\n}")}))
    assert got["shop/order.proto"]["status"] == "changed"
    assert fresh.get("/subjects/shop%2Forder.proto/versions/latest").json["references"][0]["version"] == 2
    got = by_path(push(fresh, {**TREE, "shop/base.proto": BASE.replace("1;\n}", "1;\n  string b = 2;\n}") + "// end\n"}))
    assert got["shop/base.proto"]["status"] == "changed"
    assert got["shop/order.proto"]["status"] == "unchanged", "a comment in an import changes nothing for others"


def test_first_versions_by_package(fresh):
    got = by_path(push(fresh, {"a.proto": 'syntax = "proto3";\npackage x.v3;\nmessage A {}\n',
                               "b.proto": 'syntax = "proto3";\npackage x.v3beta;\nmessage B {}\n',
                               "c.proto": 'syntax = "proto3";\nmessage C {}\n'}))
    assert [got[p]["semver"] for p in ("a.proto", "b.proto", "c.proto")] == ["3.0.0", "1.0.0", "1.0.0"]


def test_a_file_that_is_absent_stays(fresh):
    push(fresh, TREE)
    push(fresh, {"shop/base.proto": BASE + "// more\n"})
    assert fresh.get("/subjects").json == sorted(TREE)
    extra = 'syntax = "proto3";\npackage shop.v1;\nimport "shop/order.proto";\nmessage Cart {\n  repeated Order orders = 1;\n}\n'
    push(fresh, {"shop/cart.proto": extra})
    references = fresh.get("/schemas/shop%2Fcart.proto").json["references"]
    assert references == [{"name": "shop/order.proto", "subject": "shop/order.proto", "version": 1}]


def test_removing(fresh):
    push(fresh, TREE)
    assert push(fresh, {}, 422, removed=["shop/base.proto"])["error_code"] == 42206
    assert push(fresh, {}, 404, removed=["shop/none.proto"])["error_code"] == 40401
    assert push(fresh, {"shop/order.proto": ORDER}, 422, removed=["shop/base.proto"])["error_code"] == 42201
    alone = ORDER.replace('import "shop/base.proto";\n', "").replace("  Base base = 1;\n", "")
    fresh.put("/config", {"compatibility": "NONE"})
    got = push(fresh, {"shop/order.proto": alone}, removed=["shop/base.proto"])
    assert (got["semver"], got["class"]) == ("2.0.0", "major")
    assert by_path(got)["shop/base.proto"]["status"] == "removed"
    assert fresh.get("/subjects").json == ["shop/order.proto"]
    assert fresh.get("/subjects?deleted=true").json == sorted(TREE)
    got = push(fresh, TREE)
    assert by_path(got)["shop/base.proto"]["version"] == 2


def test_all_or_nothing(fresh):
    push(fresh, TREE)
    bad = {"shop/base.proto": BASE.replace("string tenant_id", "int32 tenant_id"), "shop/new.proto": 'syntax = "proto3";\n'}
    got = push(fresh, bad, 409)
    assert got["error_code"] == 40901 and got["details"]["name"] == "Compatibility_Error"
    finding = got["details"]["findings"][0]
    assert finding["rule"] == "FIELD_SCALAR_KIND_CHANGED" and finding["file"] == "shop/base.proto"
    assert (finding["line"], finding["column"], finding["against"]) == (6, 3, 1) and finding["hint"]
    got = push(fresh, {"shop/new.proto": "nonsense", "shop/base.proto": BASE + "//\n"}, 422)
    assert got["error_code"] == 42201 and got["details"]["file"] == "shop/new.proto" and got["details"]["line"] == 1
    assert fresh.get("/subjects").json == sorted(TREE)
    assert fresh.get("/subjects/shop%2Fbase.proto/versions").json == [1]
    assert len(fresh.get("/releases").json) == 1


def test_dry_runs(fresh):
    got = push(fresh, TREE, dry_run=True)
    assert got["dry_run"] and "release" not in got and got["semver"] == "1.0.0"
    assert all("id" not in f and f["status"] == "created" for f in got["files"])
    assert fresh.get("/subjects").json == [] and fresh.get("/releases").json == []
    push(fresh, TREE)
    got = push(fresh, {**TREE, "shop/base.proto": BASE + "// x\n"}, dry_run=True)
    assert by_path(got)["shop/base.proto"]["class"] == "patch" and by_path(got)["shop/base.proto"]["id"] == 1
    assert len(fresh.get("/releases").json) == 1


def test_idempotency_keys(fresh):
    first = push(fresh, TREE, idempotency_key="k1")
    assert not first["repeated"]
    push(fresh, {"shop/base.proto": BASE + "// later\n"})
    again = push(fresh, TREE, idempotency_key="k1")
    assert again["repeated"] and again["release"] == first["release"]
    assert [(f["path"], f["version"], f["id"]) for f in again["files"]] == [(f["path"], f["version"], f["id"]) for f in first["files"]]
    assert push(fresh, {"other.proto": BASE}, 422, idempotency_key="k1")["error_code"] == 42290
    assert len(fresh.get("/releases").json) == 2
    got = fresh.post("/push", {"files": files({"h.proto": 'syntax = "proto3";\n'})}, headers={"Idempotency-Key": "k2"}).json
    assert fresh.get("/releases").json[0]["idempotency_key"] == "k2" and got["release"] == 3


def test_base_release(fresh):
    push(fresh, TREE)
    push(fresh, {"shop/base.proto": BASE + "// 2\n"}, base_release=1)
    got = push(fresh, {"shop/base.proto": BASE + "// 3\n"}, 409, base_release=1)
    assert got["error_code"] == 40991 and "2" in got["message"]


@pytest.mark.parametrize("compress, content_type", [
    ("", "application/x-tar"), ("gzip", "application/gzip"), ("zstd", "application/zstd"), ("gzip", "application/octet-stream")])
def test_archives(fresh, compress, content_type):
    data = tar({**TREE, "stele.yaml": "rules: []\n", "README.md": "hi"}, compress)
    got = fresh.request("POST", "/push?commit=abc123", data, {"Content-Type": content_type})
    assert got.status == 200 and sorted(by_path(got.json)) == sorted(TREE), got
    assert fresh.get("/releases").json[0]["commit"] == "abc123"
    assert fresh.request("POST", "/push?dry_run=true&removed=shop/order.proto", tar({"shop/base.proto": BASE}, compress),
                         {"Content-Type": content_type}).json["class"] == "major"


@pytest.mark.parametrize("label, data, code", [
    ("no tar", b"\x1f\x8bnot a tar", 42293), ("a link", None, 42293), ("a path that leaves", tar({"../x.proto": BASE}), 42293),
    ("empty", b"", 422),
])
def test_archives_that_are_none(registry, label, data, code):
    if data is None:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            info = tarfile.TarInfo("a.proto")
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(info)
        data = out.getvalue()
    got = registry.request("POST", "/push", data, {"Content-Type": "application/x-tar"})
    assert (got.status, got.code) == (422, code), (label, got)


@pytest.mark.parametrize("path", ["/abs.proto", "a/../b.proto", "a.txt", ".proto", "a//b.proto", "a\\b.proto", ""])
def test_paths(registry, path):
    assert push(registry, {path: BASE}, 422)["error_code"] == 42294


def test_wrong_shapes(registry):
    for sent in ({"files": {}}, {"files": [{"path": 1}]}, {"files": [{"path": "a.proto"}]}, {"removed": "x"}, {"base_release": "1"}):
        assert registry.post("/push", sent).code == 400, sent
    assert registry.post("/push", {"files": files({"a.proto": BASE}) * 2}).code == 42294


def test_a_tree_that_brings_its_own_built_in_files(fresh):
    """As the platform's own tree does with stele/options.proto."""
    options = (ROOT / "schemas/stele/options.proto").read_text()
    user = 'syntax = "proto3";\nimport "stele/options.proto";\nmessage M {\n  string a = 1 [(stele.max_len) = 3];\n}\n'
    got = by_path(push(fresh, {"stele/options.proto": options, "m.proto": user}))
    assert got["m.proto"]["status"] == "created"
    assert fresh.get("/schemas/m.proto").json["references"][0]["name"] == "stele/options.proto"


def test_tenants(fresh):
    got = fresh.post("/contexts/.acme/push", {"files": files(TREE)}).json
    assert got["release"] == 1
    assert fresh.get("/contexts/.acme/releases").json[0]["release"] == 1
    assert fresh.get("/releases").json == []
    assert fresh.get("/contexts/.acme/subjects").json == [f":.acme:{p}" for p in sorted(TREE)]


def test_modes_and_levels(fresh):
    push(fresh, TREE)
    fresh.put("/mode/shop%2F*", {"mode": "READONLY"})
    assert push(fresh, {**TREE, "shop/base.proto": BASE + "//\n"}, 422)["error_code"] == 42205
    assert push(fresh, TREE)["class"] == "none", "repeating is always safe"
    fresh.delete("/mode/shop%2F*")
    breaking = {**TREE, "shop/base.proto": BASE.replace("string tenant_id", "int32 tenant_id")}
    fresh.put("/config/shop%2Fbase.proto", {"compatibility": "NONE"})
    assert push(fresh, breaking, 409)["details"]["rule"] == "FIELD_NAMED_TYPE_CHANGED", "who imports it breaks too"
    fresh.put("/config/shop%2F*", {"compatibility": "NONE"})
    got = push(fresh, breaking)
    assert got["class"] == "major"


# --- one subject ------------------------------------------------------------------------------------


def test_native_registration(fresh):
    push(fresh, {"shop/base.proto": BASE})
    path = "/schemas/shop%2Forder.proto"
    got = fresh.post(path + "?dry_run=true", {"content": ORDER}).json
    assert (got["status"], got["version"], got["semver"], got["dry_run"]) == ("created", 1, "1.0.0", True) and "id" not in got
    got = fresh.post(path, {"content": ORDER}).json
    assert (got["status"], got["version"], got["id"], got["class"]) == ("created", 1, 2, "minor")
    assert got["references"] == [{"name": "shop/base.proto", "subject": "shop/base.proto", "version": 1}]
    got = fresh.post(path, {"content": ORDER}).json
    assert (got["status"], got["version"], got["class"]) == ("unchanged", 1, "none")
    got = fresh.post(path, {"schema": ORDER + "// more\n", "schemaType": "PROTOBUF"}).json
    assert (got["version"], got["id"], got["class"], got["semver"]) == (2, 2, "patch", "1.0.1")
    got = fresh.post(path, {"content": ORDER}).json
    assert (got["version"], got["id"]) == (3, 2), "back to the first text is a version too"
    versions = fresh.get(path + "/versions").json
    assert [(v["version"], v["id"], v["semver"], v["state"]) for v in versions] == [
        (1, 2, "1.0.0", "ACTIVE"), (2, 2, "1.0.1", "ACTIVE"), (3, 2, "1.0.2", "ACTIVE")]
    assert all("schema" not in v for v in versions)
    newest = fresh.get(path).json
    assert newest["version"] == 3 and newest["schema"] == ORDER
    assert fresh.get("/schemas/ids/2").json["schema"] == ORDER, "the text first stored under the id, for ever"


def test_native_refusals(fresh):
    fresh.post("/schemas/s.proto", {"content": BASE})
    got = fresh.post("/schemas/s.proto", {"content": BASE.replace("string tenant_id", "int32 tenant_id")})
    assert (got.status, got.code) == (409, 40901)
    details = got.json["details"]
    assert details["name"] == "Compatibility_Error" and details["file"] == "s.proto" and details["line"] == 6
    assert details["rule"] and details["column"] and details["hint"]
    got = fresh.post("/schemas/s.proto/compatibility", {"content": BASE.replace("string tenant_id", "int32 tenant_id")}).json
    assert got["is_compatible"] is False and got["findings"][0]["against"] == 1
    assert fresh.post("/schemas/s.proto/compatibility", {"content": BASE + "//\n"}).json["is_compatible"] is True
    got = fresh.post("/schemas/s.proto", {"content": 'syntax = "proto3";\nimport "none.proto";\n'})
    assert (got.code, got.json["details"]["name"]) == (42201, "Invalid_Schema")
    assert fresh.get("/schemas/none.proto").code == 40401


def test_native_deletion(fresh):
    fresh.post("/schemas/d.proto", {"content": BASE})
    assert fresh.delete("/schemas/d.proto").json == {"subject": "d.proto", "versions": [1], "permanent": False}
    assert fresh.get("/schemas/d.proto").code == 40401
    assert fresh.get("/schemas/d.proto?deleted=true").json["deleted"] is True
    assert fresh.delete("/schemas/d.proto?permanent=true").json["versions"] == [1]


def test_subjects_called_like_our_routes(fresh):
    for name in ("ids", "guids", "types"):
        assert fresh.register(name, BASE.replace("shop", name)).status == 200
        assert fresh.get(f"/subjects/{name}/versions").json == [1]


# --- generating -------------------------------------------------------------------------------------


def unpack(answer, folder):
    with tarfile.open(fileobj=io.BytesIO(answer.raw)) as archive:
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # Debian 12's Python has none
        archive.extractall(folder, **safely)
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_generated_code_works(fresh, tmp_path):
    push(fresh, TREE)
    got = fresh.get("/generated/python/latest")
    assert got.status == 200 and got.headers["Content-Type"] == "application/gzip"
    assert unpack(got, tmp_path / "code") == ["shop/base_pb2.py", "shop/base_pb2.pyi", "shop/order_pb2.py", "shop/order_pb2.pyi"]
    code = ("from shop.order_pb2 import Order\nfrom shop.base_pb2 import Base\n"
            "o = Order(id='1', base=Base(tenant_id='t')); o.at.seconds = 5\n"
            "assert Order.FromString(o.SerializeToString()) == o")
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path / "code", check=True)


def test_generated_versions(fresh, tmp_path):
    push(fresh, {"shop/base.proto": BASE})
    push(fresh, {**TREE, "shop/base.proto": BASE.replace("1;\n}", "1;\n  string b = 2;\n}")})
    assert unpack(fresh.get("/generated/python/1"), tmp_path / "1") == ["shop/base_pb2.py", "shop/base_pb2.pyi"]
    assert unpack(fresh.get("/generated/python/1.0.0"), tmp_path / "2") == ["shop/base_pb2.py", "shop/base_pb2.pyi"]
    assert len(unpack(fresh.get("/generated/python/2"), tmp_path / "3")) == 4
    assert fresh.get("/generated/python/2").raw == fresh.get("/generated/python/latest").raw
    assert fresh.get("/generated/python/1").raw == fresh.get("/generated/python/1").raw, "the same bytes each time"
    assert fresh.get("/generated/python/9").code == 40490
    assert fresh.get("/generated/cobol/latest").code == 40491


def test_generate(fresh):
    assert fresh.post("/generate/python").code == 40492
    push(fresh, TREE)
    got = fresh.post("/generate/python", {"release": "latest"}).json
    assert (got["language"], got["release"], got["semver"]) == ("python", 1, "1.0.0")
    assert [f["path"] for f in got["files"]] == ["shop/base_pb2.py", "shop/base_pb2.pyi", "shop/order_pb2.py", "shop/order_pb2.pyi"]
    extra = 'syntax = "proto3";\nimport "shop/order.proto";\nmessage X {\n  shop.v1.Order o = 1;\n}\n'
    got = fresh.post("/generate/python", {"files": files({"x.proto": extra})}).json
    assert [f["path"] for f in got["files"]] == ["x_pb2.py", "x_pb2.pyi"]
    got = fresh.post("/generate/python", {"files": files({"x.proto": "nonsense"})})
    assert (got.code, got.json["details"]["name"], got.json["details"]["line"]) == (42291, "Code_Generation_Failed", 1)


# --- numbers, documents -----------------------------------------------------------------------------


def metric(server, line):
    found = re.search(rf"^{re.escape(line)} (\S+)$", server.get("/metrics").raw.decode(), re.M)
    return float(found[1]) if found else 0.0


def test_metrics(fresh):
    push(fresh, TREE)
    fresh.register("shop/base.proto", BASE)
    fresh.register("shop/base.proto", BASE.replace("string tenant_id", "int32 tenant_id"))
    fresh.register("bad", "nonsense")
    fresh.post("/compatibility/subjects/shop%2Fbase.proto/versions/latest", {"schemaType": "PROTOBUF", "schema": BASE})
    fresh.get("/schemas/ids/1")
    fresh.get("/schemas/ids/99")
    fresh.get("/generated/python/latest")
    for line, value in [
        ('stele_registrations_total{result="created"}', 2), ('stele_registrations_total{result="existing"}', 1),
        ('stele_registrations_total{result="incompatible"}', 1), ('stele_registrations_total{result="invalid"}', 1),
        ('stele_compatibility_checks_total{result="compatible"}', 1),
        ('stele_generations_total{language="python",result="done"}', 1), ("stele_validation_errors_total", 1),
        ('stele_lookup_seconds_count{source="memory"}', 1), ('stele_lookup_seconds_count{source="missing"}', 1),
    ]:
        assert metric(fresh, line) == value, line
    assert metric(fresh, "stele_storage_bytes") > 1000
    assert metric(fresh, "stele_message_bytes_count") >= 4


def example_request(path, operation):
    """The request that a route's example in the OpenAPI document speaks of."""
    query = {}
    for parameter in operation.get("parameters", []):
        if "example" not in parameter:
            continue
        value = str(parameter["example"]).lower() if isinstance(parameter["example"], bool) else str(parameter["example"])
        if parameter["in"] == "path":
            path = path.replace("{%s}" % parameter["name"], urllib.parse.quote(value, safe=""))
        elif parameter["in"] == "query":
            query[parameter["name"]] = value
    assert "{" not in path, path
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    return path + ("?" + urllib.parse.urlencode(query) if query else ""), body


def example_answer(operation):
    for content in operation["responses"]["200"].get("content", {}).values():
        if "example" in content:
            return content["example"]
    return None


def same_shape(example, got, where):
    assert type(example) is type(got), (where, example, got)
    if isinstance(example, dict):
        for key, value in example.items():
            assert key in got, (where, key, got)
            same_shape(value, got[key], f"{where}.{key}")
    elif isinstance(example, list) and example:
        assert got, (where, "is empty")
        same_shape(example[0], got[0], f"{where}[0]")


def test_the_examples_of_the_docs(tmp_path):
    """Every route answers its own example, with the members that the example shows."""
    server = Server(tmp_path)
    subprocess.run([str(STELE), "push", str(ROOT / "schemas"), "--registry", server.url], check=True, stdout=subprocess.PIPE)
    order = 'syntax = "proto3";\nmessage Order {\n  string id = 1;\n}\n'
    server.register("orders-value", order)
    server.register("orders-value", order, metadata={"properties": {"owner": "trading"}})
    server.put("/config/orders-value", {"compatibility": "BACKWARD"})
    server.post("/contexts/.acme/push", {"files": files({"a.proto": BASE})})
    server.post("/contexts/.acme/push", {"removed": ["a.proto"]})
    server.delete("/subjects/:.acme:a.proto?permanent=true")
    rows = [(method, path, operation) for path, methods in server.get("/openapi.json").json["paths"].items()
            for method, operation in methods.items() if not path.startswith(("/contexts/{ctx}", "/docs", "/metrics"))]
    rows.sort(key=lambda row: ("get post put delete".split().index(row[0]), "mode" in row[1], -len(row[1])))
    for method, path, operation in rows:
        request, body = example_request(path, operation)
        got = server.request(method.upper(), request, body)
        assert got.status in (200, 204), (method, request, body, got)
        if got.json is not None and example_answer(operation) is not None:
            same_shape(example_answer(operation), got.json, f"{method} {path}")
        if (method, path) == ("put", "/mode/{subject}"):  # or nothing could be deleted after it
            server.put("/mode/orders-value", {"mode": "READWRITE"})
    assert len(rows) > 40
    server.stop()


# --- the command line -------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path):
    for path, content in TREE.items():
        (tmp_path / "tree" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / path).write_text(content)
    return tmp_path / "tree"


def stele(server, *arguments, code=0):
    made = subprocess.run([str(STELE), *map(str, arguments)], text=True, capture_output=True, timeout=120,
                          env=dict(os.environ, STELE_REGISTRY=server.url))
    assert made.returncode == code, (arguments, made.returncode, made.stdout, made.stderr)
    return made.stdout + made.stderr


def test_commands(fresh, tree):
    assert "would be release 1.0.0" in stele(fresh, "push", tree, "--dry-run")
    assert stele(fresh, "list") == ""
    out = stele(fresh, "push", tree)
    assert re.search(r"^created +shop/base\.proto +1 +1 +1\.0\.0 +minor$", out, re.M) and "release 1: 1.0.0 (minor)" in out
    assert "2 unchanged\nnothing to push" in stele(fresh, "push", tree)
    assert re.search(r"^shop/order\.proto +1 +2 +1\.0\.0 +ACTIVE +1$", stele(fresh, "list"), re.M)
    assert stele(fresh, "get", "shop/base.proto") == BASE == stele(fresh, "get", "shop/base.proto@1") == stele(fresh, "get", "--id", "1")
    assert json.loads(stele(fresh, "get", "shop/base.proto", "--json"))["id"] == 1
    (tree / "shop/base.proto").write_text(BASE.replace("string tenant_id", "int32 tenant_id"))
    out = stele(fresh, "check", tree, code=100)
    assert "shop/base.proto:6:3:" in out and "[FIELD_SCALAR_KIND_CHANGED]" in out and "hint: " in out
    assert "Compatibility_Error" in stele(fresh, "push", tree, code=100)
    (tree / "stele.yaml").write_text("")
    assert "[FIELD_SCALAR_KIND_CHANGED]" in stele(fresh, "check", tree / "shop/base.proto", code=100)
    (tree / "shop/base.proto").write_text("nonsense")
    assert "shop/base.proto:1:1:" in stele(fresh, "check", tree, code=100)
    assert "FULL" in stele(fresh, "config", "shop/base.proto", "--compatibility", "FULL")
    assert "READONLY" in stele(fresh, "config", "--mode", "READONLY")
    assert "READWRITE" in stele(fresh, "config", "--mode", "READWRITE")
    stele(fresh, "config", "--compatibility", "SOMETIMES", code=100)
    stele(fresh, "delete", "shop/base.proto", code=100)
    assert stele(fresh, "delete", "shop/order.proto") == "soft-deleted: shop/order.proto@1\n"
    stele(fresh, "delete", "shop/order.proto@1", "--permanent")
    assert "not found" in stele(fresh, "get", "shop/order.proto", code=1)
    assert "Failed to connect" in stele(fresh, "list", "--registry", "http://127.0.0.1:1", code=1)
    stele(fresh, "push", tree / "none", code=1)
