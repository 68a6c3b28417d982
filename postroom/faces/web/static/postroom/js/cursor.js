/** The line of the list that the keys are at. It stays where it is while rows come and go. */

import { openId } from "./panes.js";

const lines = () => [...document.querySelectorAll("#rows .line")];
let at = { id: "", index: -1 };

export const cursor = () => document.querySelector(openId() ? "#rows .line.is-open" : "#rows .line.is-cursor");

/** With a conversation open its neighbour is opened; else the cursor moves. */
export function moveCursor(by) {
  const all = lines();
  if (!all.length) return;
  const isOpen = openId() !== null;
  const here = all.findIndex((line) => line.classList.contains(isOpen ? "is-open" : "is-cursor"));
  const next = all[here < 0 ? 0 : Math.min(Math.max(here + by, 0), all.length - 1)];
  set(next);
  if (!isOpen) next.querySelector("a").focus({ preventScroll: true });
  else if (here < 0 || next !== all[here]) next.querySelector("a").click();
}

function set(next) {
  const all = lines();
  for (const line of all) line.classList.toggle("is-cursor", line === next);
  at = { id: next.id, index: all.indexOf(next) };
  next.scrollIntoView({ block: "nearest" });
}

/** Select the line, where lines can be selected. */
export function selectLine() {
  const line = cursor();
  if (line) line.querySelector("[data-select], input[type=checkbox]")?.click();
}

// Rows came anew: the same line, or the one that is where it was.
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "rows" || at.index < 0 || openId()) return;
  const all = lines();
  const same = document.getElementById(at.id);
  const next = same || all[Math.min(at.index, all.length - 1)];
  if (!next) return;
  const wasHere = document.activeElement === document.body || document.activeElement?.closest("#rows");
  for (const line of all) line.classList.toggle("is-cursor", line === next);
  at = { id: next.id, index: all.indexOf(next) };
  if (wasHere && !same) next.querySelector("a").focus({ preventScroll: true });
});
