// npm @kafkajs/confluent-schema-registry: registers a message with an import, writes one and reads it back.
// usage: node kafkajs.mjs REGISTRY_URL IMPORTED.proto IMPORTING.proto
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";

const require = createRequire(`${process.env.STELE_NPM}/../package.json`);
const { SchemaRegistry, SchemaType } = require("@kafkajs/confluent-schema-registry");

const [url, imported, importing] = process.argv.slice(2);
const registry = new SchemaRegistry({ host: url });
const money = await registry.register({ type: SchemaType.PROTOBUF, schema: readFileSync(imported, "utf8") },
  { subject: "kafkajs-money" });
const version = await registry.getLatestSchemaId("kafkajs-money");
assert.equal(version, money.id);
const order = await registry.register({
  type: SchemaType.PROTOBUF,
  schema: readFileSync(importing, "utf8"),
  references: [{ name: "clients/money.proto", subject: "kafkajs-money", version: 1 }],
}, { subject: "kafkajs-orders" });
const sent = { id: "o-2", symbol: "USDJPY", price: { currency: "JPY", units: 155, nanos: 0 }, tags: ["x"] };
const bytes = await registry.encode(order.id, sent);
assert.equal(bytes[0], 0, "magic byte");
assert.equal(bytes.readInt32BE(1), order.id);
const received = await registry.decode(bytes);
assert.equal(received.id, "o-2");
assert.equal(received.price.currency, "JPY");
assert.equal(Number(received.price.units), 155);
assert.deepEqual([...received.tags], ["x"]);
console.log(JSON.stringify({ id: order.id, money: money.id }));
