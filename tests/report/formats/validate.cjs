// node validate.cjs SCHEMA FILE...: holds each file against a JSON Schema with ajv; the items of an array one by one when the schema is
// of a single object. Prints "FILE: what is wrong" and exits 1 if anything is.
const fs = require("fs");
const read = (file) => JSON.parse(fs.readFileSync(file, "utf8"));
const [schemaFile, ...files] = process.argv.slice(2);
const schema = read(schemaFile);
const Ajv = String(schema.$schema).includes("2020-12") ? require("ajv/dist/2020").default : require("ajv").default;
const ajv = new Ajv({ strict: false, allErrors: true });
require("ajv-formats").default(ajv);
const validate = ajv.compile(schema);
let bad = 0;
for (const file of files) {
  const value = read(file);
  for (const each of Array.isArray(value) && schema.type === "object" ? value : [value]) {
    if (validate(each)) continue;
    bad++;
    for (const error of validate.errors.slice(0, 5)) console.log(`${file}: ${error.instancePath}: ${error.message}`);
  }
}
process.exit(bad ? 1 : 0);
