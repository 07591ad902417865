// Time spent against time planned, for the page, the bloc and the day. The window that the room sees counts; the lectern is told.
import { all } from "./dom.js";
import { recall, remember } from "./storage.js";

/** How often the time is counted, and how often it is kept on the device, in milliseconds. */
const TICK = 1000;
const KEEP = 5000;

export function clock({ speaker, screens, send }) {
  const { talk, talkDay, before, minutes, dayMinutes } = document.body.dataset;
  const key = `talk:${talkDay}`;
  const pages = all(".talk-foot .row a").map((link) => Number(link.dataset.minutes) * 60_000);
  const today = new Date().toLocaleDateString("sv");
  const kept = recall(key, null);
  /** Milliseconds by bloc and page; a new day starts anew. */
  let spent = kept?.date === today ? kept.spent : {};
  let running = false;
  let last = 0;
  let saved = 0;
  let at = 0;
  let state = null;
  const here = () => Number(screens[at].dataset.page);
  const own = () => (spent[talk] ??= pages.map(() => 0));

  function tick() {
    const now = performance.now();
    if (running) own()[here()] += now - last;
    last = now;
    if (running && now - saved > KEEP) {
      saved = now;
      keep();
    }
    publish();
  }

  const keep = () => remember(key, { date: today, spent });

  function publish() {
    if (!speaker) {
      state = measure();
      send(state);
    }
    draw(state, speaker);
  }

  /** Where the timetable would have us: from the beginning of this screen to its end, in the page. */
  function measure() {
    const page = here();
    const inPage = screens.filter((screen) => Number(screen.dataset.page) === page);
    const index = inPage.indexOf(screens[at]);
    const share = [index, index + 1].map((count) => (pages[page] * count) / inPage.length);
    const earlier = sum(pages.slice(0, page));
    const bloc = sum(own());
    const day = sum(Object.values(spent).map(sum));
    const past = Number(before) * 60_000 + earlier;
    return {
      running,
      page: { spent: own()[page], planned: pages[page], from: share[0], to: share[1] },
      bloc: { spent: bloc, planned: Number(minutes) * 60_000, from: earlier + share[0], to: earlier + share[1] },
      jour: { spent: day, planned: Number(dayMinutes) * 60_000, from: past + share[0], to: past + share[1] },
    };
  }

  setInterval(tick, TICK);
  addEventListener("pagehide", () => { if (running) keep(); });
  return {
    move(index) {
      if (!speaker) tick();
      at = index;
      publish();
    },
    start() {
      if (speaker || running) return;
      last = performance.now();
      running = true;
    },
    toggle() {
      tick();
      running = !running;
      keep();
      publish();
    },
    reset() {
      spent = {};
      running = false;
      keep();
      publish();
    },
    take(told) {
      state = told;
      draw(state, speaker);
    },
    showLate() {
      const late = document.querySelector(".talk-late");
      late.hidden = !late.hidden;
      publish();
    },
  };
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** `4:05`, `1 h 02`. */
function length(ms) {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours} h ${String(minutes).padStart(2, "0")}` : `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

const planned = (ms) => {
  const minutes = Math.round(ms / 60_000);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
};

/** How far from the timetable, in words. */
function gap({ spent, from, to }) {
  const minutes = spent < from ? Math.floor((from - spent) / 60_000) : -Math.floor((spent - to) / 60_000);
  if (spent >= from && spent <= to || minutes === 0) return "à l’heure";
  return minutes > 0 ? `${minutes} min d’avance` : `${-minutes} min de retard`;
}

function draw(state, speaker) {
  if (!state) return;
  const late = document.querySelector(".talk-late");
  if (!late.hidden) late.textContent = `bloc ${length(state.bloc.spent)} sur ${planned(state.bloc.planned)}, ${gap(state.bloc)}`;
  if (!speaker) return;
  const time = document.querySelector(".talk-time [data-now]");
  const now = new Date();
  time.textContent = `${now.getHours()} h ${String(now.getMinutes()).padStart(2, "0")}`;
  for (const line of all("[data-clock]")) {
    const value = state[line.dataset.clock];
    line.querySelector("b").textContent = length(value.spent);
    line.querySelector("span").textContent = `sur ${planned(value.planned)}`;
    line.querySelector("em").textContent = gap(value);
    line.classList.toggle("late", value.spent > value.to + 60_000);
  }
  document.querySelector('[data-do="timer"]').textContent = state.running ? "Suspendre" : state.bloc.spent ? "Reprendre" : "Démarrer";
}
