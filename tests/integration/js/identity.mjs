// npm @confluentinc/schemaregistry: registers the root message's file of a descriptor set, as the
// serializer does, with its imports as references; prints the id.
// usage: node identity.mjs REGISTRY_URL DESCRIPTOR_SET SUBJECT MESSAGE
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(`${process.env.STELE_NPM}/../package.json`);
const { SchemaRegistryClient, ProtobufSerializer, SerdeType } = require("@confluentinc/schemaregistry");
const { create, createFileRegistry, createMutableRegistry, fromBinary } = require("@bufbuild/protobuf");
const { FileDescriptorSetSchema } = require("@bufbuild/protobuf/wkt");

const [url, descriptors, subject, message] = process.argv.slice(2);
const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
const registry = createMutableRegistry(...[...files.files].flatMap((file) => file.messages));
const client = new SchemaRegistryClient({ baseURLs: [url], cacheCapacity: 100, cacheLatestTtlSecs: 60 });
const serializer = new ProtobufSerializer(client, SerdeType.VALUE, {
  autoRegisterSchemas: true,
  registry,
  subjectNameStrategy: () => subject,
});
const bytes = await serializer.serialize(subject, create(files.getMessage(message), {}));
console.log(JSON.stringify({ id: bytes.readInt32BE(1) }));
