/** One verb for a whole selection: the bar's forms, their keys, the question before many, and how far it is. */

import { BY_ITSELF, read } from "./lanes.js";
import { clear, openMenu, press, said, selecting, selectShown, toggleHere } from "./selection.js";

const KEPT = "postroom-bulk";
const progress = () => document.getElementById("bulk-progress");

document.body.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.closest?.("form[data-bulk]")) Object.assign(detail.parameters, said());
});

// The question came: ask it. What answers it well closes it.
document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target?.matches?.("dialog") && !detail.target.open) detail.target.showModal();
});
document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
  const asked = detail.elt.closest?.("dialog[data-fetched]");
  // An answer that leads to another page (HX-Location) is not called successful.
  if (asked && detail.xhr.status < 300 && detail.requestConfig.verb !== "get") asked.close();
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-close-dialog]")) event.target.closest("dialog")?.close();
  if (event.target.closest?.("[data-dismiss-job]")) dismiss();
});

document.body.addEventListener("postroom:bulk", ({ detail }) => {
  document.getElementById("bulk-sure")?.close();
  clear();
  if (detail.job) follow(detail.url);
  else if (progress()?.querySelector("[data-ended]")) dismiss();
});

/** Show how far a job is, here and on the pages that are opened meanwhile. */
function follow(url) {
  localStorage.setItem(KEPT, url);
  if (progress()) read("bulk", url, { target: progress(), swap: "innerHTML", headers: BY_ITSELF }).catch(dismiss);
}

function dismiss() {
  localStorage.removeItem(KEPT);
  progress()?.replaceChildren();
}

const kept = localStorage.getItem(KEPT);
if (kept && /^\/bulk\/\d+$/.test(kept)) follow(kept);
document.body.addEventListener("htmx:responseError", ({ detail }) => {
  // Somebody else's, on a browser that two people share.
  if (detail.xhr.status === 404 && /^\/bulk\/\d+$/.test(detail.requestConfig.path)) dismiss();
});
document.body.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.elt?.matches?.("[data-bulk-job][data-ended]")) localStorage.removeItem(KEPT);
});

const KEYS = {
  e: () => press("close"),
  E: () => press("reopen"),
  "!": () => press("spam") || press("not_spam"),
  m: () => press("assign:me"),
  i: () => openMenu("bulk-owner-menu"),
  s: () => openMenu("bulk-snooze-menu"),
  t: () => openMenu("bulk-tag-menu"),
  p: () => openMenu("bulk-more-menu"),
  v: () => openMenu("bulk-more-menu"),
  "*": () => { selectShown(); return true; },
  Escape: () => {
    if (document.querySelector("details.menu[open]")) return false;
    clear();
    return true;
  },
};

// In front of keys.js (it is imported first there): with a selection a key means the selection.
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]") || !document.getElementById("rows")) return;
  const field = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (field) {
    if (event.key === "Enter" && field.dataset.bulkEnter) {
      event.preventDefault();
      press(field.dataset.bulkEnter);
    }
    return;
  }
  if (document.body.dataset.keys === "off") return;
  if (event.key === "x" || event.key === "X") {
    event.preventDefault();
    toggleHere({ range: event.key === "X" || event.shiftKey });
  } else if (selecting() && Object.hasOwn(KEYS, event.key)) {
    // Where the bar has no such verb nothing happens: the open conversation is not what is meant.
    if (KEYS[event.key]() || event.key !== "Escape") event.preventDefault();
  }
}, true);
