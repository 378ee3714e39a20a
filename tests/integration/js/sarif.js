/* Checks SARIF logs against the schema of the standard (it comes with a package of matchers).
 * usage: node sarif.js LOG...    prints what is wrong, ends with 1 */
const fs = require("fs");
const path = require("path");

const modules = process.env.STELE_NPM || path.join(__dirname, "../../../.deps/npm/node_modules");
const matchers = path.join(modules, "@microsoft/jest-sarif");
const Ajv = require(require.resolve("ajv", { paths: [matchers] }));
const schema = JSON.parse(fs.readFileSync(path.join(matchers, "lib/schemas/sarif-2.1.0-rtm.5.json")));
const ajv = new Ajv({ allErrors: true, format: "full", schemaId: "auto", unknownFormats: "ignore" });
ajv.addMetaSchema(JSON.parse(fs.readFileSync(require.resolve("ajv/lib/refs/json-schema-draft-04.json", { paths: [matchers] }))));
const isValid = ajv.compile(schema);
let failed = false;
for (const name of process.argv.slice(2)) {
  if (isValid(JSON.parse(fs.readFileSync(name, "utf8")))) continue;
  console.log(name, JSON.stringify(isValid.errors.slice(0, 5), null, 1));
  failed = true;
}
process.exit(failed ? 1 : 0);
