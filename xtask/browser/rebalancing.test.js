// The rebalancing simulation: a group from one consumer to eight, and the three protocols on one time axis.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CLIPBOARD, assertAccessible, at, beside, bench, copiedFragment, number, preset, rows, skipQuestion } from "./support/bench.js";
import { assertQuiet, browser, plain, tabTo } from "./support/course.js";

const open = browser();
const PAGE = "jour-1/bloc-1-1/groupes/";
const simulation = (options, fragment) => bench(open, PAGE, "reequilibrage", options, fragment);

/** Who reads which partition now, by the table in words. */
async function owners(figure) {
  const words = figure.locator("details", { hasText: "Le même en texte" });
  if ((await words.getAttribute("open")) === null) await words.locator("summary").click();
  const [, ...lines] = await rows(words.locator("table"));
  return lines.map(([, , owner]) => owner);
}

/** What the chart says to those who do not see it. */
const chart = async (figure) => plain(await figure.getByRole("img", { name: /^Qui lit quelle partition/ }).getAttribute("aria-label"));

test("à la souris : prédire, puis voir un groupe passer de un à huit consumers", async () => {
  const { page, figure } = await simulation();
  assert.equal(await figure.getByRole("img").count(), 0, "nothing is given away before the prediction");
  await figure.getByRole("textbox", { name: "Votre réponse" }).fill("2");
  await figure.getByRole("button", { name: "Répondre", exact: true }).click();
  await figure.getByText(/^✓ Juste\s: 2\./).waitFor();
  await figure.getByText("Score : 1 sur 1").waitFor();
  await figure.getByRole("button", { name: "Fermer", exact: true }).click();
  for (const [ms, expected] of [[15_000, "AAAAAA"], [35_000, "AAABBB"], [55_000, "AABBCC"], [75_000, "ABCDEF"]]) {
    await at(figure, ms);
    assert.equal((await owners(figure)).join(""), expected, `${ms} ms`);
  }
  await figure.getByRole("button", { name: "Fin", exact: true }).click();
  assert.equal((await owners(figure)).join(""), "ABCDEF");
  await figure.getByText("sans partition : G, H").waitFor();
  assertQuiet(page);
});

test("sans ce qui se charge ensuite, le déroulé joue ; « Réessayer » le rapporte", async () => {
  const { page, figure } = await bench(async (options) => {
    const page = await open(options);
    let refused = 0;
    await page.route("**/reequilibrage_lower.wasm", (route) => (refused++ ? route.continue() : route.abort("failed")));
    return page;
  }, PAGE, "reequilibrage");
  await skipQuestion(figure);
  await figure.getByText("n’ont pas pu être chargés").waitFor();
  assert.equal(await figure.getByRole("tab").count(), 0);
  await at(figure, 75_000);
  assert.equal((await owners(figure)).join(""), "ABCDEF");
  await figure.getByRole("button", { name: "Réessayer" }).click();
  await figure.getByRole("tab", { name: "Journal" }).waitFor();
  assert.equal(await figure.getByRole("alert").count(), 0);
  await page.context().close();
});

test("le même arrêt brutal sous trois protocoles : la durée d'arrêt, et le minuteur qui a expiré", async () => {
  const { page, figure } = await simulation();
  await skipQuestion(figure);
  await preset(figure, "SIGKILL");
  await figure.getByRole("button", { name: "Fin", exact: true }).click();
  const label = await chart(figure);
  for (const run of ["range, eager", "CooperativeSticky", "KIP-848"]) assert.match(label, new RegExp(`${run} : sans lecteur : [\\d ]+ ms en tout`));
  const { "Temps sans lecteur, en tout": total, "La partition la plus touchée": worst } = await beside(figure);
  assert.equal(total.length, 3);
  // Two partitions wait for the session: 42 to 45 s each, since the last heartbeat was up to 3 s (5 s) old.
  for (const ms of total) assert.ok(ms > 80_000 && ms < 150_000, `${ms} ms in all`);
  for (const ms of worst) assert.ok(ms > 39_000 && ms < 46_000, `${ms} ms at worst`);
  const fired = await figure.locator(".member", { hasText: "C2" }).textContent();
  assert.match(plain(fired), /session ✕ 6\d,\d s/);
  assertQuiet(page);
});

test("pourquoi ? remonte d'une partition rendue jusqu'à la mort du consumer ; le journal se filtre et se copie", async () => {
  const { page, figure } = await simulation(CLIPBOARD);
  await skipQuestion(figure);
  await preset(figure, "SIGKILL");
  await figure.getByRole("button", { name: "Fin", exact: true }).click();
  await figure.getByRole("textbox", { name: "Contient" }).fill("rend les partitions");
  const line = figure.locator(".sim-story li").first();
  await line.getByRole("button", { name: "pourquoi ?" }).click();
  const reasons = plain(await figure.locator(".lab-why ol").innerText());
  assert.match(reasons, /^20,000 s C2 meurt sur le coup[\s\S]*sa session expire[\s\S]*C3 rend les partitions/);
  await figure.getByRole("combobox", { name: "Genre" }).selectOption({ label: "minuteurs" });
  await figure.getByRole("textbox", { name: "Contient" }).fill("");
  await figure.getByRole("button", { name: "Copier le journal" }).click();
  await figure.getByText("Copié ✓").waitFor();
  const copied = (await page.evaluate(() => navigator.clipboard.readText())).trim().split("\n");
  assert.ok(copied.length > 0 && copied.every((line) => line.split("\t")[1] === "minuteurs"), copied.join("\n"));
  assertQuiet(page);
});

test("intervenir : le déroulé bifurque, le lien ramène la bifurcation, et l'on revient à l'origine", async () => {
  const { page, figure } = await simulation(CLIPBOARD);
  await skipQuestion(figure);
  await at(figure, 75_000);
  await figure.getByRole("combobox", { name: "Sur qui" }).selectOption("F");
  await figure.getByRole("button", { name: "Close()", exact: true }).click();
  await figure.getByText("Bifurcation :").waitFor();
  const fragment = await copiedFragment(page, figure);
  await figure.getByRole("button", { name: "Fin", exact: true }).click();
  const after = await owners(figure);
  assert.deepEqual([...new Set(after)].sort().join(""), "ABCDE", "what was planned after the fork is gone");

  const other = await simulation({}, fragment);
  await other.figure.getByRole("button", { name: "Fin", exact: true }).click();
  assert.deepEqual(await owners(other.figure), after);

  await figure.getByRole("button", { name: /Revenir au déroulé d’origine/ }).click();
  assert.equal((await owners(figure)).join(""), "ABCDEF");
  assertQuiet(page);
  assertQuiet(other.page);
});

test("une rafale de messages fait grandir le retard ; des partitions de plus arrivent dans le groupe", async () => {
  const { page, figure } = await simulation();
  await skipQuestion(figure);
  await at(figure, 15_000);
  const before = (await rows(await metrics(figure))).find(([name]) => name.startsWith("Retard"));
  await figure.getByRole("spinbutton", { name: "Messages" }).fill("500");
  await figure.getByRole("button", { name: "Rafale" }).click();
  const after = (await rows(await metrics(figure))).find(([name]) => name.startsWith("Retard"));
  assert.equal(number(after[2]) - number(before[2]), 500);
  await figure.getByRole("button", { name: "Ajouter des partitions" }).click();
  await figure.getByRole("button", { name: "Fin", exact: true }).click();
  assert.equal((await owners(figure)).join(""), "A".repeat(12));
  assertQuiet(page);
});

async function metrics(figure) {
  await figure.getByRole("tab", { name: "Mesures" }).click();
  return figure.locator(".lab-metrics table").first();
}

test("au clavier seul : prédire, lire, avancer d'un pas, accélérer, intervenir, régler, exporter", async () => {
  const { page, figure } = await simulation();
  await tabTo(page, figure.getByRole("textbox", { name: "Votre réponse" }));
  await page.keyboard.type("3");
  await page.keyboard.press("Enter");
  await figure.getByText(/^✗ Non\s: c’est 2\./).waitFor();
  await tabTo(page, figure.getByRole("button", { name: "Fermer", exact: true }));
  await page.keyboard.press("Enter");
  const play = figure.getByRole("button", { name: "Lecture" });
  await tabTo(page, play);
  const instant = figure.getByRole("slider", { name: "Instant", exact: true });
  await page.keyboard.press("+");
  await page.keyboard.press("k");
  await figure.getByRole("button", { name: "Pause", exact: false }).first().waitFor();
  await assert.doesNotReject(page.waitForFunction((slider) => Number(slider.value) > 2_000, await instant.elementHandle()));
  await page.keyboard.press("k");
  await play.waitFor();
  const stopped = Number(await instant.inputValue());
  await page.keyboard.press("ArrowRight");
  assert.ok(Number(await instant.inputValue()) > stopped, "a step goes forward");
  assert.notEqual((await figure.locator("[aria-live=polite]").textContent()).trim(), "", "the step is told");
  await page.keyboard.press("ArrowLeft");
  assert.ok(Number(await instant.inputValue()) <= stopped + 1, "and back");
  await page.keyboard.press("End");
  assert.equal(await instant.inputValue(), "100000");

  await page.keyboard.press("3");
  const session = figure.getByRole("textbox", { name: "session.timeout.ms", exact: true });
  await tabTo(page, session);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("10s");
  await page.keyboard.press("Tab");
  await tabTo(page, figure.getByRole("button", { name: "Copier le lien" }));
  await page.keyboard.press("4");
  await figure.getByText("SessionTimeoutMs = 10000").waitFor();
  await figure.getByText('"session.timeout.ms" = "10s"').waitFor();
  assertQuiet(page);
});

test("un lien abîmé est refusé avec sa raison, et la simulation de la page reste", async () => {
  const first = await simulation();
  const id = await first.figure.getAttribute("id");
  const { page, figure } = await simulation({}, `#${id}?v=1&sim=reequilibrage&title=t&seed=1&topic=t&do=1s:explode:C1`);
  const alert = figure.getByRole("alert").first();
  await alert.getByText("La simulation de la page est affichée à la place").waitFor();
  assert.match(plain(await alert.innerText()), /explode/);
  await skipQuestion(figure);
  await figure.getByRole("img", { name: /^Qui lit quelle partition/ }).waitFor();
  assertQuiet(page);
});

test("mouvement réduit : la lecture va d'événement en événement, un par seconde", async () => {
  const { page, figure } = await simulation({ reducedMotion: "reduce" });
  await skipQuestion(figure);
  const instant = figure.getByRole("slider", { name: "Instant", exact: true });
  await figure.getByRole("button", { name: "Lecture" }).click();
  const seen = new Set();
  for (let look = 0; look < 12; look += 1) {
    seen.add(await instant.inputValue());
    await page.waitForTimeout(200);
  }
  assert.ok(seen.size >= 2 && seen.size <= 4, `instants ${[...seen].join(", ")}`);
});

test("en lecture, chaque volet est accessible dans les deux thèmes", () => assertAccessible(simulation));

test("sans JavaScript, le déroulé est en images, habillées sans la feuille du visualiseur", async () => {
  const page = await open({ javaScriptEnabled: false });
  await page.goto(PAGE);
  const figure = page.locator("[data-simulation=reequilibrage]").first();
  const frames = figure.getByRole("listitem");
  assert.equal(await frames.count(), 5);
  const last = frames.last();
  await last.getByText("G et H sont membres du groupe").waitFor();
  assert.match(plain(await last.locator("svg").innerHTML()), /sans partition : G, H/);
  assert.equal(await page.locator('link[href*="visualizer"]').count(), 0);
  const stroke = await last.locator("svg .own").first().evaluate((cell) => getComputedStyle(cell).stroke);
  assert.match(stroke, /^rgb/, "the cells have outlines");
});

test("100 consumers et 1 000 partitions : comptées, non dessinées une à une, et la lecture suit l'écran", async (context) => {
  const joins = Array.from({ length: 100 }, (_, index) => `do=0ms:join:C${index + 1}`).join("&");
  const variants = "variant=Coop&variant.partition.assignment.strategy=cooperative-sticky&variant=KIP-848&variant.group.protocol=consumer";
  const link = `v=1&sim=reequilibrage&title=Cent&seed=1&topic=orders.created&duration=90s&num.partitions=1000&${variants}&${joins}&do=20s:crash:C7&do=60s:close:C9`;
  const id = await (await simulation()).figure.getAttribute("id");
  const { page, figure } = await simulation({}, `#${id}?${link}`);
  const idle = await intervals(page, 1_500);
  await at(figure, 14_000);
  await figure.getByRole("button", { name: "Lecture" }).click();
  const playing = await intervals(page, 6_000);
  context.diagnostic(`intervals in ms: at rest ${JSON.stringify(idle)}, playing ${JSON.stringify(playing)}`);
  const nodes = await figure.evaluate((figure) => figure.querySelectorAll("svg *").length);
  assert.ok(nodes < 2_000, `${nodes} nodes`);
  // The machine's own pace is the yardstick, and repaints come in whole numbers of it: two on a slow machine are none of our
  // business, ten would be.
  assert.ok(playing.median < 4.5 * idle.median, `median ${playing.median} ms, ${idle.median} ms at rest`);
  assertQuiet(page);
});

/** Median and 95th percentile of the time between two repaints, in ms. */
const intervals = (page, during) =>
  page.evaluate(
    (during) =>
      new Promise((done) => {
        const times = [];
        const start = performance.now();
        let last;
        requestAnimationFrame(function frame(now) {
          if (last !== undefined) times.push(now - last);
          last = now;
          if (now - start < during) return requestAnimationFrame(frame);
          times.sort((a, b) => a - b);
          const part = (share) => Math.round(10 * times[Math.floor(times.length * share)]) / 10;
          return done({ median: part(0.5), p95: part(0.95), frames: times.length });
        });
      }),
    during,
  );
