/**
 * What is particular to a mail that is no reply: one that is passed on or answered beside the conversation, in a form
 * below the mail that it is about, so that nothing of it can be typed into a reply to the customer; and the first mail of
 * a conversation, on a page of its own.
 */

import { go } from "../panes.js";
import { toast, toastOnNextPage } from "../toasts.js";
import { refreshDrafts } from "./other_drafts.js";
import { addresses } from "./recipients.js";

const say = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail }));
const numbers = (files) => JSON.stringify(files.map((file) => file.id));

export class OnItsOwn {
  isMail = true;

  /** @param {import("./element.js").ComposerElement} composer */
  constructor(composer) {
    this.composer = composer;
    this.config = composer.config;
    this.usualMode = this.mode = this.config.kind;
    this.subject = composer.querySelector("[data-subject]");
    // Only the first mail of a conversation can be of several.
    this.mailbox = composer.querySelector("[data-mailbox]");
    const paper = composer.querySelector("[data-editor]");
    paper.setAttribute("aria-label", this.config.words.label);
    paper.dataset.placeholder = this.config.words.placeholder;
  }

  listen(on, { onChange }) {
    for (const field of [this.subject, this.mailbox]) if (field) on(field, "input", onChange);
  }

  leave() {}

  begin() {}

  get isUntouched() {
    const { recipients, uploads } = this.composer;
    const { defaults, files } = this.config;
    const sameSubject = !this.subject || this.subject.value === this.subject.defaultValue;
    return sameSubject && addresses(recipients.people) === addresses(defaults) && numbers(uploads.stored) === numbers(files);
  }

  get more() {
    const more = { subject: this.subject?.value || "" };
    if (this.config.about) more.about = this.config.about;
    if (this.mailbox) more.mailbox = this.mailbox.value;
    return more;
  }

  get sendTo() {
    return this.config.urls.send;
  }

  show(content) {
    if (this.subject) this.subject.value = content.subject ?? this.subject.defaultValue;
    const offered = [...(this.mailbox?.options || [])].some((one) => one.value === String(content.mailbox));
    if (offered) this.mailbox.value = content.mailbox;
  }

  changed() {}

  unfold() {}

  escape() {}

  fill(form, content) {
    form.append("subject", content.subject);
    if (this.mailbox) form.append("mailbox", content.mailbox);
    // The mail's own files go along by being named; others were uploaded for this.
    const own = new Set(this.config.files.map((file) => file.id));
    for (const file of content.files) form.append(own.has(file.id) ? "files" : "uploads", file.id);
  }

  sent(answer) {
    this.#end();
    if (answer.address) {
      toastOnNextPage({ text: answer.said, undo: answer.undo });
      location.assign(answer.address);
      return;
    }
    refreshDrafts();
    say("postroom:sent", answer);
    say("postroom:toast", { text: answer.said, undo: answer.undo });
  }

  stale({ message }) {
    this.composer.say(message);
  }

  /** Its mail is in another conversation by now; there it goes on, since it is kept by the mail that it is about. */
  carry({ message, details }) {
    this.composer.keeping.now();
    say("postroom:toast", { text: message, kind: "danger" });
    go(details.address);
  }

  /** `content` is what was written, null for nothing. */
  discarded(content) {
    const { composer } = this;
    if (this.mailbox && content) {
      // The page stays, so that it can be had back.
      composer.elsewhere.letGo();
      toast({ text: this.config.words.discarded, undo: () => composer.adopt(content) });
      return;
    }
    this.#end();
    if (this.mailbox) history.back();
    else {
      refreshDrafts();
      const undo = () => say("postroom:beside", { ...this.config, content, url: this.config.urls.send, after: this.config.about });
      if (content) toast({ text: this.config.words.discarded, undo });
    }
  }

  #end() {
    const { composer } = this;
    composer.over = true;
    composer.draft.forget();
    if (!this.mailbox) (composer.closest(".beside-entry") || composer).remove();
  }
}
