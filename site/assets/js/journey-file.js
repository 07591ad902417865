// A journey as a file: what one browser hands to another. It is read whole or refused, with the reason.
import { FORMAT, VERSION, empty, journey, moment } from "./journey.js";

/** Why a file is not a journey that this page can read, told to the learner. */
export class Refusal extends Error {}

const isCount = (value) => Number.isInteger(value) && value >= 0;
const isText = (value) => typeof value === "string";
const isTexts = (value) => Array.isArray(value) && value.every(isText);
/** A moment, or null for one that is not known. */
const isMoment = (value) => value === null || (isText(value) && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value)));
/** A page below the site's root: never another site, never a script. */
const isPath = (value) => isText(value) && /^([\w.~%-][\w.~%/-]*)?$/.test(value);
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const recordOf = (isKey, isValue) => (value) => isRecord(value) && Object.entries(value).every(([key, entry]) => isKey(key) && isValue(entry));
const shaped = (shape) => (value) => isRecord(value) && Object.keys(value).length === Object.keys(shape).length
  && Object.entries(shape).every(([key, check]) => Object.hasOwn(value, key) && check(value[key]));

export const isQuiz = shaped({
  page: isPath,
  answers: (value) => Array.isArray(value) && value.every((answer) => answer === null || isTexts(answer)),
  edition: (value) => value === null || isText(value),
  right: isCount,
  best: isCount,
  of: isCount,
  passed: (value) => value === false || isMoment(value),
});
const FIELDS = {
  format: () => true,
  version: () => true,
  read: recordOf(isPath, isMoment),
  validated: recordOf(isPath, isMoment),
  checks: recordOf(isText, isTexts),
  quizzes: recordOf(isText, isQuiz),
  position: (value) => value === null || shaped({ url: isPath, title: isText })(value),
  exported: isMoment,
};

/** True if `value` can be the part `field` of a journey. */
export const fits = (field, value) => FIELDS[field](value);

/** The journey that `text`, the content of a file, holds; throws a Refusal for anything else. */
export function parse(text) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Refusal("ce n’est pas du JSON, ou il est tronqué");
  }
  if (found?.format !== FORMAT) throw new Refusal("ce n’est pas un parcours exporté de ce cours");
  if (found.version > VERSION) throw new Refusal(`il est au format ${found.version}, plus récent que celui de cette page (${VERSION})\u202f; mettez le cours à jour, puis réessayez`);
  if (found.version !== VERSION) throw new Refusal(`son format («\u202f${found.version}\u202f») n’existe pas`);
  const unknown = Object.keys(found).find((key) => !Object.hasOwn(FIELDS, key));
  if (unknown !== undefined) throw new Refusal(`la rubrique «\u202f${unknown}\u202f» est inconnue`);
  for (const [key, check] of Object.entries(FIELDS)) {
    if (!Object.hasOwn(found, key)) throw new Refusal(`la rubrique «\u202f${key}\u202f» manque`);
    if (!check(found[key])) throw new Refusal(`la rubrique «\u202f${key}\u202f» n’est pas de la forme attendue`);
  }
  return Object.fromEntries(Object.keys(empty()).map((key) => [key, found[key]]));
}

/** The text of a file that another browser can import. */
export const exported = () => JSON.stringify({ ...journey(), exported: moment() }, null, 1);
