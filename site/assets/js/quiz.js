// Quizzes: each question is checked on its own against the correction that the page already holds. Answers are kept as
// long as the quiz is the one that was answered; the best score stays when it is taken again.
import { all, make } from "./dom.js";
import { change, journey, moment, pathOf } from "./journey.js";

/** The part of right answers from which a quiz is passed. */
const PASS = 0.8;

export function quizzes() {
  all("[data-quiz]").forEach(start);
}

function start(form) {
  const { quiz: id, edition } = form.dataset;
  const questions = all(".quiz-question", form);
  const cells = questions.map((_, index) => make("span", { className: "cell-box" }, String(index + 1)));
  const score = make("span", { className: "score", role: "status" });
  const best = make("span", { className: "best" });
  const again = make("button", { type: "button" }, "Recommencer");
  const foot = make("div", { className: "quiz-foot", hidden: true }, make("span", { className: "row" }, ...cells), score, best, again);
  cells.forEach((cell) => cell.setAttribute("aria-hidden", "true"));
  form.append(foot);

  const outcomes = questions.map(() => null);
  const settle = (index, values) => {
    outcomes[index] = check(questions[index], values);
    const { right } = outcomes[index];
    cells[index].textContent = right ? "✓" : "✗";
    cells[index].classList.toggle("here", right);
    foot.hidden = false;
    const given = outcomes.filter(Boolean);
    score.textContent = `${rightOnes()} sur ${given.length}${given.length < questions.length ? ` (${questions.length} questions)` : isPass(rightOnes()) ? ", quiz réussi" : ", quiz terminé"}`;
  };
  const rightOnes = () => outcomes.filter((outcome) => outcome?.right).length;
  const isPass = (right) => right >= questions.length * PASS;
  const answers = () => outcomes.map((outcome) => outcome?.values ?? null);
  const remember = () => change((now) => {
    const before = now.quizzes[id];
    const right = rightOnes();
    const whole = outcomes.every(Boolean);
    // A best score over another number of questions says nothing about these.
    const former = before?.of === questions.length ? before : null;
    now.quizzes[id] = {
      page: pathOf(location),
      answers: answers(),
      edition,
      right,
      best: Math.max(former?.best ?? 0, whole ? right : 0),
      of: questions.length,
      passed: former && former.passed !== false ? former.passed : whole && isPass(right) ? moment() : false,
    };
  });
  const showBest = () => {
    const kept = journey().quizzes[id];
    best.textContent = kept?.best ? `Meilleur score\u202f: ${kept.best} sur ${kept.of}` : "";
    if (kept?.best) foot.hidden = false;
    again.hidden = !outcomes.some(Boolean);
  };
  const reset = () => {
    outcomes.fill(null);
    questions.forEach(clear);
    cells.forEach((cell, index) => { cell.textContent = String(index + 1); cell.classList.remove("here"); });
    foot.hidden = true;
    score.textContent = "";
  };

  // What was chosen before this arrived stays chosen.
  reset();
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // Enter in a field submits by the form's first button: the field says which question is meant.
    const asked = document.activeElement?.matches("input") ? document.activeElement : event.submitter;
    const question = asked?.closest(".quiz-question");
    const index = questions.indexOf(question);
    if (index < 0 || outcomes[index]) return;
    const values = given(question);
    if (!values.length) {
      question.querySelector(".quiz-result").textContent = question.querySelector(".quiz-number") ? "Écrivez un nombre." : "Choisissez une réponse.";
      return;
    }
    settle(index, values);
    remember();
    showBest();
  });
  again.addEventListener("click", () => {
    form.reset();
    reset();
    remember();
    showBest();
    questions[0].querySelector("input")?.focus();
  });
  const kept = journey().quizzes[id];
  if (kept && (kept.edition ?? edition) === edition && kept.answers.length === questions.length) {
    kept.answers.forEach((values, index) => {
      if (!values?.length) return;
      fill(questions[index], values);
      settle(index, values);
    });
    // Answers that version 1 kept are judged for the first time here.
    if (kept.edition === null) remember();
  }
  showBest();
  // What the answers need less or more room for moved the question that the address names.
  const target = location.hash.length > 1 && form.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`);
  if (target) target.scrollIntoView();
}

/** What the learner answered: indices of the ticked answers, or the text of the number if it is one. */
function given(question) {
  const field = question.querySelector(".quiz-number input");
  if (field) return Number.isFinite(number(field.value)) ? [field.value] : [];
  return all("input:checked", question).map((input) => input.value);
}

function fill(question, values) {
  for (const input of all("input", question)) {
    if (input.type === "text") input.value = values[0];
    else input.checked = values.includes(input.value);
  }
}

/** Reads a number as it is written in French: « 1 200,5 ». */
function number(text) {
  const plain = text.replace(/\s/g, "").replace("−", "-").replace(",", ".");
  return plain ? Number(plain) : NaN;
}

/** Shows what was right and wrong in a question, and says whether all of it was right. */
function check(question, values) {
  const value = question.querySelector(".quiz-value");
  const right = value ? checkNumber(value, values[0]) : checkAnswers(question, values);
  const result = question.querySelector(".quiz-result");
  const wrong = question.querySelector(".quiz-wrong");
  result.replaceChildren(make("b", {}, right ? "✓ Juste." : "✗ Non."), right || !wrong ? "" : ` ${wrong.textContent}`);
  result.className = `quiz-result ${right ? "good-mark" : "bad-mark"}`;
  all("input", question).forEach((input) => { input.disabled = true; });
  question.querySelector(".quiz-check").hidden = true;
  const correction = question.querySelector(".quiz-correction");
  correction.hidden = false;
  correction.open = true;
  question.classList.add("answered");
  return { right, values };
}

function checkNumber(value, text) {
  return Math.abs(number(text) - Number(value.dataset.value)) <= Number(value.dataset.tolerance ?? 0);
}

function checkAnswers(question, values) {
  let right = true;
  for (const note of all("[data-answer]", question)) {
    const chosen = values.includes(note.dataset.answer);
    const correct = note.dataset.correct === "true";
    if (chosen !== correct) right = false;
    const input = question.querySelector(`input[value="${note.dataset.answer}"]`);
    const verdict = chosen ? (correct ? "✓ Juste." : "✗ Non.") : correct ? "→ Il fallait la choisir." : "Non choisie, à raison.";
    const feedback = note.querySelector(".quiz-feedback").cloneNode(true);
    feedback.className = "";
    input.closest("li").append(make("span", { className: "quiz-note" }, make("b", {}, verdict), " ", feedback));
    if (chosen || correct) input.closest("li").classList.add(correct ? "good-mark" : "bad-mark");
  }
  return right;
}

/** A question before it is answered: its button is there, its correction is not. */
function clear(question) {
  question.classList.remove("answered");
  all(".quiz-note", question).forEach((note) => note.remove());
  all(".good-mark, .bad-mark", question).forEach((element) => element.classList.remove("good-mark", "bad-mark"));
  all("input", question).forEach((input) => { input.disabled = false; });
  question.querySelector(".quiz-check").hidden = false;
  question.querySelector(".quiz-correction").hidden = true;
  question.querySelector(".quiz-correction").open = false;
  question.querySelector(".quiz-result").replaceChildren();
}
