// What version 1 of the journey kept, one entry per thing, becomes a journey of today. Its entries go once that is kept.
import { change, keeping } from "./journey.js";
import { fits, isQuiz } from "./journey-file.js";
import { PREFIX, recall } from "./storage.js";

/** Takes over the entries `names`. What cannot be read is left behind. */
export function takeOver(names) {
  change((now) => {
    for (const name of names) {
      const [kind, id] = name.split(/:(.*)/s);
      const value = recall(name, null);
      const ticks = { [id]: value };
      const quiz = { page: "", answers: value, edition: null, right: 0, best: 0, of: 0, passed: false };
      if (kind === "position" && fits("position", value)) now.position ??= value;
      if (kind === "check" && fits("checks", ticks)) now.checks = { ...ticks, ...now.checks };
      if (kind === "quiz" && isQuiz(quiz)) now.quizzes = { [id]: quiz, ...now.quizzes };
      if (kind === "committed" && Array.isArray(value)) {
        const read = Object.fromEntries(value.map((url) => [url, null]));
        if (fits("read", read)) now.read = { ...read, ...now.read };
      }
    }
  });
  if (keeping() === "kept") names.forEach((name) => localStorage.removeItem(PREFIX + name));
}
