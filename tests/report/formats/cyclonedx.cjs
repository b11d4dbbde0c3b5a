// Usage: cyclonedx.cjs FILE...  Holds each CycloneDX BOM against the schema of its version; one line a file: FILE TAB errors as JSON.
const fs = require("fs");
const path = require("path");
const Ajv = require("ajv").default;

const folder = path.join(path.dirname(require.resolve("@cyclonedx/cyclonedx-library/package.json")), "res", "schema");
const read = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), "utf8"));
const ajv = new Ajv({strict: true, strictTypes: false, strictRequired: false, allErrors: false});
ajv.addKeyword("meta:enum");
require("ajv-formats")(ajv);
require("ajv-formats-draft2019")(ajv, {formats: ["idn-email", "iri", "iri-reference"]});
for (const name of ["spdx", "jsf-0.82", "cryptography-defs"]) {
  ajv.addSchema(read(`${name}.SNAPSHOT.schema.json`), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
}
const validators = {};
for (const version of ["1.6", "1.7"]) validators[version] = ajv.compile(read(`bom-${version}.SNAPSHOT.schema.json`));
for (const file of process.argv.slice(2)) {
  const bom = JSON.parse(fs.readFileSync(file, "utf8"));
  const validate = validators[bom.specVersion];
  const errors = !validate ? [{message: "unknown specVersion"}] : validate(bom) ? [] : validate.errors;
  process.stdout.write(`${file}\t${JSON.stringify(errors).slice(0, 2000)}\n`);
}
