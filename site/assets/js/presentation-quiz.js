// A question in front of a room: hands are raised, then the answer is shown.
import { all, make } from "./dom.js";

export const isRevealed = (screen) => screen.querySelector(".quiz-question.answered") !== null;

/** Shows the answer: each choice with its verdict and why. */
export function reveal(screen) {
  const question = screen.querySelector(".quiz-question:not(.answered)");
  if (!question) return;
  question.classList.add("answered");
  question.querySelector(".quiz-correction").open = true;
  for (const answer of all("[data-answer]", question)) {
    const right = answer.dataset.correct === "true";
    const line = question.querySelector(`input[value="${answer.dataset.answer}"]`).closest("li");
    const why = answer.querySelector(".quiz-feedback").cloneNode(true);
    why.className = "";
    line.append(make("span", { className: "quiz-note" }, make("b", {}, right ? "✓ Juste." : "✗ Faux."), " ", why));
    if (right) line.classList.add("good-mark");
  }
}

/** The question as it was asked. */
export function unreveal(screen) {
  const question = screen.querySelector(".quiz-question.answered");
  if (!question) return;
  question.classList.remove("answered");
  question.querySelector(".quiz-correction").open = false;
  all(".quiz-note", question).forEach((note) => note.remove());
  all(".good-mark", question).forEach((line) => line.classList.remove("good-mark"));
}
