/** The search box: results as one types, and the way back to the list that was there before. */

import { read } from "./lanes.js";
import { mark } from "./panes.js";

const PATIENCE = 250;
const field = () => document.getElementById("search-field");
const form = () => document.getElementById("search");

let waiting = null;
let asked = field()?.value.trim() ?? "";
// The list from which somebody began to search: an emptied box leads back there, after a reload, too.
const HOME = "postroom:searched-from";

document.addEventListener("input", (event) => {
  if (event.target !== field()) return;
  clearTimeout(waiting);
  waiting = setTimeout(find, PATIENCE);
});

document.addEventListener("change", (event) => {
  if (event.target.id === "search-sort") find({ again: true });
});

document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault();
  clearTimeout(waiting);
  find({ again: true });
});

document.addEventListener("keydown", (event) => {
  if (event.target !== field() || event.defaultPrevented || event.isComposing) return;
  if (event.key === "Escape" && field().value) {
    event.preventDefault();
    field().value = "";
    find();
  } else if (event.key === "ArrowDown") {
    event.preventDefault();
    document.querySelector("#rows .line a")?.focus();
  }
});

/** Fetch what the text finds into the list's place. */
async function find({ again = false } = {}) {
  const found = document.getElementById("found");
  const typed = field()?.value.trim() ?? "";
  if (!found || (typed === asked && !again)) return;
  const before = asked;
  asked = typed;
  if (!found.dataset.url.startsWith("/search")) sessionStorage.setItem(HOME, found.dataset.url);
  const path = typed ? address(typed) : sessionStorage.getItem(HOME) || form().dataset.home;
  field().closest(".search").classList.add("is-looking");
  await read("found", path, { target: "#found", swap: "outerHTML" });
  document.querySelector(".search")?.classList.remove("is-looking");
  // Somebody has typed on: a later answer is on its way.
  if (asked !== typed) return;
  // One step back leads to what was there before the search, not through every letter.
  if (before) history.replaceState({ htmx: true }, "", path);
  else history.pushState({ htmx: true }, "", path);
}

function address(typed) {
  const sort = document.getElementById("search-sort")?.value;
  return `${form().getAttribute("action")}?${new URLSearchParams(sort ? { q: typed, sort } : { q: typed })}`;
}

/** What the pane says of its list is in the part that is fetched. */
document.body.addEventListener("htmx:afterSettle", (event) => {
  const { id } = event.detail.target ?? {};
  if (id !== "found" && id !== "panes") return;
  if (id === "panes") asked = field()?.value.trim() ?? "";
  const found = document.getElementById("found");
  const pane = document.getElementById("list");
  if (!found || !pane) return;
  pane.dataset.place = found.dataset.place;
  pane.dataset.url = found.dataset.url;
  pane.setAttribute("aria-label", found.dataset.title);
  mark();
});
