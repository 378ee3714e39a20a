"""Real clients against the running server: each registers, writes and reads a message with an import."""
import json
import os
import subprocess
import sys

import pytest

from conftest import NPM, PROTOC, ROOT

MONEY = """syntax = "proto3";

package clients.v1;

// An amount.
message Money {
  string currency = 1;
  int64 units = 2;
  int32 nanos = 3;
}
"""
ORDER = """syntax = "proto3";

package clients.v1;

import "clients/money.proto";

// An order.
message Order {
  string id = 1;
  string symbol = 2;
  Money price = 3;
  repeated string tags = 4;
}
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clients")
    (folder / "clients").mkdir()
    (folder / "clients/money.proto").write_text(MONEY)
    (folder / "clients/order.proto").write_text(ORDER)
    subprocess.run([str(PROTOC), f"-I{folder}", f"--python_out={folder}", f"-o{folder}/all.binpb", "--include_imports",
                    "clients/order.proto", "clients/money.proto"], cwd=folder, check=True)
    return folder


def node(script, *arguments):
    made = subprocess.run(["node", str(ROOT / "tests/integration/js" / script), *map(str, arguments)], text=True,
                          capture_output=True, timeout=120, env=dict(os.environ, STELE_NPM=str(NPM)))
    assert made.returncode == 0, made.stdout + made.stderr
    return json.loads(made.stdout.strip().splitlines()[-1])


def test_confluent_javascript(registry, files):
    first = node("confluent.mjs", registry.url, files / "all.binpb")
    assert node("confluent.mjs", registry.url, files / "all.binpb") == first
    assert registry.get("/subjects/js-orders-value/versions").json == [1]


def test_kafkajs(registry, files):
    first = node("kafkajs.mjs", registry.url, files / "clients/money.proto", files / "clients/order.proto")
    assert node("kafkajs.mjs", registry.url, files / "clients/money.proto", files / "clients/order.proto") == first


def test_confluent_python(registry, files):
    sys.path.insert(0, str(files))
    from clients.money_pb2 import Money
    from clients.order_pb2 import Order
    from confluent_kafka.schema_registry import SchemaRegistryClient
    from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
    from confluent_kafka.serialization import MessageField, SerializationContext

    client = SchemaRegistryClient({"url": registry.url})
    sent = Order(id="o-3", symbol="GBPUSD", price=Money(currency="GBP", units=3), tags=["y"])
    context = SerializationContext("python-orders", MessageField.VALUE)
    data = ProtobufSerializer(Order, client)(sent, context)
    assert data[0] == 0
    assert ProtobufDeserializer(Order, {}, client)(data, context) == sent
    assert registry.get("/subjects/python-orders-value/versions").json == [1]


def test_the_same_schema_has_one_id_whoever_sends_it(registry, files):
    """Text from kafkajs, descriptors from the JavaScript and the Python client."""
    test_confluent_javascript(registry, files)
    test_kafkajs(registry, files)
    test_confluent_python(registry, files)
    ids = {subject: registry.get(f"/subjects/{subject}/versions/1").json["id"]
           for subject in ("js-orders-value", "python-orders-value", "kafkajs-orders")}
    money = {subject: registry.get(f"/subjects/{subject}/versions/1").json["id"]
             for subject in ("clients%2Fmoney.proto", "kafkajs-money")}
    assert len(set(ids.values())) == 1, ids
    assert len(set(money.values())) == 1, money
