"""`stele decode`: bytes in every spelling, with and without a schema, framed, and broken."""
import struct
import subprocess

import pytest

from conftest import STELE

SCHEMA = ('syntax = "proto3";\npackage demo.v1;\nmessage Tick {\n  string symbol = 1;\n  double bid = 2;\n'
          '  repeated Tick more = 3;\n}\nmessage Other { bool yes = 1; }\n')
WIRE = b"\x0a\x06EURUSD\x11" + struct.pack("<d", 1.08945) + b"\x1a\x03\x0a\x01x"


@pytest.fixture(scope="module")
def proto(tmp_path_factory):
    path = tmp_path_factory.mktemp("decode") / "tick.proto"
    path.write_text(SCHEMA)
    return ["--schema", path, "-I", path.parent]


def decode(*args, data=b"", code=0):
    done = subprocess.run([STELE, "decode", *map(str, args)], input=data, capture_output=True, timeout=120)
    assert done.returncode == code, done
    return done.stdout.decode() if code != 1 else done.stderr.decode()


def test_every_spelling(tmp_path):
    want = decode(data=WIRE)
    lines = [line[38:].strip() for line in want.splitlines()]
    assert lines == ['1 = "EURUSD" (length-delimited)',
                     f"2 = 1.08945, as an integer {struct.unpack('<q', struct.pack('<d', 1.08945))[0]} (fixed64)",
                     "3 = { 3 bytes } (length-delimited)", '1 = "x" (length-delimited)']
    assert [int(line[:8]) for line in want.splitlines()] == [0, 8, 17, 19]
    import base64
    file = tmp_path / "tick.bin"
    file.write_bytes(WIRE)
    spaced = " ".join(f"{byte:02X}" for byte in WIRE)
    for args in ([file], [WIRE.hex()], [spaced], [base64.b64encode(WIRE).decode()], ["--from", "hex", WIRE.hex()]):
        assert decode(*args) == want, args
    assert decode(data=WIRE.hex().encode() + b"\n") == want
    assert "empty" in decode(data=b"")


def test_with_a_schema(proto):
    got = decode(*proto, "--type", "demo.v1.Tick", data=WIRE)
    assert [line[38:] for line in got.splitlines()] == [
        'symbol = "EURUSD" (1, string)', "bid = 1.08945 (2, double)", "more = { 3 bytes } (3, demo.v1.Tick)",
        '  symbol = "x" (1, string)']
    assert "which type?" in decode(*proto, data=WIRE, code=1)
    assert "no such file" in decode("not-hex!", code=1)


def test_broken(proto):
    got = decode(*proto, "--type", "demo.v1.Tick", data=WIRE[:-2] + b"\x09", code=100)
    assert "! a record that does not end here" in got and 'symbol = "EURUSD"' in got
    assert "does not go as varint" in decode(*proto, "--type", "demo.v1.Tick", data=b"\x08\x05", code=100)


def test_frames(proto, registry):
    schema_id = registry.register("decode-value", SCHEMA).json["id"]
    head = b"\0" + struct.pack(">I", schema_id)
    plain = decode(data=head + b"\0" + WIRE)
    assert f"frame of a Kafka record: schema id {schema_id}" in plain and "message [0]\n" in plain and '1 = "EURUSD"' in plain
    known = decode("--registry", registry.url, data=head + b"\0" + WIRE)
    assert "message [0]: demo.v1.Tick" in known and 'symbol = "EURUSD" (1, string)' in known
    other = decode(*proto, data=head + b"\x02\x02" + b"\x08\x01")
    assert "message [1]: demo.v1.Other" in other and "yes = true (1, bool)" in other
    assert int(other.splitlines()[2][:8]) == 7, "offsets count from the start of the record"
    assert "! not the indexes of a message" in decode(data=head + b"\x01", code=100)
