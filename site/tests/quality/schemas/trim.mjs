// Keeps of the published schemas only what a manifest is checked against: no descriptions, no status, no CEL rules.
// README.md beside this file says where the input comes from.
//
//   node trim.mjs strimzi VERSION CRD.json...                 > strimzi.json
//   node trim.mjs kubernetes VERSION _definitions.json KIND... > kubernetes.json

import { readFileSync } from "node:fs";

/** What the checker reads; everything else is dropped. */
const KEPT = [
  "$ref", "type", "properties", "required", "items", "additionalProperties", "enum", "minimum", "maximum",
  "minItems", "oneOf", "anyOf", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-int-or-string",
];
const REF = /^.*\/(\$defs|definitions)\//;

function trim(schema) {
  const out = {};
  for (const key of KEPT.filter((key) => schema[key] !== undefined)) {
    const value = schema[key];
    if (key === "properties") {
      out[key] = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, trim(inner)]));
    } else if (key === "items" || (key === "additionalProperties" && typeof value === "object")) {
      out[key] = trim(value);
    } else if (key === "oneOf" || key === "anyOf") {
      out[key] = value.map(trim);
    } else if (key === "$ref") {
      out[key] = value.replace(REF, "");
    } else {
      out[key] = value;
    }
  }
  return out;
}

/** The trimmed definitions that those named in `names` refer to, themselves included. */
function reachable(definitions, names) {
  const out = {};
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (out[name]) continue;
    out[name] = trim(definitions[name]);
    delete out[name].properties?.status;
    JSON.stringify(out[name], (key, value) => (key === "$ref" ? waiting.push(value) && value : value));
  }
  return out;
}

function strimzi(files) {
  const kinds = {};
  for (const file of files) {
    const { spec } = JSON.parse(readFileSync(file, "utf8"));
    for (const version of spec.versions) {
      const schema = trim(version.schema.openAPIV3Schema);
      delete schema.properties.status;
      kinds[`${spec.group}/${version.name} ${spec.names.kind}`] = schema;
    }
  }
  return { kinds, definitions: {} };
}

function kubernetes([file, ...names]) {
  const whole = JSON.parse(readFileSync(file, "utf8"));
  const definitions = reachable(whole.$defs ?? whole.definitions, names);
  const kinds = {};
  for (const name of names) {
    const [{ group, version, kind }] = (whole.$defs ?? whole.definitions)[name]["x-kubernetes-group-version-kind"];
    kinds[`${group ? `${group}/` : ""}${version} ${kind}`] = { $ref: name };
  }
  return { kinds, definitions };
}

/** One entry per line, so that a new version shows in a diff what it changes. */
function lines(object) {
  const entries = Object.keys(object).sort().map((key) => `  ${JSON.stringify(key)}: ${JSON.stringify(object[key])}`);
  return `{\n${entries.join(",\n")}\n }`;
}

const [source, version, ...rest] = process.argv.slice(2);
const { kinds, definitions } = source === "strimzi" ? strimzi(rest) : kubernetes(rest);
console.log(`{\n "source": ${JSON.stringify(source)},\n "version": ${JSON.stringify(version)},`);
console.log(` "kinds": ${lines(kinds)},\n "definitions": ${lines(definitions)}\n}`);
