/** The counts of the views: asked for once the page is there, and again when something happened, not at each thing. */

import { BY_ITSELF, read } from "./lanes.js";

const CALM = 1500;
let waiting = null;

const views = () => document.getElementById("views");

function count() {
  waiting = null;
  if (!views()?.querySelector("a") || document.visibilityState !== "visible") return;
  const here = document.getElementById("list")?.dataset.place || "";
  const path = `${views().dataset.url}?${new URLSearchParams({ in: here })}`;
  read("views", path, { target: views(), swap: "morph:outerHTML", headers: BY_ITSELF });
}

function soon() {
  waiting ??= setTimeout(count, CALM);
}

document.body.addEventListener("postroom:hint", soon);
document.addEventListener("visibilitychange", soon);
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "sidebar" && views()?.matches("[data-uncounted]")) soon();
});

if (views()?.matches("[data-uncounted]")) count();
