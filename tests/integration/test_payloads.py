"""Messages: the /payloads routes, and `stele convert` over every form and source of schemas."""
import base64
import json
import os
import pty
import re
import struct
import subprocess
import time

import pytest

from conftest import STELE

TICK = ('syntax = "proto3";\npackage demo.v1;\nimport "demo/side.proto";\nimport "google/protobuf/timestamp.proto";\n'
        'message Other { bool yes = 1; }\n'
        'message Tick {\n  message Inner { int32 n = 1; }\n  string symbol = 1;\n  double bid = 2;\n  repeated Tick more = 3;\n  Side side = 4;\n'
        '  google.protobuf.Timestamp at = 5;\n  map<string, int64> sizes = 6;\n'
        '}\n')
SIDE = 'syntax = "proto3";\npackage demo.v1;\nenum Side { SIDE_UNKNOWN = 0; SIDE_BUY = 1; }\n'
JSON = {"symbol": "EURUSD", "bid": 1.08945, "more": [{"symbol": "X"}], "side": "SIDE_BUY",
        "at": "2026-01-31T12:00:00.500Z", "sizes": {"a": "9007199254740993"}}


@pytest.fixture(scope="module")
def ids(registry):
    side = registry.register("demo/side.proto", SIDE)
    tick = registry.register("ticks-value", TICK, [{"name": "demo/side.proto", "subject": "demo/side.proto", "version": 1}])
    assert (side.status, tick.status) == (200, 200), (side, tick)
    return {"side": side.json["id"], "tick": tick.json["id"]}


def to_binary(registry, value=JSON, **fields):
    got = registry.post("/payloads/convert", {"subject": "ticks-value", "type": "demo.v1.Tick", "json": value, **fields})
    assert got.status == 200, got
    return base64.b64decode(got.json["base64"])


def frame(schema_id, payload, indexes=b"\x02\x02"):
    return b"\0" + struct.pack(">I", schema_id) + indexes + payload


def test_convert_both_ways(registry, ids):
    wire = to_binary(registry)
    assert wire.startswith(b"\x0a\x06EURUSD\x11")
    back = registry.post("/payloads/convert", {"id": ids["tick"], "type": "demo.v1.Tick",
                                               "base64": base64.b64encode(wire).decode()})
    assert back.json == {"id": ids["tick"], "type": "demo.v1.Tick", "json": JSON}
    text = registry.post("/payloads/convert", {"subject": "ticks-value", "version": 1, "type": "demo.v1.Tick",
                                               "json": json.dumps(JSON), "to": "text"}).json
    assert text["text"].startswith('symbol: "EURUSD"\n') and text["version"] == 1
    again = registry.post("/payloads/convert", {"subject": "ticks-value", "version": "latest", "type": "demo.v1.Tick",
                                                "text": text["text"], "to": "json"}).json
    assert again["json"] == JSON
    shown = registry.post("/payloads/convert?enumNumbers=true&defaults=true", {
        "subject": "ticks-value", "type": "demo.v1.Tick", "json": {"side": 1}, "to": "json"}).json["json"]
    assert shown == {"symbol": "", "bid": 0, "more": [], "side": 1, "sizes": {}}


def test_validate_names_field_and_byte(registry, ids):
    good = registry.post("/payloads/validate", {"id": ids["tick"], "type": "demo.v1.Tick", "json": JSON})
    assert (good.status, good.json["valid"]) == (200, True) and "error" not in good.json
    body = '{"id":%d,"type":"demo.v1.Tick","json": {"more":[{},{"bid":"x"}]}}' % ids["tick"]
    bad = registry.post("/payloads/validate", body.encode()).json
    assert bad["valid"] is False
    assert (bad["error"]["field"], bad["error"]["byte"], bad["error"]["line"]) == ("more[1].bid", 19, 1)
    wire = b"\x1a\x04\x0a\x02\xff\xff"
    bad = registry.post("/payloads/validate", {"id": ids["tick"], "type": "demo.v1.Tick",
                                               "base64": base64.b64encode(wire).decode()}).json
    assert bad["valid"] is False and bad["error"]["field"] == "more[0].symbol" and bad["error"]["byte"] >= 2, bad
    converted = registry.post("/payloads/convert", {"id": ids["tick"], "type": "demo.v1.Tick", "base64": "Gg=="})
    assert (converted.status, converted.code) == (422, 42295) and converted.json["details"]["error"]["byte"] >= 0, converted


def test_decode_a_record(registry, ids):
    wire = to_binary(registry)
    record = frame(ids["tick"], wire)
    want = {"id": ids["tick"], "type": "demo.v1.Tick", "json": JSON}
    got = registry.post("/payloads/decode", record, headers={"Content-Type": "application/octet-stream"})
    assert got.json == want, got
    got = registry.post("/payloads/decode", {"base64": base64.b64encode(record).decode()})
    assert got.json == want, got
    nested = registry.post("/payloads/decode", frame(ids["tick"], b"\x08\x05", b"\x04\x02\x00"),
                           headers={"Content-Type": "application/octet-stream"})
    assert nested.json["type"] == "demo.v1.Tick.Inner" and nested.json["json"] == {"n": 5}, nested
    first = registry.post("/payloads/decode", frame(ids["tick"], b"\x08\x01", b"\x00"),
                          headers={"Content-Type": "application/octet-stream"})
    assert first.json["type"] == "demo.v1.Other"


@pytest.mark.parametrize("route, body, status, code", [
    ("validate", {"subject": "nope", "json": {}}, 404, 40401),
    ("validate", {"subject": "ticks-value", "version": 99, "json": {}}, 404, 40402),
    ("validate", {"subject": "ticks-value", "version": "x", "json": {}}, 422, 42202),
    ("validate", {"id": 999999, "json": {}}, 404, 40403),
    ("validate", {"subject": "ticks-value", "type": "demo.v1.Nope", "json": {}}, 404, 40493),
    ("validate", {"json": {}}, 400, 400),
    ("validate", {"subject": "ticks-value"}, 400, 400),
    ("validate", {"subject": "ticks-value", "json": {}, "text": ""}, 400, 400),
    ("validate", {"subject": "ticks-value", "base64": "*"}, 400, 400),
    ("validate", {"subject": 5, "json": {}}, 400, 400),
    ("convert", {"subject": "ticks-value", "json": {}, "to": "yaml"}, 400, 400),
    ("decode", {"json": {}}, 400, 400),
    ("decode", {"base64": "AAAPQj8A"}, 404, 40403),
    ("decode", {"base64": "AQ=="}, 422, 42295),
    ("decode", {"base64": ""}, 422, 42295),
])
def test_refused(registry, ids, route, body, status, code):
    got = registry.post(f"/payloads/{route}", body)
    assert (got.status, got.code) == (status, code), got


def test_many_schemas_use_few_layouts(registry, ids):
    for i in range(80):
        subject = f"bulk-{i}-value"
        assert registry.register(subject, f'syntax = "proto3"; message M{i} {{ int32 n = 1; }}').status == 200
        assert registry.post("/payloads/convert", {"subject": subject, "json": {"n": i + 1}}).json["base64"]


# --- stele convert --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tree")
    (folder / "demo").mkdir()
    (folder / "demo/side.proto").write_text(SIDE)
    (folder / "tick.proto").write_text(TICK)
    return folder


def convert(*args, data=b"", code=0, **kwargs):
    done = subprocess.run([STELE, "convert", *map(str, args)], input=data, capture_output=True, timeout=120, **kwargs)
    assert done.returncode == code, done
    return done.stdout if code == 0 else done.stderr.decode()


def test_forms_come_back(tree):
    source = json.dumps(JSON).encode()
    schema = ["-s", tree / "tick.proto", "-I", tree, "-t", "demo.v1.Tick"]
    wire = convert(*schema, "--from", "json", data=source)
    for form in ("json", "text", "hex", "base64", "delimited", "ndjson", "hex-lines", "base64-lines"):
        there = convert(*schema, "--to", form, data=wire)
        to = "delimited" if form in ("delimited", "ndjson", "hex-lines", "base64-lines") else "binary"
        back = convert(*schema, "--from", form, "--to", to, data=there)
        assert back == (bytes([len(wire)]) + wire if to == "delimited" else wire), form
    assert json.loads(convert(*schema, "--pretty", data=wire)) == JSON


def test_sources_of_schemas(tree, registry, ids, tmp_path):
    image = tmp_path / "image.binpb"
    subprocess.run([STELE, "build", "-I", tree, "--include-imports", "-o", image, tree / "tick.proto"], check=True)
    url = ["--registry", registry.url]
    for source in ([tree], [image], [tree / "tick.proto", "-I", tree], ["registry:ticks-value", *url],
                   ["registry:ticks-value@1", *url], [f"registry:{ids['tick']}", *url]):
        got = convert("-s", source[0], *source[1:], "-t", "demo.v1.Tick", "--to", "json", data=b"\x0a\x01x")
        assert json.loads(got) == {"symbol": "x"}, source
    assert "which type? --type NAME: demo.v1.Other, demo.v1.Tick" in convert("-s", tree / "tick.proto", "-I", tree, code=1)
    assert "no message type demo.v1.Nope in the schema\n" in convert("-s", tree, "-t", "demo.v1.Nope", code=1)
    for typed in ("Tick", "demo.v1.Tikc", "demo.v2.tick"):
        assert f"no message type {typed} in the schema; did you mean demo.v1.Tick?" in convert("-s", tree, "-t", typed, code=1)
    assert "of what schema" in convert(code=1)
    assert "has many messages" in convert("-s", tree, "--from", "ndjson", "--to", "json", code=1)


def test_a_bad_record_is_named(tree, tmp_path):
    schema = ["-s", tree, "-t", "demo.v1.Tick"]
    lines = b'{"symbol":"a"}\n\n{"bid":"x"}\n'
    assert "record 2 (byte 16): line 1, column 8 (byte 7), field \"bid\": not a number" in convert(
        *schema, "--from", "ndjson", data=lines, code=1)
    assert "record 2 (byte 4): the input ends inside of it" in convert(
        *schema, "--from", "delimited", data=b"\x03\x0a\x01x\x05\x0a", code=1)
    assert "byte 8: not a hex digit" in convert(*schema, "--from", "hex", data=b"0a 0645 zz", code=1)
    assert "byte 5: half a byte is missing" in convert(*schema, "--from", "hex", data=b"0a064", code=1)
    assert "record 2 (byte 7): byte 3: not a hex digit" in convert(
        *schema, "--from", "hex-lines", "--to", "ndjson", data=b"0a0141\n0a0g\n", code=1)
    out = tmp_path / "out.ndjson"
    assert convert(*schema, "--from", "delimited", "-o", out, data=b"\x03\x0a\x01x\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
                   code=1) and not out.exists(), "a file appears whole or not at all"


def test_streams_need_little_memory(tree, tmp_path):
    """Ten times the records, the same memory: what grows is not the stream."""
    line = json.dumps({"symbol": "EURUSD", "bid": 1.08945, "sizes": {"a": "1", "b": "2"}}).encode() + b"\n"
    peaks = []
    for count in (5_000, 50_000):
        source = tmp_path / f"{count}.ndjson"
        source.write_bytes(line * count)
        before = subprocess.run(["python3", "-c", f"""
import resource, subprocess
subprocess.run([{str(STELE)!r}, "convert", "-s", {str(tree)!r}, "-t", "demo.v1.Tick", {str(source)!r}, "-o", "/dev/null"], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"""], capture_output=True, text=True, check=True)
        peaks.append(int(before.stdout))
    assert peaks[1] < peaks[0] * 1.2 + 4096, peaks


def test_long_work_is_shown_on_a_terminal(tree):
    """A bar that is drawn over itself and gone at the end; nothing where nobody looks."""
    lines, ours, theirs = b'{"symbol":"EURUSD"}\n' * 640, *pty.openpty()
    command = [STELE, "convert", "-s", tree, "-t", "demo.v1.Tick", "--from", "ndjson", "--to", "delimited"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs) as child:
        os.close(theirs)
        for _ in range(3):
            child.stdin.write(lines)
            child.stdin.flush()
            time.sleep(0.25)
        out, _ = child.communicate()
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert child.returncode == 0 and out == b"\x08\x0a\x06EURUSD" * 1920
    assert re.fullmatch(r"(\r\x1b\[K0\.0 MB, \d+ messages, \d+ MB/s)+\r\x1b\[K", shown), shown
    assert convert(*command[2:], data=lines) == b"\x08\x0a\x06EURUSD" * 640
