// Quizzes: answers are judged, explained, counted and remembered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertQuiet, browser, pageWith } from "./support/course.js";

const open = browser();
const path = await pageWith(/<form[^>]+data-quiz=/);

/** Questions of the first quiz that have one right answer among several. */
async function singles(page) {
  await page.goto(path);
  const questions = page.locator("form[data-quiz]").first().getByRole("group").filter({ has: page.getByRole("radio") });
  assert.ok((await questions.count()) >= 2, "at least two single-choice questions");
  return questions;
}

/** Position of the right answer, and of a wrong one, by the correction that the page carries. */
async function answers(question) {
  const notes = await question.locator("[data-answer]").evaluateAll((items) => items.map(({ dataset }) => dataset));
  const value = (correct) => notes.find((note) => (note.correct === "true") === correct).answer;
  return { right: value(true), wrong: value(false) };
}

async function answer(question, value) {
  await question.locator(`input[value="${value}"]`).check();
  await question.getByRole("button").click();
}

test("une bonne réponse est dite juste, avec l'explication", async () => {
  const page = await open();
  const question = (await singles(page)).first();
  await answer(question, (await answers(question)).right);
  await question.getByText("✓ Juste.").first().waitFor();
  assert.ok(await question.locator("details").first().evaluate((details) => details.open), "the correction is open");
  await page.getByRole("status").filter({ hasText: /^1 sur 1/ }).waitFor();
  assertQuiet(page);
});

test("une mauvaise réponse est dite fausse, avec son pourquoi, et la bonne est montrée", async () => {
  const page = await open();
  const question = (await singles(page)).first();
  await answer(question, (await answers(question)).wrong);
  await question.getByText("✗ Non.").first().waitFor();
  await question.getByText("→ Il fallait la choisir.").waitFor();
  await page.getByRole("status").filter({ hasText: /^0 sur 1/ }).waitFor();
});

test("le score compte les questions, est gardé au rechargement, et s'efface sur demande", async () => {
  const page = await open();
  const questions = await singles(page);
  await answer(questions.nth(0), (await answers(questions.nth(0))).right);
  await answer(questions.nth(1), (await answers(questions.nth(1))).wrong);
  const score = page.getByRole("status").filter({ hasText: /^1 sur 2/ });
  await score.waitFor();
  await page.reload();
  await score.waitFor();
  await questions.nth(1).getByText("✗ Non.").first().waitFor();
  await page.getByRole("button", { name: "Recommencer" }).first().click();
  await page.reload();
  assert.equal(await page.getByText("✓ Juste.").count(), 0);
});

test("répondre sans rien choisir demande une réponse", async () => {
  const page = await open();
  const question = (await singles(page)).first();
  await question.getByRole("button").click();
  await question.getByText("Choisissez une réponse.").waitFor();
});
