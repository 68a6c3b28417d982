/** Single keys, for those who want them (they can be switched off), and a list of them behind `?`. */

import { closeMenus } from "./menus.js";
import { conversation, list, openId } from "./panes.js";
import { undoLast } from "./toasts.js";

const compose = (mode) => document.body.dispatchEvent(new CustomEvent("postroom:compose", { detail: { mode } }));
const press = (selector) => document.querySelector(selector)?.click();
const verb = (name) => press(`#conversation-head form[data-verb="${name}"] button`);
const lines = () => [...document.querySelectorAll("#rows .line")];

const FOLDERS = { m: "mine", u: "unassigned", i: "open", o: "open", p: "pending", z: "snoozed", c: "closed", s: "spam", t: "trash" };

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => !openId() && step(1),
  ArrowUp: () => !openId() && step(-1),
  Enter: () => document.querySelector("#rows .is-cursor a")?.click(),
  u: back,
  Escape: back,
  r: () => compose("reply"),
  a: () => compose("reply-all"),
  n: () => compose("note"),
  e: () => verb("closure-post"),
  E: () => verb("closure-delete") || verb("pending-delete"),
  m: () => press('#conversation-head [data-verb="take"]'),
  i: () => menu("owner-menu"),
  p: () => menu("priority-menu"),
  t: () => document.getElementById("tag-name")?.focus(),
  "!": () => verb("spam-post") || verb("spam-delete"),
  z: undoLast,
  "?": help,
};

let going = 0;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  if (writing(event)) return;
  const act = chosen(event);
  if (!act) return;
  event.preventDefault();
  act();
});

/** In a field, a key writes; Escape leaves it. */
function writing(event) {
  const field = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (!field) return false;
  if (event.key === "Escape" && !field.isContentEditable) field.blur();
  return true;
}

function chosen(event) {
  const single = document.body.dataset.keys !== "off";
  if (event.key === "Enter" && event.target.closest?.("a, button, summary, [role=button]")) return null;
  if (event.key.startsWith("Arrow") && event.target.closest?.("#thread, details.menu")) return null;
  if (!single) return null;
  if (Date.now() - going < 1500 && FOLDERS[event.key]) {
    going = 0;
    return () => press(`#sidebar [data-place="${FOLDERS[event.key]}"]`);
  }
  if (event.key === "g") return () => { going = Date.now(); };
  if (event.key === "Escape" && document.querySelector("details.menu[open]")) return closeMenus;
  return Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null;
}

/** With a conversation open its neighbour is opened; else the cursor moves. */
function step(by) {
  const all = lines();
  if (!all.length) return;
  const isOpen = openId() !== null;
  const here = all.findIndex((line) => line.classList.contains(isOpen ? "is-open" : "is-cursor"));
  const next = all[here < 0 ? 0 : Math.min(Math.max(here + by, 0), all.length - 1)];
  for (const line of all) line.classList.toggle("is-cursor", line === next);
  next.scrollIntoView({ block: "nearest" });
  if (!isOpen) next.querySelector("a").focus({ preventScroll: true });
  else if (here < 0 || next !== all[here]) next.querySelector("a").click();
}

function back() {
  const pane = conversation();
  if (pane?.classList.contains("with-panel")) pane.classList.remove("with-panel");
  else if (openId()) press("[data-back-to-list]");
  else if (list()) document.activeElement?.blur();
}

function menu(id) {
  const found = document.getElementById(id);
  if (!found) return;
  found.querySelector("summary").focus();
  found.open = true;
}

function help() {
  document.getElementById("keys-dialog")?.showModal();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-keys]")) help();
});
