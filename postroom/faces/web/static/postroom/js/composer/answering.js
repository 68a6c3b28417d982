/**
 * What is particular to the composer at the foot of a conversation: a reply or a note, folded until somebody writes, and
 * stopped when the world has moved.
 *
 * Hears, on document.body: `postroom:compose` {mode: "reply" | "reply-all" | "note"} and `postroom:draft` {conversation}.
 * After "Send and close" the next conversation is opened.
 */

import { ask as change } from "../lanes.js";
import { go, openId } from "../panes.js";
import { Draft } from "./draft.js";
import { Folding } from "./folding.js";
import { Moved } from "./moved.js";
import { otherDrafts, refreshDrafts } from "./other_drafts.js";
import { ask } from "./requests.js";
import { putBack } from "./taking_back.js";

const say = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail }));

export class Answering {
  usualMode = "reply";

  /** @param {import("./element.js").ComposerElement} composer */
  constructor(composer) {
    this.composer = composer;
    this.config = composer.config;
    this.folding = new Folding(composer);
    const known = (then) => () => {
      // What was shown has been read now: either way, the next try is judged from there.
      Object.assign(this, this.known);
      then();
    };
    this.moved = new Moved(composer.querySelector("[data-moved]"), {
      onAnyway: known(() => composer.send(composer.again)),
      onBack: known(() => {
        composer.keeping.now();
        composer.editor.focus();
      }),
    });
  }

  listen(on, { onChange }) {
    const { composer } = this;
    on(composer, "click", (event) => {
      const { mode } = event.target.closest("button")?.dataset || {};
      if (!mode) return;
      this.#setMode(mode);
      onChange();
      composer.editor.focus();
    });
    // Not for its buttons: one that moves away while it is pressed is not pressed.
    on(composer.querySelector("[data-editor]"), "focus", () => this.unfold());
    this.folding.keepEndInView(on);
    otherDrafts(composer, on);
    on(document.body, "postroom:recipients", () => this.#address());
    on(document.body, "postroom:compose", (event) => this.#compose(event.detail || {}));
    on(document.body, "postroom:draft", (event) => {
      if (event.detail.conversation !== this.config.conversation) return;
      composer.restore();
      composer.editor.focus({ atEnd: true });
    });
  }

  leave() {
    this.folding.leave();
  }

  get isMail() {
    return this.mode === "reply";
  }

  get isUntouched() {
    return this.composer.uploads.stored.length === 0;
  }

  /** What the writer knows: it goes along with each save. */
  get more() {
    return { seen: this.seen, state: this.state };
  }

  get sendTo() {
    return this.config.urls[this.isMail ? "replies" : "notes"];
  }

  begin(kept) {
    this.seen = kept?.seen || this.config.seen;
    this.state = kept?.state || this.config.state;
    this.blank = false;
  }

  show(content, kept) {
    this.#setMode(content.mode);
    this.blank = this.composer.isEmpty;
    this.#drawDiscard();
    this.folding.folded = !kept;
  }

  changed() {
    // Whoever begins to write has read what is on the screen by now.
    if (this.blank && !this.composer.isEmpty) {
      this.seen = Math.max(this.seen, newestShown());
      this.state = document.getElementById("conversation-head")?.dataset.state || this.state;
    }
    this.blank = this.composer.isEmpty;
    this.#drawDiscard();
  }

  fold() {
    this.folding.folded = true;
  }

  unfold() {
    this.folding.folded = false;
  }

  escape() {
    this.folding.folded = this.composer.isEmpty;
  }

  /** Add to the form what only a reply or a note has. */
  fill(form, content, { close, more }) {
    for (const file of content.files) form.append("uploads", file.id);
    const closes = close && this.isMail;
    if (this.isMail) {
      for (const email of content.dropped || []) form.append("dropped", email);
      form.append("seen", content.seen);
      form.append("state", content.state || "");
      // An empty list says "to nobody", no list "to whom it usually goes".
      if (content.to.length === 0) form.append("to", "");
    }
    if (closes) form.append("close", "1");
    if (closes || more.snooze) {
      // The list this was opened from: its next conversation comes next.
      form.append("in", document.getElementById("conversation")?.dataset.place || "");
    }
  }

  sent(answer) {
    this.config.seen = Math.max(this.config.seen, answer.message);
    this.composer.restore();
    say("postroom:sent", answer);
    if (answer.said) say("postroom:toast", { text: answer.said, undo: answer.undo });
    if (answer.next) go(answer.next);
  }

  /** What the server is told of a text that is discarded: the list this was opened from. */
  get place() {
    return { in: document.getElementById("conversation")?.dataset.place || "" };
  }

  /** `content` is what was written, null for nothing; `restoring` where the conversation went with it. */
  discarded(content, { next, restoring }) {
    const { composer } = this;
    const { conversation, person, words } = this.config;
    composer.draft.forget();
    if (composer.isConnected) composer.restore(null);
    // The next text unfolds it, by its focus.
    if (composer.contains(document.activeElement)) document.activeElement.blur();
    refreshDrafts();
    say("postroom:hint", { kind: "draft.here" });
    const takeBack = async () => {
      if (restoring) await change("DELETE", restoring);
      await putBack(content, { person, conversation, address: `/conversations/${conversation}` });
    };
    if (content || restoring) say("postroom:toast", { text: restoring ? words.discardedAll : words.discarded, undo: takeBack });
    if (next && openId() === conversation) go(next);
  }

  /** The world has moved since it was begun. */
  stale({ message, details }) {
    this.known = { seen: details.latest, state: details.state };
    this.moved.show(message, details.newer);
  }

  /** All its messages are in another conversation by now: what was written goes there, too, to be read over. */
  carry({ message, details }) {
    const { composer } = this;
    const { seen, state, ...content } = composer.content;
    new Draft(this.config.person, details.address.split("/").at(-1)).keep(content);
    composer.draft.forget();
    composer.editor.html = "";
    composer.uploads.clear();
    composer.autosave.begin({});
    composer.autosave.stopped = true;
    say("postroom:toast", { text: message, kind: "danger" });
    go(details.address);
  }

  #drawDiscard() {
    this.composer.toggleAttribute("data-written", !this.composer.isEmpty);
  }

  /** Somebody else wrote last, or it is with another customer: who has not begun to write writes to them. */
  async #address() {
    const { composer, config } = this;
    if (composer.dataset.only === "note") return;
    const now = await ask("GET", config.urls.recipients, { words: config.words, byItself: true }).catch((refusal) => {
      if (!refusal.kind) throw refusal;
    });
    if (!now || !composer.isConnected) return;
    // The customer of before is never meant. Whom a text is written to stays else, until its writer has read what is new.
    const isMoved = customerOf(now.state) !== customerOf(config.state);
    const { isEmpty } = composer;
    Object.assign(config, now);
    composer.recipients.offer(now, { kept: !isEmpty && !isMoved });
    this.#call();
    if (isEmpty) return;
    composer.keeping.touched();
    composer.autosave.touched();
  }

  #compose({ mode }) {
    const { composer } = this;
    // Where one may only write notes, the key for a reply writes nothing.
    const { only } = composer.dataset;
    if (only && only !== (mode === "note" ? "note" : "reply")) return;
    this.#setMode(mode === "note" ? "note" : "reply");
    if (mode === "reply-all") composer.recipients.replyAll();
    this.unfold();
    composer.editor.focus({ atEnd: true });
  }

  /** Say in the empty paper to whom it goes. */
  #call() {
    const { words, customer } = this.config;
    this.composer.querySelector("[data-editor]").dataset.placeholder = words[`${this.mode}Placeholder`].replace("{name}", customer);
  }

  #setMode(mode) {
    const { composer, config } = this;
    this.mode = composer.dataset.only || (mode === "note" ? "note" : "reply");
    composer.dataset.mode = this.mode;
    for (const button of composer.querySelectorAll("[data-mode]")) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === this.mode));
    }
    composer.querySelector("[data-editor]").setAttribute("aria-label", config.words[this.mode]);
    this.#call();
    composer.querySelector("[data-send] [data-label]").textContent = config.words[this.isMail ? "send" : "addNote"];
    composer.querySelector("[data-send-and-close]").hidden = !this.isMail;
    this.moved.hide();
  }
}

const customerOf = (state) => state.split(".").at(-1);

/** The newest message that the page shows: others' arrive while it is open. */
function newestShown() {
  return Number(document.getElementById("timeline-end")?.dataset.after) || 0;
}
