/**
 * A selection of conversations: by the box of a line, by `x`, with Shift from the last one on, all that is shown, or the
 * whole list. The bar that stands over the list's head then is the server's (`/bulk/bar`); what it does is in bulk.js.
 */

import { read } from "./lanes.js";
import { openId } from "./panes.js";

const chosen = new Map();
let whole = false;
let anchor = null;
let place = "";

const lines = () => [...document.querySelectorAll("#rows .line")];
const bar = () => document.getElementById("bulk-bar");
const place_ = () => document.querySelector("#found, #list")?.dataset.place || "";

/** Whether anything is selected. */
export const selecting = () => whole || chosen.size > 0;

/** What a form says of the selection. */
export function said() {
  const ids = whole ? "" : [...chosen].map(([id, seen]) => `${id}.${seen}`).join(",");
  return { ids, whole: whole ? "1" : "" };
}

/** Forget it. */
export function clear() {
  chosen.clear();
  whole = false;
  anchor = null;
  show();
}

/** Press a verb of the bar, as its key does; false when nothing is selected or the bar does not have it. */
export function press(verb) {
  const button = selecting() && bar()?.querySelector(`[data-bulk-verb="${verb}"]`);
  button?.click();
  return Boolean(button);
}

/** Open a menu of the bar; false when nothing is selected. */
export function openMenu(id) {
  const menu = selecting() && document.getElementById(id);
  if (!menu) return false;
  menu.querySelector("summary").focus();
  menu.open = true;
  menu.querySelector("input")?.focus();
  return true;
}

/** Select the line under the cursor, or the open one, or let it go; with `range` all from the last one on. */
export function toggleHere({ range = false } = {}) {
  const line = document.querySelector("#rows .line.is-cursor")
    || document.querySelector("#rows .line:focus-within")
    || (openId() && document.getElementById(`row-${openId()}`))
    || document.querySelector("#rows .line:hover");
  if (line) choose(line, { on: !chosen.has(line.dataset.id), range });
}

function choose(line, { on, range = false }) {
  if (whole) { whole = false; }
  const all = lines();
  const from = range && anchor ? all.findIndex((one) => one.dataset.id === anchor) : -1;
  const to = all.indexOf(line);
  const some = from < 0 ? [line] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const one of some) {
    if (on) chosen.set(one.dataset.id, one.dataset.last || "0");
    else chosen.delete(one.dataset.id);
  }
  anchor = line.dataset.id;
  show();
}

function show() {
  const on = selecting();
  document.getElementById("rows")?.classList.toggle("is-selecting", on);
  for (const line of lines()) {
    const selected = whole || chosen.has(line.dataset.id);
    line.classList.toggle("is-selected", selected);
    const box = line.querySelector("[data-select]");
    if (box) box.checked = selected;
  }
  const shown = bar();
  if (!shown) return;
  if (on && !shown.childElementCount) fill(shown);
  shown.hidden = !on;
  say(shown);
}

function say(shown) {
  const count = shown.querySelector("[data-bulk-count]");
  if (!count) return;
  const all = shown.querySelector("[data-select-whole]")?.dataset.count || "";
  const words = whole ? shown.dataset.all : shown.dataset.words;
  const text = words.replace("%(num)s", whole ? Number(all).toLocaleString(document.documentElement.lang) : String(chosen.size));
  if (count.textContent !== text) count.textContent = text;
}

/** The bar comes with the first selection: most lists are left without one. */
async function fill(shown) {
  if (shown.dataset.coming) return;
  shown.dataset.coming = "yes";
  await read("selection", shown.dataset.url, { target: shown, swap: "innerHTML" });
  delete shown.dataset.coming;
  show();
}

// After a swap the same lines are selected; what has left the list is not. Another list begins without a selection.
document.body.addEventListener("htmx:afterSettle", (event) => {
  const id = event.detail.target?.id || "";
  if (!["rows", "rows-more", "panes", "list", "found"].includes(id)) return;
  if (place_() !== place) {
    place = place_();
    clear();
    return;
  }
  const there = new Map(lines().map((line) => [line.dataset.id, line]));
  for (const one of [...chosen.keys()]) if (!there.has(one)) chosen.delete(one);
  show();
});

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-select]");
  if (box) {
    choose(box.closest(".line"), { on: box.checked, range: event.shiftKey });
    return;
  }
  if (event.target.closest?.("[data-select-none]")) clear();
  else if (event.target.closest?.("[data-select-shown]")) selectShown();
  else if (event.target.closest?.("[data-select-whole]")) {
    whole = true;
    show();
  } else if (event.target.closest?.("[data-select-mode]")) {
    const on = document.getElementById("rows")?.classList.toggle("is-selecting");
    if (!on) clear();
  }
});

/** Select every line that is on the page. */
export function selectShown() {
  whole = false;
  for (const line of lines()) chosen.set(line.dataset.id, line.dataset.last || "0");
  show();
}

place = place_();
