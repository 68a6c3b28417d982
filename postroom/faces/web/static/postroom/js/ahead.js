/**
 * The neighbours of the open conversation, fetched ahead: what follows is there at once. Kept in this page's memory for a
 * minute at most, and only as long as nothing was heard of them; what is sensitive the server does not give ahead.
 */

import { overtake } from "./going.js";
import { BY_ITSELF } from "./lanes.js";
import { openId } from "./panes.js";
import { append } from "./thread.js";

const { htmx } = window;
const FRESH = 60_000;
const PATIENCE = 250;
const HEADERS = { "HX-Request": "true", "HX-Target": "conversation", ...BY_ITSELF, "Postroom-Ahead": "1" };

const kept = new Map();
const underWay = new Set();
let connected = true;
let waiting = null;

/** The one below first: that is where one goes on after closing. */
function neighbours() {
  const here = document.querySelector("#rows .line.is-open");
  const near = [here?.nextElementSibling, here?.previousElementSibling];
  return near.filter((line) => line?.matches(".line")).map((line) => line.querySelector("a").getAttribute("href"));
}

async function fetchAhead() {
  if (!openId() || !connected || document.visibilityState !== "visible" || navigator.connection?.saveData) return;
  const wanted = neighbours();
  for (const path of kept.keys()) if (!wanted.includes(path) || isOld(path)) kept.delete(path);
  for (const path of wanted) {
    if (kept.has(path) || underWay.has(path)) continue;
    underWay.add(path);
    const answer = await fetch(path, { headers: HEADERS }).catch(() => null);
    const text = answer?.status === 200 && !answer.redirected ? await answer.text().catch(() => "") : "";
    // Something happened there while it was on its way.
    if (underWay.delete(path) && text) kept.set(path, { text, at: Date.now() });
  }
}

const isOld = (path) => Date.now() - kept.get(path).at > FRESH;

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => (window.requestIdleCallback || setTimeout)(fetchAhead), PATIENCE);
}

function forget(id = null) {
  for (const path of [...kept.keys(), ...underWay]) {
    if (id && !path.startsWith(`/conversations/${id}?`)) continue;
    kept.delete(path);
    underWay.delete(path);
  }
}

// Before panes.js, which shows that something is loading.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target, pathInfo, requestConfig, etc } = event.detail;
  if (event.defaultPrevented || requestConfig?.verb !== "get" || target?.id !== "conversation") return;
  const path = pathInfo.finalRequestPath;
  const found = kept.get(path);
  kept.delete(path);
  if (!found || Date.now() - found.at > FRESH || !connected) return;
  event.preventDefault();
  event.stopPropagation();
  overtake();
  show(target, found.text, path);
  // A link's, or one that the server led to; who asked htmx itself (panes.js) pushes the address.
  if (elt.getAttribute("hx-push-url") === "true" || etc?.push === "true") history.pushState({ htmx: true }, "", path);
}, true);

function show(target, text, path) {
  const spec = { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 };
  htmx.swap(target, text, spec, { eventInfo: { target, ahead: path } });
  // This asks the server, which writes down that it was read, and shows what a lost hint may have hidden.
  htmx.trigger("#conversation-head", "refresh");
  append();
}

document.body.addEventListener("htmx:afterSettle", (event) => {
  if (["conversation", "panes", "rows"].includes(event.detail.target?.id)) soon();
});
document.body.addEventListener("postroom:hint", ({ detail }) => {
  if (detail.kind === "conversation.read" || detail.kind === "notifications.seen") return;
  forget(detail.conversation || null);
  soon();
});
document.body.addEventListener("postroom:connection", ({ detail }) => {
  connected = detail.connected;
  if (!connected) forget();
  else soon();
});
soon();
