/**
 * Who else is in a conversation. This page says which one it shows, at most every twenty seconds when nothing changes,
 * and draws what the live stream tells of others: faces and a moving pencil in the list, in the head and at the composer.
 */

import { freshToken } from "./composer/draft.js";
import { BY_ITSELF } from "./lanes.js";
import { openId } from "./panes.js";

const BEAT = 20_000;
// Somebody who has not touched a key for so long reads or thinks.
const WRITES = 30_000;
// A page behind others is no presence for longer than this; browsers let such pages sleep, too.
const OUT_OF_SIGHT = 60_000;
const MOST_FACES = 3;

const tab = freshToken();
let said = { conversation: null, state: "", at: 0 };
let keyAt = -Infinity;
let hiddenAt = document.hidden ? performance.now() : null;
let soon = null;
let underWay = false;

/** What this page has to say now. */
function now() {
  const asleep = hiddenAt !== null && performance.now() - hiddenAt >= OUT_OF_SIGHT;
  const conversation = asleep ? null : openId();
  const state = performance.now() - keyAt < WRITES ? "writing" : "viewing";
  return { conversation, state: conversation ? state : "" };
}

/** One word at a time: two on their way might overtake each other. */
async function tell({ again = false } = {}) {
  clearTimeout(soon);
  if (underWay) return;
  const here = now();
  const same = here.conversation === said.conversation && here.state === said.state;
  if (same && (!here.conversation || (!again && Date.now() - said.at < BEAT - 1000))) return;
  const conversation = here.conversation || said.conversation;
  said = { ...here, at: Date.now() };
  underWay = true;
  const told = await send(conversation, here.conversation ? here.state : "gone", { awake: here.state === "writing" });
  underWay = false;
  // What did not arrive is said again with the next beat; what has changed meanwhile, now.
  if (told) tell();
  else said.at = 0;
}

/** Looking keeps no session awake; writing does. */
function send(conversation, state, { awake }) {
  const headers = awake ? {} : BY_ITSELF;
  const asked = { method: "POST", body: form(state), headers, redirect: "manual", keepalive: true };
  return fetch(`/conversations/${conversation}/presence`, asked).then(() => true, () => false);
}

const shortly = () => {
  clearTimeout(soon);
  soon = setTimeout(tell, 120);
};

function form(state) {
  const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
  const made = new FormData();
  for (const [name, value] of Object.entries({ tab, state, csrfmiddlewaretoken: token })) made.append(name, value);
  return made;
}

/** The page goes: a beacon outlives it. */
function farewell() {
  if (said.conversation) navigator.sendBeacon(`/conversations/${said.conversation}/presence`, form("gone"));
  said = { conversation: null, state: "", at: 0 };
}

if (document.getElementById("panes")) {
  setInterval(tell, BEAT / 4);
  shortly();
}
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "conversation" && event.detail.target?.id !== "panes") return;
  keyAt = -Infinity;
  shortly();
});
document.addEventListener("input", (event) => {
  if (!event.target.closest?.("post-composer")) return;
  keyAt = performance.now();
  if (said.state !== "writing") shortly();
}, { capture: true });
document.body.addEventListener("postroom:sent", () => {
  keyAt = -Infinity;
  shortly();
});
document.addEventListener("visibilitychange", () => {
  hiddenAt = document.hidden ? performance.now() : null;
  if (!document.hidden) tell({ again: Date.now() - said.at > BEAT });
});
addEventListener("online", () => tell({ again: true }));
addEventListener("pagehide", farewell);
addEventListener("pageshow", (event) => event.persisted && shortly());
// The beacon would come after the session has ended.
document.addEventListener("submit", (event) => event.target.matches?.("form[data-leaving]") && farewell());

/** Who is where: conversation -> [[person, whether they write]]. @type {Map<number, [number, boolean][]>} */
let here = new Map();
/** @type {Map<number, HTMLElement>} */
const faces = new Map();
let stale = null;

document.body.addEventListener("postroom:presence", async (event) => {
  clearTimeout(stale);
  if (event.detail.whole) here = new Map();
  for (const [conversation, people] of Object.entries(event.detail.here)) {
    if (people.length) here.set(Number(conversation), people);
    else here.delete(Number(conversation));
  }
  await meet();
  draw();
});

// A stream that is new tells all there is; when it says nothing there is nobody.
document.body.addEventListener("postroom:connected", () => {
  clearTimeout(stale);
  stale = setTimeout(() => {
    here = new Map();
    draw();
  }, 1500);
});

/** Fetch the faces that are not known yet. */
async function meet() {
  const unknown = [...new Set([...here.values()].flat().map(([id]) => id))].filter((id) => !faces.has(id));
  if (!unknown.length) return;
  const answer = await fetch(`/faces?ids=${unknown.join(",")}`, { headers: BY_ITSELF }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const made = document.createElement("template");
  made.innerHTML = await answer.text();
  for (const face of made.content.querySelectorAll("[data-face]")) faces.set(Number(face.dataset.face), face);
}

function draw() {
  if (!document.getElementById("here-words")) return;
  for (const line of document.querySelectorAll("#rows .line[data-id]")) place(line.querySelector(".line-marks"), present(line.dataset.id));
  const people = present(openId());
  place(document.querySelector("#conversation-head .facts"), people, { words: true, atEnd: true });
  const writers = people.filter(([, writes]) => writes);
  const below = document.getElementById("here-line");
  if (!below) return;
  below.hidden = writers.length === 0;
  const text = writers.length ? sentence(writers) : "";
  if (below.textContent.trim() !== text) below.replaceChildren(...(text ? [pencil(), span("", text)] : []));
}

const present = (id) => (here.get(Number(id)) || []).filter(([person]) => faces.has(person));

function place(parent, people, { words = false, atEnd = false } = {}) {
  if (!parent) return;
  const shown = parent.querySelector(":scope > .here");
  const mark = JSON.stringify(people);
  if (shown?.dataset.mark === mark) return;
  shown?.remove();
  if (!people.length) return;
  const made = span("here");
  made.dataset.mark = mark;
  made.title = sentence(people);
  const row = span("here-faces");
  row.append(...people.slice(0, MOST_FACES).map(([id]) => faces.get(id).cloneNode(true)));
  if (people.some(([, writes]) => writes)) made.append(pencil());
  made.append(row);
  if (people.length > MOST_FACES) made.append(span("here-more", `+${people.length - MOST_FACES}`));
  // Who writes is said above the composer.
  const said = words && !people.some(([, writes]) => writes);
  made.append(span(said ? "here-words" : "visually-hidden", sentence(people)));
  if (atEnd) parent.append(made);
  else parent.prepend(made);
}

/** "Bob is writing", "Bob and Léa are here": writers alone when there are any. */
function sentence(people) {
  const writers = people.filter(([, writes]) => writes);
  const named = (writers.length ? writers : people).map(([id]) => faces.get(id).dataset.name);
  const words = document.getElementById("here-words").dataset;
  const key = `${writers.length ? "writing" : "viewing"}${named.length > 1 ? "Many" : ""}`;
  return words[key].replace("{name}", new Intl.ListFormat(document.documentElement.lang).format(named));
}

const pencil = () => document.getElementById("here-words").content.firstElementChild.cloneNode(true);

function span(name, text = "") {
  const made = document.createElement("span");
  if (name) made.className = name;
  made.textContent = text;
  return made;
}

// What is fetched again comes without them; they are back before it is painted.
document.body.addEventListener("htmx:afterSwap", draw);
