/** Toasts, bottom left: a sentence, with Undo for ten seconds where there is a way back. */

import { ask } from "./lanes.js";
import { isUnderWay } from "./verbs.js";

const STAYS = 10_000;
const MOST = 3;
const place = document.getElementById("toasts");
const NEXT = "postroom:toast";
let undoAt = 0;

/** @param {{text: string, kind?: string, undo?: {method?: string, url: string} | (() => void) | null, again?: (() => void) | null}} what */
export function toast({ text, kind = "", undo = null, again = null }) {
  const shown = document.createElement("div");
  shown.className = kind ? `toast toast-${kind}` : "toast";
  const sentence = document.createElement("span");
  sentence.textContent = text;
  shown.append(sentence);
  const back = undo && button(place.dataset.undo, () => takeBack(undo, shown), "data-undo-toast");
  if (back) shown.append(back);
  if (again) shown.append(button(place.dataset.again, () => { leave(shown); again(); }, "data-again"));
  shown.append(button("×", () => leave(shown), "data-dismiss", place.dataset.dismiss));
  while (place.children.length >= MOST) place.firstElementChild.remove();
  place.append(shown);
  if (back && performance.now() < undoAt) back.click();
  undoAt = 0;
  // A reply that leaves in ten seconds can be taken back for ten seconds, whoever points at the toast.
  if (undo?.seconds) setTimeout(() => leave(shown), Math.max(undo.seconds * 1000 - 300, 1000));
  // What failed stays until somebody has decided.
  else wait(shown, again ? STAYS * 6 : STAYS);
  return shown;
}

/** Take the last thing back that can be (the key z); what is just being done, as soon as it is done. */
export function undoLast() {
  if (isUnderWay()) undoAt = performance.now() + 3000;
  else [...place.querySelectorAll("[data-undo-toast]")].at(-1)?.click();
}

/** Say it on the page that comes next, with as much time to take it back as is left by then. */
export function toastOnNextPage({ text, undo = null }) {
  try {
    sessionStorage.setItem(NEXT, JSON.stringify({ text, undo, at: Date.now() }));
  } catch {
    // Where nothing can be kept, nothing is said; the message itself can be taken back.
  }
}

function fromLastPage() {
  const kept = sessionStorage.getItem(NEXT);
  if (!kept) return;
  sessionStorage.removeItem(NEXT);
  const { text, undo, at } = JSON.parse(kept);
  const left = (undo?.seconds ?? 0) - (Date.now() - at) / 1000;
  toast({ text, undo: left > 2 ? { ...undo, seconds: left } : null });
}

try {
  fromLastPage();
} catch {
  // As above.
}

function button(word, act, mark, name = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button-small";
  made.textContent = word;
  made.setAttribute(mark, "");
  if (name) made.setAttribute("aria-label", name);
  made.addEventListener("click", act);
  return made;
}

function takeBack(undo, shown) {
  leave(shown);
  if (typeof undo === "function") undo();
  else if (/\/sending(\?|$)/.test(undo.url)) document.body.dispatchEvent(new CustomEvent("postroom:unsend", { detail: { url: undo.url } }));
  else ask(undo.method || "DELETE", undo.url).catch(() => {});
}

/** Somebody who points at a toast, or is in it, is still reading. */
function wait(shown, time) {
  setTimeout(() => (shown.matches(":hover, :focus-within") ? wait(shown, 2000) : leave(shown)), time);
}

function leave(shown) {
  shown.classList.add("is-leaving");
  setTimeout(() => shown.remove(), 120);
}
