/** Which list and which conversation are shown: the address bar, the back button, and what the rest of the page marks. */

import { titled } from "./badge.js";
import "./going.js";
import { read } from "./lanes.js";

export const list = () => document.getElementById("list");
export const conversation = () => document.getElementById("conversation");
/** How what is out of sight comes into it; whoever asked for no motion gets none (a style cannot say so for a script). */
export const pace = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");
export const openId = () => Number(conversation()?.dataset.id) || null;

/** Mark where we are in the sidebar and in the list. */
export function mark() {
  const place = list()?.dataset.place;
  for (const link of document.querySelectorAll("#sidebar [data-place]")) {
    if (link.dataset.place === place) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const id = openId();
  for (const line of document.querySelectorAll("#rows .line")) {
    const isOpen = Number(line.dataset.id) === id;
    line.classList.toggle("is-open", isOpen);
    if (isOpen) line.querySelector("a").setAttribute("aria-current", "true");
    else line.querySelector("a").removeAttribute("aria-current");
  }
  const title = conversation()?.dataset.title || (list() && `${list().getAttribute("aria-label")} · Postroom`);
  if (title) titled(title);
}

/** Go to an address of the inbox, changing no more of the page than it asks for. */
export function go(path, { push = true } = {}) {
  const { target } = parts(path);
  return read("panes", path, { target, swap: "outerHTML" }).then(() => {
    if (push) history.pushState({ htmx: true }, "", path);
    mark();
  }, () => {
    // That it failed is said by page.js, and where one was one stays.
  });
}

/** Go on with the line below the open conversation, else the one above, else back to the list. */
export function openNext() {
  const here = document.querySelector("#rows .line.is-open");
  const near = (line) => (line?.matches?.(".line") ? line.querySelector("a") : null);
  const next = near(here?.nextElementSibling) || near(here?.previousElementSibling);
  (next || document.querySelector("[data-back-to-list]"))?.click();
}

/** A folder already shown needs only its conversation pane; another one needs both. */
function parts(path) {
  const url = new URL(path, location.href);
  const place = url.searchParams.get("in");
  const here = list();
  const same = here && (here.dataset.url === url.pathname || (place && place === here.dataset.place));
  return { target: same ? "#conversation" : "#panes" };
}

// htmx goes back to its own entries only, and the first one is the browser's.
if (document.getElementById("panes") && !history.state?.htmx) history.replaceState({ ...history.state, htmx: true }, "");

const ours = (path) => document.getElementById("panes") && /^\/(folders|mailboxes|conversations|search|views)(\/|$)/.test(path);

// htmx would put a whole page into the body; the list keeps its place when only the conversation changes.
document.body.addEventListener("htmx:historyCacheMiss", (event) => {
  event.preventDefault();
  const { path } = event.detail;
  if (ours(path)) go(path, { push: false });
  else location.reload();
});

// Skeletons only after 150 ms: most pages are here before.
let slow = null;
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id !== "conversation") return;
  clearTimeout(slow);
  slow = setTimeout(() => conversation()?.classList.add("is-loading"), 150);
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.target?.id !== "conversation") return;
  clearTimeout(slow);
  conversation()?.classList.remove("is-loading");
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  const id = event.detail.target?.id;
  if (id !== "panes" && id !== "conversation" && id !== "rows" && id !== "sidebar" && id !== "rows-more") return;
  mark();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-toggle-panel]")) return;
  const wide = matchMedia("(min-width: 1440px)").matches;
  const pane = conversation();
  pane.classList.toggle(wide ? "without-panel" : "with-panel");
  const shown = wide ? !pane.classList.contains("without-panel") : pane.classList.contains("with-panel");
  for (const button of document.querySelectorAll("[data-toggle-panel]")) button.setAttribute("aria-expanded", String(shown));
});

mark();
