/** The page's own controls, pressed by a key or from the palette: what they may do and ask stays theirs. */

import { cursor } from "./cursor.js";
import { openId } from "./panes.js";

const { htmx } = window;

// What is selected comes before what is open; the rest of the page has what belongs to no conversation.
const SCOPES = ["[data-selection]:not([hidden])", "#conversation-head", "#conversation", "body"];

// That it failed is said by page.js.
const told = () => {};

export const press = (selector) => document.querySelector(selector)?.click();

/** The control of a verb, as far as it may be used; for the line under the cursor what a line offers. */
export function control(name) {
  for (const scope of SCOPES) {
    for (const found of document.querySelectorAll(`${scope} [data-verb="${name}"]`)) if (usable(found)) return found;
  }
  return openId() ? null : ofLine(name);
}

function usable(found) {
  const button = found.matches("form") ? found.querySelector("button") : found;
  return button && !button.disabled && !found.closest("template");
}

/** Use a verb: at once where nothing is left to say, else by opening what asks for it. */
export function use(name) {
  const found = control(name);
  if (!found) return;
  if (found.line) onLine(found);
  else if (!found.matches("form")) found.click();
  else if (asks(found)) openUp(found);
  else found.querySelector("button").click();
}

/** Several buttons are a choice; a field wants to be filled in. */
const asks = (form) =>
  form.querySelectorAll("button").length > 1 || form.querySelector("input:not([type=hidden]), select, textarea") !== null;

function openUp(form) {
  const dialog = form.closest("dialog");
  if (dialog && !dialog.open) dialog.showModal();
  for (let outer = form.closest("details"); outer; outer = outer.parentElement.closest("details")) {
    if (!outer.open) outer.querySelector("summary").focus();
    outer.open = true;
  }
  const field = form.querySelector("[autofocus], input:not([type=hidden], [type=checkbox], [type=datetime-local]), textarea, select");
  if (form.matches("details.menu form") && !field) form.querySelector("button").focus();
  else (field || form.querySelector("button")).focus();
}

export function menu(id) {
  const found = document.getElementById(id);
  if (!found) return;
  found.querySelector("summary").focus();
  found.open = true;
}

function ofLine(name) {
  const line = cursor();
  const [noun, method] = name === "take" ? ["assignment", "post"] : name.split("-");
  const offered = document.getElementById("line-verbs")?.content.querySelector(`[data-do="${method} ${noun}"]`);
  return line && offered && !("reads" in line.dataset) ? { line, noun, method } : null;
}

function onLine({ line, noun, method }) {
  htmx.ajax(method.toUpperCase(), `/conversations/${line.dataset.id}/${noun}`, { source: line, swap: "none" })?.catch(told);
}
