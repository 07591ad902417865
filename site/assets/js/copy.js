// A copy button on each block of code: without prompts, annotation marks or a session's output.
import { all, make } from "./dom.js";

export function copy() {
  if (!navigator.clipboard) return;
  for (const figure of all(".code")) {
    const button = make("button", { type: "button", className: "copy" }, "Copier");
    const title = figure.querySelector("figcaption")?.textContent;
    if (title) button.setAttribute("aria-label", `Copier ${title}`);
    button.addEventListener("click", async () => {
      const done = await navigator.clipboard.writeText(text(figure)).then(() => "Copié", () => "Échec");
      button.textContent = done;
      setTimeout(() => { button.textContent = "Copier"; }, 1600);
    });
    figure.append(button);
  }
}

function text(figure) {
  const code = figure.querySelector("code").cloneNode(true);
  const commands = all(".cmd", code);
  all(".prompt, .mark, .del", code).forEach((element) => element.remove());
  if (commands.length) return commands.map((line) => line.textContent.trimEnd()).join("\n");
  return code.textContent.replace(/[ \t]+$/gm, "").trimEnd() + "\n";
}
