/** The open conversation: the first unread in view, what is new at the end, and how far it was read. */

import { ask as send, BY_ITSELF } from "./lanes.js";
import { conversation, openId, pace } from "./panes.js";

const { htmx } = window;
const thread = () => document.getElementById("thread");
const end = () => document.getElementById("timeline-end");
const near = () => thread().scrollHeight - thread().scrollTop - thread().clientHeight < 120;

/** Show the first unread message, else the end. */
function arrive() {
  if (!thread()) return;
  const unread = document.getElementById("new-line");
  if (unread) thread().scrollTop += unread.getBoundingClientRect().top - thread().getBoundingClientRect().top - 24;
  else thread().scrollTop = thread().scrollHeight;
  read();
}

/** Frames of HTML mail grow after they have loaded; until the reader scrolls, the end stays the end. */
function settle() {
  if (!thread()) return;
  let theirs = false;
  const stop = () => { theirs = true; };
  for (const name of ["wheel", "touchstart", "keydown", "pointerdown"]) thread().addEventListener(name, stop, { once: true, passive: true });
  const seen = thread();
  const grown = new ResizeObserver(() => {
    if (theirs || seen !== thread()) grown.disconnect();
    else arrive();
  });
  const timeline = document.getElementById("timeline");
  if (timeline) grown.observe(timeline);
  setTimeout(() => grown.disconnect(), 3000);
}

let told = "";

/** Tell how far this person has read, once per message, and only while somebody looks. */
function read() {
  const pane = conversation();
  const message = end()?.dataset.after;
  if (!pane?.dataset.reading || !Number(message) || document.visibilityState !== "visible") return;
  const now = `${openId()}:${message}`;
  if (told === now) return;
  told = now;
  send("POST", pane.dataset.reading, { values: { message }, headers: BY_ITSELF }).catch(() => {
    // No connection: then it is told with the next look.
    told = "";
  });
}

/** Ask the server; null without a connection or a proper answer: what was missed is fetched when it is back (live.js). */
async function ask(url) {
  const answer = await fetch(url, { headers: { "HX-Request": "true", ...BY_ITSELF } }).catch(() => null);
  return answer?.ok ? answer.text().catch(() => null) : null;
}

/** Fetch what came after the last message and event, and put it at the end. */
export async function append() {
  const timeline = document.getElementById("timeline");
  if (!timeline || !end()) return;
  const { after, since } = end().dataset;
  const wasNear = near();
  const text = await ask(`${timeline.dataset.url}?after=${after}&since=${since}`);
  if (text === null) return;
  const made = document.createElement("template");
  made.innerHTML = text;
  const fresh = made.content.querySelector("#timeline-end");
  const last = end();
  // Somebody went on to another conversation.
  if (!timeline.isConnected || !last) return;
  // Another answer was quicker, and may be the older one.
  if (last.dataset.after !== after || last.dataset.since !== since) return void append();
  last.remove();
  for (const entry of [...made.content.children]) {
    if (entry !== fresh && document.getElementById(entry.id)) continue;
    if (entry !== fresh) entry.classList.add("is-new");
    timeline.append(entry);
    htmx.process(entry);
  }
  if (wasNear) thread().scrollTo({ top: thread().scrollHeight, behavior: pace() });
  read();
}

// Which question about a message is the newest: an older one that is answered late shows what is no longer so.
const turns = new Map();

/** A note that is being changed is drawn again when that is over. */
const isWritten = (shown) => shown.querySelector(".note-editor") !== null;

/** Show one message again: its delivery went on, or it was taken back. */
export async function refresh(id) {
  const shown = document.getElementById(`message-${id}`);
  if (!shown || shown.classList.contains("is-folded") || isWritten(shown)) return;
  const turn = (turns.get(shown.id) ?? 0) + 1;
  turns.set(shown.id, turn);
  const text = await ask(`/messages/${id}`);
  if (text === null || turns.get(shown.id) !== turn || !shown.isConnected || isWritten(shown)) return;
  if (!text.trim()) {
    shown.remove();
    return;
  }
  window.Idiomorph.morph(shown, text, { morphStyle: "outerHTML" });
  htmx.process(document.getElementById(`message-${id}`));
}

// A click on the head of a message that was unfolded folds it again.
document.addEventListener("click", (event) => {
  if (!event.target.closest(".message-head") || event.target.closest("a, button, summary, details")) return;
  event.target.closest(".message").classList.toggle("is-shut");
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  const id = event.detail.target?.id;
  if (id === "conversation" || id === "panes") {
    told = "";
    arrive();
    settle();
    conversation()?.focus({ preventScroll: true });
  } else if (id === "timeline") read();
});
document.addEventListener("visibilitychange", read);

arrive();
settle();
