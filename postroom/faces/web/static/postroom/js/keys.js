/** Single keys, for those who want them (they can be switched off). What each does stands in the list behind `?`. */

import { control, menu, press, use } from "./controls.js";
import { cursor, moveCursor, selectLine } from "./cursor.js";
import { closeMenus } from "./menus.js";
import { conversation, go, list, openId } from "./panes.js";
import { undoLast } from "./toasts.js";

const place = (name) => document.querySelector(`#sidebar [data-place="${name}"]`);
const composer = () => document.getElementById("composer");

/** What `act` in the table may say, and whether it can be done here and now. */
const ACTS = {
  next: { run: () => moveCursor(1) },
  previous: { run: () => moveCursor(-1) },
  open: { run: () => cursor()?.querySelector("a").click() },
  select: { run: selectLine },
  back: { run: back },
  undo: { run: undoLast, can: () => document.querySelector("[data-undo-toast]") },
  help: { run: () => document.getElementById("keys-dialog")?.showModal() },
  palette: { run: () => document.body.dispatchEvent(new CustomEvent("postroom:palette")) },
  search: { run: search },
  news: { run: () => press('#sidebar a[href="/notifications"]') },
  go: { run: (name) => place(name)?.click(), can: place },
  compose: { run: (mode) => document.body.dispatchEvent(new CustomEvent("postroom:compose", { detail: { mode } })), can: composer },
  menu: { run: menu, can: (id) => document.getElementById(id) },
  focus: { run: (id) => document.getElementById(id)?.focus(), can: (id) => document.getElementById(id) },
  verb: { run: use, can: control },
  last: { run: (name) => last(name)?.click(), can: last },
};

/** Of what each message may offer, the newest one's; nothing while that is being changed. */
function last(name) {
  const found = [...document.querySelectorAll(`#timeline [data-verb="${name}"]`)].at(-1);
  return found?.closest("li")?.querySelector(".note-editor") ? null : found;
}

/** All keys there are: {keys, act, word, icon, caps}. */
export const table = [...document.querySelectorAll("#keys-dialog [data-act]")].map((row) => ({
  keys: row.dataset.keys.split("|"),
  act: row.dataset.act,
  icon: row.dataset.icon || "",
  word: row.querySelector("dt").textContent,
  caps: row.querySelector("dd"),
}));

/** Do what the table says; of several names the first that is on the page. */
export function perform(act) {
  const { run, name } = read(act);
  run?.(name);
}

export const possible = (act) => {
  const { can, name } = read(act);
  return !can || Boolean(can(name));
};

function read(act) {
  const [kind, ...names] = act.split(" ");
  const found = ACTS[kind] || {};
  return { ...found, name: names.find((one) => !found.can || found.can(one)) ?? names[0] };
}

const single = new Map();
const afterG = new Map();
for (const { keys, act } of table) {
  for (const key of keys) {
    if (!act || key.includes("+") && key.length > 1) continue;
    if (key.startsWith("g ")) afterG.set(key.slice(2), act);
    else single.set(key, act);
  }
}
// Arrows move in the list, too, while nothing is open; they are no letters, and nobody has to be told.
single.set("ArrowDown", "next").set("ArrowUp", "previous");

let going = 0;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
    if (inEditor(event)) return;
    event.preventDefault();
    perform("palette");
  }
  if (event.ctrlKey || event.metaKey || document.querySelector("dialog[open]") || writing(event)) return;
  const act = chosen(event);
  if (!act) return;
  event.preventDefault();
  if (typeof act === "function") act();
  else perform(act);
});

/** Words that are marked in the editor become a link by the same keys. */
const inEditor = (event) => event.target.isContentEditable && !getSelection().isCollapsed;

/** In a field, a key writes; Escape leaves it. */
function writing(event) {
  const field = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  if (!field) return false;
  if (event.key === "Escape" && !field.isContentEditable) field.blur();
  return true;
}

function chosen(event) {
  if (event.key === "Enter" && event.target.closest?.("a, button, summary, [role=button]")) return null;
  if (event.key.startsWith("Arrow") && (openId() || event.target.closest?.("#thread, details.menu"))) return null;
  if (document.body.dataset.keys === "off") return null;
  if (Date.now() - going < 1500 && afterG.has(event.key)) {
    going = 0;
    return afterG.get(event.key);
  }
  if (event.key === "g") return () => { going = Date.now(); };
  if (event.key === "Escape" && document.querySelector("details.menu[open]")) return closeMenus;
  return single.get(event.key) || null;
}

function back() {
  const pane = conversation();
  if (pane?.classList.contains("with-panel")) pane.classList.remove("with-panel");
  else if (openId()) press("[data-back-to-list]");
  else if (list()) document.activeElement?.blur();
}

function search() {
  const field = document.getElementById("search-field");
  if (field?.checkVisibility()) {
    field.focus();
    field.select();
  } else if (document.getElementById("panes")) go(document.getElementById("search")?.getAttribute("action") || "/search");
  else location.assign("/search");
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-keys]")) perform("help");
  if (event.target.closest("[data-open-palette]")) perform("palette");
});

// A Mac writes its key as it is on its keyboard.
if (/Mac|iPhone|iPad/.test(navigator.platform)) {
  for (const cap of document.querySelectorAll("#keys-dialog kbd")) if (cap.textContent === "Ctrl") cap.textContent = "⌘";
}
