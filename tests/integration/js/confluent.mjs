// npm @confluentinc/schemaregistry: registers a message with an import, writes one and reads it back.
// usage: node confluent.mjs REGISTRY_URL DESCRIPTOR_SET   (STELE_NPM is where the packages are)
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";

const require = createRequire(`${process.env.STELE_NPM}/../package.json`);
const { SchemaRegistryClient, ProtobufSerializer, ProtobufDeserializer, SerdeType } = require("@confluentinc/schemaregistry");
const { create, createFileRegistry, createMutableRegistry, fromBinary } = require("@bufbuild/protobuf");
const { FileDescriptorSetSchema } = require("@bufbuild/protobuf/wkt");

const [url, descriptors] = process.argv.slice(2);
const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
const Order = files.getMessage("clients.v1.Order");
const registry = createMutableRegistry(...[...files.files].flatMap((file) => file.messages));

const client = new SchemaRegistryClient({ baseURLs: [url], cacheCapacity: 100, cacheLatestTtlSecs: 60 });
const serializer = new ProtobufSerializer(client, SerdeType.VALUE, { autoRegisterSchemas: true, registry });
const deserializer = new ProtobufDeserializer(client, SerdeType.VALUE, {});

const money = create(files.getMessage("clients.v1.Money"), { currency: "EUR", units: 12n, nanos: 500000000 });
const sent = create(Order, { id: "o-1", symbol: "EURUSD", price: money, tags: ["a", "b"] });
const bytes = await serializer.serialize("js-orders", sent);
assert.equal(bytes[0], 0, "magic byte");
const received = await deserializer.deserialize("js-orders", bytes);
assert.equal(received.id, "o-1");
assert.equal(received.symbol, "EURUSD");
assert.equal(received.price.currency, "EUR");
assert.equal(received.price.units, 12n);
assert.deepEqual(received.tags, ["a", "b"]);
console.log(JSON.stringify({ id: bytes.readInt32BE(1) }));
