/**
 * What is written goes to the server by itself, a moment after the last key: another computer can go on with it, and a
 * closed browser loses nothing. Each save names the version it changes; the server refuses one that somebody has changed
 * since, and nothing is overwritten silently. Without a connection the browser's own store has it (draft.js).
 */

import { ask, Refusal } from "./requests.js";

const PAUSE = 1200;
const LONGEST = 5000;
const AGAIN = 8000;
/** The last text that this page has saved of each draft: a version of our own making is no surprise. @type {Map<number, string>} */
const ours = new Map();

export class Autosave {
  /**
   * @param {import("./element.js").ComposerElement} composer
   * @param {{status: HTMLElement, onMoved: (refusal: Refusal) => void, onJoined: (refusal: Refusal) => void, onSaved: () => void}} hands
   */
  constructor(composer, hands) {
    this.composer = composer;
    this.hands = hands;
    this.begin({});
  }

  /** Go on from a draft, or from none. */
  begin({ draft = null, version = 0, shared = false, saved = "" }) {
    clearTimeout(this.timer);
    Object.assign(this, { draft, version, shared, saved, stopped: false, since: 0 });
    this.say("");
  }

  /** What of it is kept in the browser beside the text. */
  get place() {
    return { draft: this.draft, version: this.version, shared: this.shared };
  }

  /** Something changed: save it soon, and while somebody writes on and on, now and then. */
  touched() {
    clearTimeout(this.timer);
    this.since ||= Date.now();
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(PAUSE, this.since + LONGEST - Date.now())));
  }

  /** Save what there is now, if it is not there yet; one save at a time. Never throws. */
  save() {
    clearTimeout(this.timer);
    this.since = 0;
    if (this.stopped || !this.composer.config.urls.draft) return this.running || Promise.resolve();
    // Read now: the composer may be gone when its turn comes.
    const { content, isEmpty } = this.composer;
    const mark = markOf(content);
    this.running = (this.running || Promise.resolve()).then(() => this.#save(content, mark, isEmpty)).catch((refusal) => this.#refused(refusal));
    return this.running;
  }

  async #save(content, mark, isEmpty) {
    if (this.stopped || mark === this.saved || (isEmpty && !this.draft)) return;
    const { urls, words } = this.composer.config;
    // A shared one is not thrown away, with what colleagues said of it, because it is empty for a moment.
    if (isEmpty && !this.shared) {
      await ask("DELETE", `${urls.drafts}/${this.draft}?emptied=1`, { words }).catch((refusal) => {
        if (refusal.kind !== "gone") throw refusal;
      });
      this.begin({});
      this.hands.onSaved();
      return;
    }
    const fresh = this.draft === null;
    if (this.draft) ours.set(this.draft, content.html);
    const answer = await ask("POST", urls.draft, { body: formOf(content, this), words, keepalive: content.html.length < 40_000 });
    Object.assign(this, answer, { saved: mark });
    ours.set(this.draft, content.html);
    this.composer.draft.settle(content, this.place);
    this.say(this.composer.config.words.draftSaved);
    if (fresh) this.hands.onSaved();
  }

  #refused(refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    if (refusal.kind === "draft-moved") {
      const { now } = refusal.details;
      if (now?.mine && (now.html === this.composer.content.html || now.html === ours.get(now.draft))) {
        // Saved from here a moment ago, by a page that was left before it heard so.
        Object.assign(this, { draft: now.draft, version: now.version, shared: now.shared });
        this.touched();
        return;
      }
      this.stopped = true;
      this.hands.onMoved(refusal);
    } else if (refusal.kind === "joined") {
      this.stopped = true;
      this.hands.onJoined(refusal);
    } else {
      this.say(this.composer.config.words.draftKept);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), AGAIN);
    }
  }

  /** Look whether the draft is still there: another window may have sent it. Words that are saved nowhere else stay. */
  async verify() {
    const { draft } = this;
    const { urls, words } = this.composer.config;
    if (!draft || this.stopped) return;
    try {
      await ask("GET", `${urls.drafts}/${draft}`, { words, byItself: true });
    } catch (refusal) {
      const isOurs = this.draft === draft && !this.stopped && !this.composer.draft.load()?.unsaved;
      if (refusal.kind === "gone" && isOurs) this.hands.onGone();
      else if (!refusal.kind) throw refusal;
    }
  }

  /** Wait for what is on its way, and save no more: it is being sent. */
  async rest() {
    clearTimeout(this.timer);
    this.stopped = true;
    await this.running;
  }

  /** Throw it away on the server. Returns what that says of it, {} where it had none; a Refusal where it has it still. */
  async discard(more = {}) {
    await this.rest();
    if (!this.draft) return {};
    const { urls, words } = this.composer.config;
    try {
      const answer = await ask("DELETE", `${urls.drafts}/${this.draft}?${new URLSearchParams(more)}`, { words });
      this.draft = null;
      return answer;
    } catch (refusal) {
      // Sent or discarded in another window: there is nothing left to throw away.
      if (refusal.kind === "gone") return {};
      this.stopped = false;
      throw refusal;
    }
  }

  say(words) {
    this.hands.status.textContent = words;
  }
}

/** What makes one text another one. */
export function markOf({ mode, html, to, cc, bcc, dropped, files, subject, mailbox }) {
  const numbers = (files || []).map((file) => file.id);
  return JSON.stringify([mode, html, to, cc, bcc, dropped || [], numbers, subject || "", String(mailbox || "")]);
}

function formOf({ to, cc, bcc, dropped, files, ...rest }, { draft, version }) {
  const form = new FormData();
  const people = JSON.stringify({ to, cc, bcc, dropped: dropped || [] });
  for (const [name, value] of Object.entries({ ...rest, people })) form.append(name, value ?? "");
  for (const file of files) form.append("uploads", file.id);
  if (draft) {
    form.append("draft", draft);
    form.append("version", version);
  }
  return form;
}
