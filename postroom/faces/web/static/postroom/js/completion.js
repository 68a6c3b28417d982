/** Suggestions under a field that takes a condition: a combobox with a list, moved through by arrows (WAI-ARIA 1.2). */

import { BY_ITSELF } from "./lanes.js";

const PATIENCE = 120;

let waiting = null;
let shown = null;

const around = (field) => (field?.matches?.("input:not([type=hidden])") ? field.closest(".search-form, .view-words") : null);
const listOf = (field) => around(field)?.querySelector(".search-completion");
const addressOf = (field) => around(field).dataset.completion;

document.addEventListener("input", (event) => {
  if (!around(event.target)) return;
  clearTimeout(waiting);
  waiting = setTimeout(ask, PATIENCE, event.target);
});

document.addEventListener("focusout", (event) => {
  if (around(event.target)) hide(event.target);
});

// Before everybody else's: while suggestions are open, arrows, Enter, Tab and Escape are theirs.
document.addEventListener("keydown", (event) => {
  const list = listOf(event.target);
  if (!list || list.hidden || event.isComposing) return;
  const here = [...list.children].findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(event.target, here + 1);
  else if (event.key === "ArrowUp") choose(event.target, here < 0 ? -1 : here - 1);
  else if ((event.key === "Enter" && here >= 0) || (event.key === "Tab" && !event.shiftKey)) take(event.target, Math.max(here, 0));
  else if (event.key === "Escape") hide(event.target);
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(".search-completion [role=option]");
  if (!option) return;
  // The field keeps the focus.
  event.preventDefault();
  take(option.closest(".search-form, .view-words").querySelector("input:not([type=hidden])"), [...option.parentElement.children].indexOf(option));
});

document.addEventListener("submit", (event) => {
  const field = event.target.querySelector(".search-completion") && event.target.querySelector("[aria-autocomplete]");
  if (field) hide(field);
});

async function ask(field) {
  const text = field.value;
  const at = field.selectionStart ?? text.length;
  const answer = await fetch(`${addressOf(field)}?${new URLSearchParams({ q: text, at })}`, { headers: BY_ITSELF }).catch(() => null);
  const found = answer?.ok ? await answer.json().catch(() => null) : null;
  if (!found || field.value !== text || document.activeElement !== field) return;
  shown = found;
  draw(field);
}

function draw(field) {
  const list = listOf(field);
  list.replaceChildren(...shown.suggestions.map(({ word, note }, number) => {
    const option = document.createElement("li");
    option.id = `${list.id}-${number}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    for (const [name, text] of [["completion-word", word], ["completion-note", note]]) {
      const part = document.createElement("span");
      part.className = name;
      part.textContent = text;
      option.append(part);
    }
    return option;
  }));
  list.hidden = !shown.suggestions.length;
  field.setAttribute("aria-expanded", String(!list.hidden));
  field.removeAttribute("aria-activedescendant");
}

function choose(field, number) {
  const options = [...listOf(field).children];
  const chosen = options.at(number % options.length);
  for (const option of options) option.setAttribute("aria-selected", String(option === chosen));
  field.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

function take(field, number) {
  const { from, to, suggestions } = shown;
  field.setRangeText(suggestions[number].text, from, to, "end");
  hide(field);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function hide(field) {
  clearTimeout(waiting);
  listOf(field).hidden = true;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

// The field of a view's form is drawn as every other; what it needs is said here.
for (const field of document.querySelectorAll(".view-words input")) {
  const said = { role: "combobox", "aria-expanded": "false", "aria-controls": listOf(field).id, "aria-autocomplete": "list" };
  for (const [name, value] of Object.entries(said)) field.setAttribute(name, value);
}
