/**
 * What others do is on this screen within a second. The stream carries ids only; what changed is fetched again from its
 * ordinary, access-checked address.
 */

import { BY_ITSELF, read } from "./lanes.js";
import { openId, openNext } from "./panes.js";
import { append, refresh } from "./thread.js";

const PATIENCE = 120;
const RETRY = 3000;
const say = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail }));

const waiting = new Map();

/** Do it soon, and once, however many hints ask for it; one at a time. */
function soon(name, act) {
  if (waiting.has(name)) return;
  waiting.set(name, setTimeout(() => {
    waiting.delete(name);
    act();
  }, PATIENCE));
}

// Messages came from another conversation or went there: what is shown is no longer what is there.
const MOVES = new Set(["message.taken_out", "message.left", "message.joined", "conversation.merged", "conversation.joined", "conversation.parted", "conversation.left", "conversation.split", "conversation.split_undone", "reply.put_back", "note.retracted", "note.restored"]);
// Who wrote last, whom it is with and who takes part say to whom a reply goes.
const ADDRESSES = /^(message|reply)\.|^conversation\.contact_changed$/;
const refetchAll = () => {
  const timeline = document.getElementById("timeline");
  // Somebody who is changing a note is not disturbed.
  if (timeline?.querySelector(".note-editor")) setTimeout(refetchAll, 700);
  else if (timeline) read("timeline", timeline.dataset.url, { target: timeline, swap: "innerHTML", headers: BY_ITSELF });
};

const refetch = (id) => {
  const element = document.getElementById(id);
  if (element) window.htmx.trigger(element, "refresh");
};

/** A person who is choosing from a menu of the head, or typing a tag, is not disturbed; it is fetched when they are done. */
function refetchHead() {
  const head = document.getElementById("conversation-head");
  if (!head) return;
  if (head.querySelector("details[open]") || head.contains(document.activeElement) && document.activeElement.matches("input")) {
    setTimeout(refetchHead, 700);
  } else refetch("conversation-head");
}

// What was heard lately. A conversation that was asked for before may have been drawn before, too.
let heard = [];
const LATELY = 60_000;

/** Fetch again all that a hint may have changed. */
function changed({ conversation, message, kind = "" }) {
  const now = performance.now();
  heard = [...heard.filter(({ at }) => now - at < LATELY), { at: now, conversation, message, kind }];
  soon("rows", () => refetch("rows"));
  // Who has read it changes the list and, where they were told of it, the bell; not the conversation.
  if (kind === "conversation.read") return;
  soon("sidebar", () => refetch("sidebar"));
  if (kind === "notifications.seen") return;
  if (!conversation || conversation !== openId()) return;
  soon("head", refetchHead);
  soon("panel", () => refetch("panel"));
  if (!kind || MOVES.has(kind) || ADDRESSES.test(kind)) soon("recipients", () => say("postroom:recipients"));
  if (MOVES.has(kind)) soon("timeline", () => refetchAll());
  else soon("thread", append);
  if (message) soon(`message-${message}`, () => refresh(message));
}

function everything() {
  changed({ conversation: openId() });
  for (const shown of document.querySelectorAll("#timeline .delivery:not(.delivery-sent)")) {
    const { id } = shown.closest(".message").dataset;
    soon(`message-${id}`, () => refresh(id));
  }
}

/** A conversation that was hidden from this person while it was open is left; what it is called is not told by the stream. */
async function leaveIfHidden() {
  const id = openId();
  if (!id) return;
  const answer = await fetch(`/conversations/${id}/head`, { method: "HEAD", headers: BY_ITSELF });
  if (answer.status === 404) location.assign("/");
}

document.body.addEventListener("postroom:hint", (event) => {
  changed(event.detail);
  // Of a bulk change all is told at once: the open conversation may be one of many.
  if (event.detail.kind === "bulk.went_on") changed({ conversation: openId(), kind: "bulk.went_on" });
  if (event.detail.kind === "mailbox.fewer_seen" || event.detail.kind === "bulk.went_on") leaveIfHidden();
});
document.body.addEventListener("postroom:sent", (event) => {
  const { conversation, message, kind, closed, next } = event.detail;
  changed({ conversation, message, kind: `${kind}.here` });
  // The composer knows where to go on when it was told.
  if (closed && !next && conversation === openId()) openNext();
});
document.body.addEventListener("postroom:unsent", (event) => {
  changed({ conversation: event.detail.conversation });
  everything();
});
document.body.addEventListener("htmx:afterRequest", (event) => {
  const found = /^\/messages\/(\d+)\/sending$/.exec(event.detail.requestConfig?.path || "");
  if (found) changed({ conversation: openId(), message: Number(found[1]) });
});

document.body.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!detail.askedAt) return;
  for (const hint of heard) if (hint.at >= detail.askedAt && hint.conversation === openId()) changed(hint);
});

// A hint may have come while its answer could not be fetched.
addEventListener("online", everything);

let source = null;
let last = document.getElementById("panes")?.dataset.position || "";
let lost = null;

/** The browser reconnects by itself with Last-Event-ID while the stream only breaks; a refused one is opened anew from there. */
function connect() {
  source?.close();
  // From where this page was drawn: what happened since is told first, so that nothing falls between page and stream.
  source = new EventSource(last ? `/live?last=${encodeURIComponent(last)}` : "/live");
  source.addEventListener("hello", (event) => {
    const again = lost !== null;
    last = last || event.lastEventId;
    shown(true);
    if (again) everything();
    say("postroom:connected");
  });
  source.addEventListener("presence", (event) => say("postroom:presence", JSON.parse(event.data)));
  source.addEventListener("hint", (event) => {
    last = event.lastEventId || last;
    say("postroom:hint", JSON.parse(event.data));
  });
  // Away for too long to be told each thing.
  source.addEventListener("reload", (event) => {
    last = event.lastEventId || last;
    everything();
  });
  source.addEventListener("signed_out", () => {
    source.close();
    say("postroom:toast", { text: document.getElementById("toasts").dataset.signedOut, kind: "danger" });
  });
  source.addEventListener("error", () => {
    shown(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, RETRY);
  });
}

/** A short break is nobody's business. */
function shown(connected) {
  clearTimeout(lost);
  if (connected) say("postroom:connection", { connected });
  const sign = () => document.querySelector("[data-connection]");
  if (connected) {
    lost = null;
    if (sign()) sign().hidden = true;
  } else lost = setTimeout(() => { if (sign()) sign().hidden = false; say("postroom:connection", { connected }); }, 4000);
}

if (document.getElementById("sidebar")) connect();
// Browsers freeze a page that is out of sight, and its stream.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && source?.readyState === EventSource.CLOSED) connect();
});
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
