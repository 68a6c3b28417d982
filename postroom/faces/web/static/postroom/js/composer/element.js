/**
 * <post-composer>: where replies and notes are written.
 *
 * Hears, on document.body: `postroom:compose` {mode: "reply" | "reply-all" | "note"} and `postroom:draft` {conversation}.
 * Says, on document.body: `postroom:sent` {conversation, message, kind, closed, undo: {url, seconds} | null},
 * and `postroom:toast`; after "Send and close" the next conversation is opened.
 */

import { go } from "../panes.js";
import { Autosave, markOf } from "./autosave.js";
import { Draft, freshToken, newest, place } from "./draft.js";
import { takeFiles } from "./dropping.js";
import { Editor } from "./editor.js";
import { Later } from "./later.js";
import { otherDrafts, refreshDrafts } from "./other_drafts.js";
import { Recipients } from "./recipients.js";
import { Moved, post } from "./sending.js";
import { Toolbar } from "./toolbar.js";
import { Uploads } from "./uploads.js";

const KEEP_AFTER = 250;

export class ComposerElement extends HTMLElement {
  connectedCallback() {
    this.config = JSON.parse(this.querySelector("script[data-config]").textContent);
    this.draft = new Draft(this.config.person, this.config.conversation);
    this.form = this.querySelector("form");
    this.trouble = this.querySelector("[data-trouble]");
    this.listening = new AbortController();
    this.#make();
    this.#listen();
    this.restore(newest(this.draft.load(), this.config.draft));
    if (!this.config.draft) this.autosave.verify();
  }

  disconnectedCallback() {
    this.#keepNow();
    this.autosave.save();
    this.listening.abort();
    this.sizes?.disconnect();
    this.editor.destroy();
  }

  /** Show what was kept, here or on the server, or an empty reply. */
  restore(kept = this.draft.load()) {
    const content = { mode: "reply", html: "", files: [], ...this.config.defaults, token: freshToken(), ...kept };
    clearTimeout(this.keeping);
    this.token = content.token;
    this.seen = kept?.seen || this.config.seen;
    this.state = kept?.state || this.config.state;
    this.blank = false;
    this.editor.html = content.html;
    this.recipients.set(content);
    this.uploads.restore(content.files || []);
    this.#setMode(content.mode);
    this.blank = this.isEmpty;
    this.#fold(!kept);
    this.other.hide();
    this.autosave.begin({ ...place(content), saved: kept && !kept.unsaved && kept.draft ? markOf(this.content) : "" });
    this.shared = this.autosave.shared;
    if (kept && !this.isEmpty) this.autosave.touched();
  }

  /** Go on with a draft of the server's. What stood here before is saved, or was let go. */
  adopt(draft) {
    this.draft.forget();
    this.restore(draft);
    this.#keepNow();
    this.#fold(false);
    this.editor.focus({ atEnd: true });
  }

  /** Whether colleagues read this draft. */
  set shared(shared) {
    this.autosave.shared = shared;
    const button = this.querySelector("[data-share]");
    if (!button) return;
    button.setAttribute("aria-pressed", String(shared));
    button.title = shared ? button.dataset.shared : button.dataset.private;
  }

  get content() {
    const { html } = this.editor;
    return { mode: this.mode, html, ...this.recipients.people, files: this.uploads.stored, token: this.token, seen: this.seen, state: this.state };
  }

  get isEmpty() {
    return this.editor.isEmpty && this.uploads.stored.length === 0 && !this.uploads.busy;
  }

  #make() {
    const { words, urls, largest, defaults, all } = this.config;
    const onChange = () => this.#changed();
    this.uploads = new Uploads(this.querySelector("[data-files]"), {
      url: urls.uploads, words, largest, onChange, onTrouble: (sentence) => this.#say(sentence),
    });
    this.editor = new Editor(this.querySelector("[data-editor]"), {
      onChange,
      onFormat: () => this.toolbar?.refresh(),
      onImage: (file) => this.#inline(file),
    });
    this.toolbar = new Toolbar(this.querySelector("[data-toolbar]"), this.querySelector("[data-link-form]"), this.editor);
    this.recipients = new Recipients(this.querySelector("[data-recipients]"), { defaults, all, words, onChange });
    this.moved = new Moved(this.querySelector("[data-moved]"), {
      // What was shown here has been read now: either way, the next try is judged from there.
      onAnyway: () => {
        Object.assign(this, this.known);
        this.send({ close: this.closing, more: this.more });
      },
      onBack: () => {
        Object.assign(this, this.known);
        this.#keepNow();
        this.editor.focus();
      },
    });
    this.other = new Moved(this.querySelector("[data-draft-moved]"), {
      onAnyway: () => this.#keepMine(this.known),
      onBack: () => {
        if (this.known?.mine) this.adopt(this.known);
        else this.#letGo();
      },
    });
    this.autosave = new Autosave(this, {
      status: this.querySelector("[data-kept]"),
      onMoved: (refusal) => this.#draftMoved(refusal),
      onJoined: (refusal) => this.#carry(refusal),
      onGone: () => this.#letGo(),
      onSaved: () => document.body.dispatchEvent(new CustomEvent("postroom:hint", { detail: { kind: "draft.here" } })),
    });
    this.later = new Later(this.querySelector("[data-later]"), { onSend: (more) => this.send({ more }) });
  }

  #listen() {
    const { signal } = this.listening;
    const on = (target, name, hand, more = {}) => target.addEventListener(name, hand, { signal, ...more });
    on(this.form, "submit", (event) => event.preventDefault());
    on(this, "click", (event) => this.#clicked(event));
    // Not for its buttons: one that moves away while it is pressed is not pressed.
    on(this.querySelector("[data-editor]"), "focus", () => this.#fold(false));
    on(this, "keydown", (event) => this.#key(event));
    on(this.querySelector("[data-pick]"), "change", (event) => {
      this.uploads.add(event.target.files);
      event.target.value = "";
    });
    takeFiles(this, on, (files) => {
      this.#fold(false);
      this.uploads.add(files);
    });
    this.#keepEndInView(on);
    on(window, "pagehide", () => {
      this.#keepNow();
      this.autosave.save();
    });
    on(window, "online", () => this.autosave.touched());
    otherDrafts(this, on);
    on(document.body, "postroom:compose", (event) => this.#compose(event.detail || {}));
    on(document.body, "postroom:draft", (event) => event.detail.conversation === this.config.conversation && this.#reopened());
  }

  /** The composer takes its room from the messages: whoever was at their end stays there. */
  #keepEndInView(on) {
    const thread = this.closest("#conversation")?.querySelector("#thread");
    if (!thread) return;
    const atEnd = () => thread.scrollHeight - thread.scrollTop - thread.clientHeight < 40;
    let stay = atEnd();
    on(thread, "scroll", () => (stay = atEnd()), { passive: true });
    this.sizes = new ResizeObserver(() => {
      if (stay) thread.scrollTop = thread.scrollHeight;
    });
    this.sizes.observe(this);
  }

  #clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.mode) {
      this.#setMode(button.dataset.mode);
      this.#changed();
      this.editor.focus();
    } else if (button.hasAttribute("data-send")) this.send();
    else if (button.hasAttribute("data-send-and-close")) this.send({ close: true });
    else if (button.hasAttribute("data-attach")) this.querySelector("[data-pick]").click();
    else if (button.hasAttribute("data-hush")) this.#say("");
  }

  #key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      this.send({ close: event.shiftKey });
    } else if (event.key === "Escape") {
      // The first Escape leaves the text, the next one the conversation.
      event.stopPropagation();
      document.activeElement.blur();
      this.#fold(this.isEmpty);
    }
  }

  #compose({ mode }) {
    // Where one may only write notes, the key for a reply writes nothing.
    if (this.dataset.only && this.dataset.only !== (mode === "note" ? "note" : "reply")) return;
    this.#setMode(mode === "note" ? "note" : "reply");
    if (mode === "reply-all") this.recipients.replyAll();
    this.#fold(false);
    this.editor.focus({ atEnd: true });
  }

  #reopened() {
    this.restore();
    this.editor.focus({ atEnd: true });
  }

  #setMode(mode) {
    this.mode = this.dataset.only || (mode === "note" ? "note" : "reply");
    this.dataset.mode = this.mode;
    for (const button of this.querySelectorAll("[data-mode]")) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === this.mode));
    }
    const paper = this.querySelector("[data-editor]");
    paper.setAttribute("aria-label", this.config.words[this.mode]);
    paper.dataset.placeholder = this.config.words[`${this.mode}Placeholder`].replace("{name}", this.config.customer);
    this.querySelector("[data-send] [data-label]").textContent = this.config.words[this.mode === "note" ? "addNote" : "send"];
    this.querySelector("[data-send-and-close]").hidden = this.mode === "note";
    this.moved.hide();
  }

  #fold(folded) {
    this.toggleAttribute("data-folded", folded);
  }

  /** Put an image into the text at once, from memory, while it goes to the server. */
  #inline(file) {
    const address = URL.createObjectURL(file);
    this.uploads.addInline(file).then((stored) => {
      if (stored) this.editor.settleImage(address, stored);
      else this.editor.dropImage(address);
    });
    return address;
  }

  #changed() {
    // After a try whose answer was lost the same token finds the first message; another text is another message.
    if (this.tried && this.editor.html !== this.tried) {
      this.token = freshToken();
      this.tried = null;
    }
    // Whoever begins to write has read what is on the screen by now.
    if (this.blank && !this.isEmpty) {
      this.seen = Math.max(this.seen, newestShown());
      this.state = document.getElementById("conversation-head")?.dataset.state || this.state;
    }
    this.blank = this.isEmpty;
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.#keepNow(), KEEP_AFTER);
    this.autosave.touched();
  }

  #keepNow() {
    clearTimeout(this.keeping);
    const { content } = this;
    if (this.isEmpty) this.draft.forget();
    else if (!this.draft.keep({ ...content, ...this.autosave.place, unsaved: markOf(content) !== this.autosave.saved })) this.#say(this.config.words.cannotKeep);
  }

  /** Somebody else, or this person in another window, has changed or ended the draft: both texts are there. */
  #draftMoved({ message, details }) {
    const { now, when, said, keep, other } = details;
    this.autosave.stopped = true;
    this.autosave.say("");
    this.known = now;
    this.querySelector("[data-draft-moved] [data-anyway]").textContent = keep;
    this.querySelector("[data-draft-moved] [data-back]").textContent = other;
    // No focus is taken from somebody who writes.
    this.other.show(message, now ? [{ who: now.holder, when, said }] : [], { focus: false });
    this.#fold(false);
  }

  #keepMine(now) {
    this.autosave.begin(now?.mine ? place(now) : {});
    this.shared = this.autosave.shared;
    this.#keepNow();
    this.autosave.save();
    this.editor.focus();
  }

  #letGo() {
    this.draft.forget();
    this.restore(null);
    refreshDrafts();
  }

  /** `more` are fields that only the server understands: when it leaves, until when to snooze. */
  async send({ close = false, more = {} } = {}) {
    if (this.busy) return;
    if (this.mode === "reply" && !this.recipients.settle()) {
      this.#say(this.config.words.badRecipient);
      return;
    }
    this.#say("");
    this.#setBusy(true);
    this.closing = close;
    this.more = more;
    try {
      if (!(await this.#filesAreThere())) return;
      this.#keepNow();
      await this.autosave.rest();
      const content = { ...this.content, draft: this.autosave.draft };
      this.tried = content.html;
      this.#done(await post(content, { ...this.config, close: close && content.mode === "reply", more: { ...this.later.always, ...more } }));
    } catch (refusal) {
      this.#refused(refusal);
    } finally {
      this.#setBusy(false);
    }
  }

  async #filesAreThere() {
    const { failures } = this.uploads;
    await this.uploads.settled();
    return this.uploads.failures === failures;
  }

  #setBusy(busy) {
    this.busy = busy;
    this.form.inert = busy;
    this.toggleAttribute("data-busy", busy);
    this.form.setAttribute("aria-busy", String(busy));
  }

  #done(answer) {
    this.draft.forget();
    this.later.reset();
    this.tried = null;
    this.config.seen = Math.max(this.config.seen, answer.message);
    this.#say("");
    this.restore();
    const say = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail }));
    say("postroom:sent", answer);
    if (answer.said) say("postroom:toast", { text: answer.said, undo: answer.undo });
    if (answer.next) go(answer.next);
  }

  #refused(refusal) {
    if (!refusal.kind) throw refusal;
    this.#setBusy(false);
    if (refusal.kind === "draft-moved") {
      this.#draftMoved(refusal);
      return;
    }
    this.autosave.stopped = false;
    if (refusal.details.missing) this.uploads.drop(refusal.details.missing);
    if (refusal.kind === "moved") {
      this.known = { seen: refusal.details.latest, state: refusal.details.state };
      this.moved.show(refusal.message, refusal.details.newer);
      return;
    }
    if (refusal.kind === "joined") this.#carry(refusal);
    else {
      this.#say(refusal.message);
      this.editor.focus();
    }
  }

  /** All its messages are in another conversation by now: what was written goes there, too, to be read over. */
  #carry({ message, details }) {
    const { seen, state, ...content } = this.content;
    new Draft(this.config.person, Number(details.address.split("/").at(-1))).keep(content);
    this.draft.forget();
    this.editor.html = "";
    this.uploads.clear();
    this.autosave.begin({});
    this.autosave.stopped = true;
    document.body.dispatchEvent(new CustomEvent("postroom:toast", { detail: { text: message, kind: "danger" } }));
    go(details.address);
  }

  #say(sentence) {
    this.trouble.querySelector("[data-sentence]").textContent = sentence;
    this.trouble.hidden = sentence === "";
  }
}

/** The newest message that the page shows: others' arrive while it is open. */
function newestShown() {
  return Number(document.getElementById("timeline-end")?.dataset.after) || 0;
}
