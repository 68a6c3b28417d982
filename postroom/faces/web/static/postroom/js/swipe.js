/** On a touch screen a line is swiped: to its end it is closed (or what the list offers instead), to its start put off. */

import { ask } from "./lanes.js";

const { htmx } = window;
const START = 12;
const FAR = 96;

// That it failed is said by page.js.
const told = () => {};

let touch = null;

const offered = () => [...(document.getElementById("line-verbs")?.content.querySelectorAll("[data-do]") || [])].at(-1);
const sheet = () => document.getElementById("snooze-sheet");
const toEnd = () => (document.documentElement.dir === "rtl" ? -1 : 1);

document.addEventListener("touchstart", (event) => {
  const line = event.touches.length === 1 ? event.target.closest?.("#rows .line") : null;
  touch = line && !("reads" in line.dataset) ? { line, x: event.touches[0].clientX, y: event.touches[0].clientY, dx: 0, on: false } : null;
}, { passive: true });

document.addEventListener("touchmove", (event) => {
  if (!touch) return;
  const dx = event.touches[0].clientX - touch.x;
  const dy = event.touches[0].clientY - touch.y;
  if (!touch.on) {
    if (Math.abs(dy) > START) touch = null;
    else if (Math.abs(dx) > START && Math.abs(dx) > Math.abs(dy) * 1.5) begin();
    if (!touch?.on) return;
  }
  // Only the side that does something moves.
  touch.dx = touch.does[Math.sign(dx) * toEnd()] ? dx : 0;
  draw();
  if (event.cancelable) event.preventDefault();
}, { passive: false });

function begin() {
  const verb = offered();
  const does = {};
  if (verb) does[1] = { icon: verb, word: verb.title, run: (line) => act(line, verb.dataset.do) };
  const later = document.getElementById("line-snooze")?.content.firstElementChild;
  if (later && sheet()) does[-1] = { icon: later, word: later.title, run: putOff };
  if (!does[1] && !does[-1]) {
    touch = null;
    return;
  }
  const under = document.createElement("span");
  under.className = "swipe-under";
  under.setAttribute("aria-hidden", "true");
  Object.assign(touch, { on: true, does, under });
  touch.line.prepend(under);
  touch.line.classList.add("is-swiped");
}

function draw() {
  const { dx, does, line, under } = touch;
  const side = Math.sign(dx) * toEnd();
  const verb = does[side];
  line.style.setProperty("--swiped", `${dx}px`);
  under.dataset.side = side > 0 ? "end" : "start";
  under.classList.toggle("is-far", Math.abs(dx) > FAR);
  if (!verb || under.dataset.word === verb.word) return;
  under.dataset.word = verb.word;
  const word = document.createElement("span");
  word.textContent = verb.word;
  under.replaceChildren(verb.icon.querySelector("svg").cloneNode(true), word);
}

function finish({ target }) {
  if (!touch) return;
  const { line, under, on, dx, does } = touch;
  touch = null;
  if (!on) return;
  line.style.removeProperty("--swiped");
  line.classList.remove("is-swiped");
  line.classList.add("is-let-go");
  setTimeout(() => {
    line.classList.remove("is-let-go");
    under.remove();
  }, 200);
  // The finger's end would also be a click that opens the line.
  target.closest("a")?.addEventListener("click", (event) => { event.preventDefault(); event.stopImmediatePropagation(); }, { once: true, capture: true });
  const verb = does[Math.sign(dx) * toEnd()];
  if (verb && Math.abs(dx) > FAR) verb.run(line);
}

document.addEventListener("touchend", finish);
document.addEventListener("touchcancel", () => {
  if (touch) {
    touch.dx = 0;
    finish({ target: touch.line });
  }
});

function act(line, does) {
  const [method, noun] = does.split(" ");
  htmx.ajax(method.toUpperCase(), `/conversations/${line.dataset.id}/${noun}`, { source: line, swap: "none" })?.catch(told);
}

function putOff(line) {
  sheet().dataset.id = line.dataset.id;
  sheet().showModal();
}

document.addEventListener("click", (event) => {
  const shown = sheet();
  if (!shown?.open) return;
  const button = event.target.closest("#snooze-sheet button[value]");
  if (event.target === shown || button) shown.close();
  if (button) ask("POST", `/conversations/${shown.dataset.id}/snooze`, { values: { until: button.value } }).catch(told);
});
