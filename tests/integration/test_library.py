"""examples/tick.c: a program with libstele writes a Kafka record that others read."""
import subprocess

from conftest import NPM, PROTOC, ROOT, STELE


def test_tick(tmp_path):
    tick, schemas = STELE.parent / "tests/library/tick", tmp_path / "schemas.binpb"
    subprocess.run([STELE, "build", "--include-imports", "-I", ROOT / "schemas", "-o", schemas, "trading/market_data.proto"], check=True)
    record = subprocess.run([tick, schemas, "258"], capture_output=True, check=True).stdout
    assert record[:6] == b"\x00\x00\x00\x01\x02\x00"
    text = subprocess.run([PROTOC, f"-I{ROOT / 'schemas'}", f"-I{NPM / 'protoc/include'}",
                           "--decode=trading.v1.TickData", "trading/market_data.proto"],
                          input=record[6:], capture_output=True, check=True).stdout.decode()
    refused = subprocess.run([tick, ROOT / "README.md", "258"], capture_output=True)
    assert (refused.returncode, refused.stderr) == (1, b"tick: not a FileDescriptorSet\n")
    assert text == 'symbol: "EURUSD"\nbid: 1.08945\ntimestamp_ms: 1764238000000\n'
