/**
 * <post-composer>: where mail and notes are written. There is one at the foot of a conversation (answering.js), and one
 * wherever a mail of its own is written: passed on, beside the conversation, or the first of one (on_its_own.js).
 *
 * Says, on document.body: `postroom:sent` {conversation, message, kind, closed, undo: {url, seconds} | null}, and
 * `postroom:toast`.
 */

import { Answering } from "./answering.js";
import { Autosave, markOf } from "./autosave.js";
import { Draft, freshToken, newest, place } from "./draft.js";
import { DraftElsewhere } from "./draft_elsewhere.js";
import { takeFiles } from "./dropping.js";
import { Editor } from "./editor.js";
import { Keeping } from "./keeping.js";
import { Later } from "./later.js";
import { OnItsOwn } from "./on_its_own.js";
import { Recipients } from "./recipients.js";
import { refused } from "./refusals.js";
import { post } from "./sending.js";
import { Toolbar } from "./toolbar.js";
import { shownMeanwhile, Uploads } from "./uploads.js";

export class ComposerElement extends HTMLElement {
  connectedCallback() {
    this.config = JSON.parse(this.querySelector("script[data-config]").textContent);
    this.draft = new Draft(this.config.person, this.config.place);
    this.form = this.querySelector("form");
    this.trouble = this.querySelector("[data-trouble]");
    this.listening = new AbortController();
    this.over = false;
    this.#make();
    this.#listen();
    this.restore(newest(this.draft.load(), this.config.draft));
    if (!this.config.draft) this.autosave.verify();
  }

  disconnectedCallback() {
    if (!this.over) {
      this.keeping.now();
      this.autosave.save();
    }
    this.keeping.stop();
    this.listening.abort();
    this.kind.leave();
    this.editor.destroy();
  }

  /** Show what was kept, here or on the server, or an empty text. */
  restore(kept = this.draft.load()) {
    const { defaults, files } = this.config;
    const content = { mode: this.kind.usualMode, html: "", ...defaults, files, token: freshToken(), ...kept };
    this.keeping.stop();
    this.token = content.token;
    this.kind.begin(kept);
    this.editor.html = content.html;
    this.recipients.set(content);
    this.uploads.restore(content.files || []);
    this.kind.show(content, kept);
    this.elsewhere.hide();
    this.autosave.begin({ ...place(content), saved: kept && !kept.unsaved && kept.draft ? markOf(this.content) : "" });
    this.shared = this.autosave.shared;
    if (kept && !this.isEmpty) this.autosave.touched();
  }

  /** Go on with a draft of the server's. What stood here before is saved, or was let go. */
  adopt(draft) {
    this.draft.forget();
    this.restore(draft);
    this.keeping.now();
    this.kind.unfold();
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

  /** @returns {import("./draft.js").Content} */
  get content() {
    const { people } = this.recipients;
    return { mode: this.kind.mode, html: this.editor.html, ...people, files: this.uploads.stored, token: this.token, ...this.kind.more };
  }

  get isEmpty() {
    return this.editor.isEmpty && !this.uploads.busy && this.kind.isUntouched;
  }

  /** `more` are fields that only the server understands: when it leaves, until when to snooze. */
  async send({ close = false, more = {} } = {}) {
    if (this.busy) return;
    if (this.kind.isMail && !this.recipients.settle()) {
      this.say(this.config.words.badRecipient);
      return;
    }
    this.say("");
    this.setBusy(true);
    this.again = { close, more };
    try {
      if (!(await this.#filesAreThere())) return;
      this.keeping.now();
      await this.autosave.rest();
      const content = { ...this.content, draft: this.autosave.draft };
      this.keeping.tried = content.html;
      const answer = await post(content, this.kind, { words: this.config.words, close, more: { ...this.later.always, ...more } });
      this.draft.forget();
      this.later.reset();
      this.keeping.tried = null;
      this.kind.sent(answer);
    } catch (refusal) {
      refused(this, refusal);
    } finally {
      this.setBusy(false);
    }
  }

  /** Throw away what is written, with a way back. `more`: what the server is told beside it. */
  async discard(more = {}) {
    if (this.busy) return;
    const content = { ...this.content, token: freshToken() };
    const { isEmpty } = this;
    this.say("");
    this.setBusy(true);
    try {
      const answer = await this.autosave.discard({ ...this.kind.place, ...more });
      this.setBusy(false);
      this.kind.discarded(isEmpty ? null : content, answer);
    } catch (refusal) {
      refused(this, refusal);
    } finally {
      this.setBusy(false);
    }
  }

  setBusy(busy) {
    this.busy = busy;
    this.form.inert = busy;
    this.toggleAttribute("data-busy", busy);
    this.form.setAttribute("aria-busy", String(busy));
  }

  /** Say beside the text what is wrong; "" for nothing. */
  say(sentence) {
    this.trouble.querySelector("[data-sentence]").textContent = sentence;
    this.trouble.hidden = sentence === "";
  }

  async #filesAreThere() {
    const { failures } = this.uploads;
    await this.uploads.settled();
    return this.uploads.failures === failures;
  }

  #make() {
    const { kind, words, urls, largest, defaults, all = {} } = this.config;
    const onChange = () => this.#changed();
    this.keeping = new Keeping(this);
    this.uploads = new Uploads(this.querySelector("[data-files]"), {
      url: urls.uploads, words, largest, onChange, onTrouble: (sentence) => this.say(sentence),
    });
    this.editor = new Editor(this.querySelector("[data-editor]"), {
      onChange,
      onFormat: () => this.toolbar?.refresh(),
      onImage: (file) => shownMeanwhile(file, this),
    });
    this.toolbar = new Toolbar(this.querySelector("[data-toolbar]"), this.querySelector("[data-link-form]"), this.editor);
    this.recipients = new Recipients(this.querySelector("[data-recipients]"), { defaults, all, words, onChange });
    this.elsewhere = new DraftElsewhere(this, this.querySelector("[data-draft-moved]"));
    this.autosave = new Autosave(this, {
      status: this.querySelector("[data-kept]"),
      onMoved: (refusal) => this.elsewhere.show(refusal),
      onJoined: (refusal) => this.kind.carry(refusal),
      onGone: () => this.elsewhere.letGo(),
      onSaved: () => document.body.dispatchEvent(new CustomEvent("postroom:hint", { detail: { kind: "draft.here" } })),
    });
    this.later = new Later(this.querySelector("[data-later]"), { onSend: (more) => this.send({ more }) });
    this.kind = kind === "reply" ? new Answering(this) : new OnItsOwn(this);
  }

  #listen() {
    const { signal } = this.listening;
    const on = (target, name, hand, more = {}) => target.addEventListener(name, hand, { signal, ...more });
    on(this.form, "submit", (event) => event.preventDefault());
    on(this, "click", (event) => this.#clicked(event));
    on(this, "keydown", (event) => this.#key(event));
    on(this.querySelector("[data-pick]"), "change", (event) => {
      this.uploads.add(event.target.files);
      event.target.value = "";
    });
    takeFiles(this, on, (files) => {
      this.kind.unfold();
      this.uploads.add(files);
    });
    on(window, "pagehide", () => {
      if (this.over) return;
      this.keeping.now();
      this.autosave.save();
    });
    on(window, "online", () => this.autosave.touched());
    this.kind.listen(on, { onChange: () => this.#changed() });
  }

  #clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.hasAttribute("data-send")) this.send();
    else if (button.hasAttribute("data-send-and-close")) this.send({ close: true });
    else if (button.hasAttribute("data-attach")) this.querySelector("[data-pick]").click();
    else if (button.hasAttribute("data-hush")) this.say("");
    else if (button.hasAttribute("data-discard")) this.discard();
  }

  #key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      if (event.altKey) this.later.open();
      else this.send({ close: event.shiftKey });
    } else if (event.key.toLowerCase() === "d" && event.shiftKey && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      this.discard();
    } else if (event.key === "Escape") {
      // The first Escape leaves the text, the next one the conversation.
      event.stopPropagation();
      document.activeElement.blur();
      this.kind.escape();
    }
  }

  #changed() {
    this.kind.changed();
    this.keeping.touched();
    this.autosave.touched();
  }
}
