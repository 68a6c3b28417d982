/**
 * <post-beside>: where a mail is passed on, or a third party answered, beside the conversation. It is fetched into the
 * timeline below the mail that it is about, so that nothing of it can be typed into a reply to the customer.
 *
 * Hears clicks on [data-beside="/messages/…/forwarding"] and [data-forward-last], and, on document.body, `postroom:beside`
 * {key, url, after, content} for what was taken back. Says `postroom:sent` and `postroom:toast`.
 */

import { freshToken } from "./draft.js";
import { Editor } from "./editor.js";
import { HeldFiles } from "./held_files.js";
import { Recipients, written } from "./recipients.js";
import { ask } from "./requests.js";
import { Toolbar } from "./toolbar.js";
import { Uploads } from "./uploads.js";

const PREFIX = "postroom:beside:";
const KEEP_AFTER = 250;
const say = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail }));

/** What is typed here is kept in this browser until the server has it. */
const kept = {
  load(key) {
    try {
      const content = JSON.parse(localStorage.getItem(PREFIX + key));
      return content && typeof content.html === "string" ? content : null;
    } catch {
      return null;
    }
  },
  keep(key, content) {
    try {
      localStorage.setItem(PREFIX + key, JSON.stringify({ ...content, kept: Date.now() }));
    } catch {
      // A private window keeps nothing; what is typed stays in the page.
    }
  },
  forget(key) {
    try {
      localStorage.removeItem(PREFIX + key);
    } catch {
      // Where nothing can be kept there is nothing to forget.
    }
  },
};

export class BesideElement extends HTMLElement {
  connectedCallback() {
    this.config = JSON.parse(this.querySelector("script[data-config]").textContent);
    this.trouble = this.querySelector("[data-trouble]");
    this.subject = this.querySelector("[data-subject]");
    // Only the first mail of a conversation can be of several.
    this.mailbox = this.querySelector("[data-mailbox]");
    this.#make();
    this.#restore();
    this.addEventListener("submit", (event) => event.preventDefault());
    this.addEventListener("click", (event) => this.#clicked(event));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("input", () => this.#changed());
    this.querySelector("[data-pick]").addEventListener("change", (event) => {
      this.uploads.add(event.target.files);
      event.target.value = "";
    });
  }

  disconnectedCallback() {
    clearTimeout(this.keeping);
    if (!this.over) this.#keepNow();
    this.editor.destroy();
  }

  begin() {
    this.scrollIntoView({ block: "nearest" });
    if (this.recipients.people.to.length) this.editor.focus({ atEnd: true });
    else this.querySelector('[data-field="to"] input').focus();
  }

  get content() {
    const { to, cc, bcc } = this.recipients.people;
    return { html: this.editor.html, to, cc, bcc, subject: this.subject?.value || "", files: this.uploads.stored, token: this.token };
  }

  #make() {
    const { words, urls, largest, people } = this.config;
    const onChange = () => this.#changed();
    const Files = urls.uploads ? Uploads : HeldFiles;
    this.uploads = new Files(this.querySelector("[data-files]"), {
      url: urls.uploads, words, largest, onChange, onTrouble: (sentence) => this.#say(sentence),
    });
    const paper = this.querySelector("[data-editor]");
    paper.setAttribute("aria-label", words.label);
    paper.dataset.placeholder = words.placeholder;
    this.editor = new Editor(paper, { onChange, onFormat: () => this.toolbar?.refresh(), onImage: (file) => this.#inline(file) });
    this.toolbar = new Toolbar(this.querySelector("[data-toolbar]"), this.querySelector("[data-link-form]"), this.editor);
    this.recipients = new Recipients(this.querySelector("[data-recipients]"), { defaults: people, all: {}, words, onChange });
  }

  #restore() {
    const content = { html: "", ...this.config.people, files: this.config.files, token: freshToken(), ...kept.load(this.config.key) };
    this.token = content.token;
    this.editor.html = content.html;
    this.recipients.set(content);
    this.uploads.restore(content.files);
    if (this.subject && content.subject) this.subject.value = content.subject;
  }

  #clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.hasAttribute("data-send")) this.send();
    else if (button.hasAttribute("data-attach")) this.querySelector("[data-pick]").click();
    else if (button.hasAttribute("data-discard")) {
      this.#end();
      if (this.mailbox) history.back();
    }
  }

  #key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      this.send();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      document.activeElement.blur();
    }
  }

  #changed() {
    // After a try whose answer was lost the same token finds the first mail; another text is another mail.
    if (this.tried && this.editor.html !== this.tried) {
      this.token = freshToken();
      this.tried = null;
    }
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.#keepNow(), KEEP_AFTER);
  }

  #keepNow() {
    const { to, cc } = this.recipients.people;
    if (this.editor.isEmpty && JSON.stringify([to, cc]) === JSON.stringify([this.config.people.to, this.config.people.cc])) kept.forget(this.config.key);
    else kept.keep(this.config.key, this.content);
  }

  async send() {
    const { words, urls } = this.config;
    if (this.busy) return;
    if (!this.recipients.settle()) {
      this.#say(words.badRecipient);
      return;
    }
    this.#say("");
    this.#setBusy(true);
    try {
      const { failures } = this.uploads;
      await this.uploads.settled();
      if (this.uploads.failures !== failures) return;
      this.#keepNow();
      this.tried = this.editor.html;
      const answer = await ask("POST", urls.send, { body: this.#form(), words });
      this.#end();
      if (answer.address) {
        location.assign(answer.address);
        return;
      }
      say("postroom:sent", answer);
      say("postroom:toast", { text: answer.said, undo: answer.undo });
    } catch (refusal) {
      if (!refusal.kind) throw refusal;
      if (refusal.details.missing) this.uploads.drop(refusal.details.missing);
      this.#say(refusal.message);
    } finally {
      this.#setBusy(false);
    }
  }

  #form() {
    const { html, subject, files, token, ...people } = this.content;
    const form = new FormData();
    form.append("html", html);
    form.append("token", token);
    form.append("subject", subject);
    if (this.mailbox) form.append("mailbox", this.mailbox.value);
    for (const file of this.uploads.held || []) form.append("file", file, file.name);
    for (const field of ["to", "cc", "bcc"]) for (const person of people[field]) form.append(field, written(person));
    // Its own files go along by being named; others were uploaded for this.
    const own = new Set(this.config.files.map((file) => file.id));
    for (const file of files) form.append(own.has(file.id) ? "files" : "uploads", file.id);
    return form;
  }

  #inline(file) {
    const address = URL.createObjectURL(file);
    this.uploads.addInline(file).then((stored) => {
      if (stored) this.editor.settleImage(address, stored);
      else this.editor.dropImage(address);
    });
    return address;
  }

  #setBusy(busy) {
    this.busy = busy;
    this.querySelector("form").inert = busy;
    this.toggleAttribute("data-busy", busy);
  }

  #end() {
    this.over = true;
    kept.forget(this.config.key);
    clearTimeout(this.keeping);
    (this.closest(".beside-entry") || this).remove();
  }

  #say(sentence) {
    this.trouble.querySelector("[data-sentence]").textContent = sentence;
    this.trouble.hidden = sentence === "";
  }
}

customElements.define("post-beside", BesideElement);

/** Open the form below its mail, or go to it where it is open. */
async function open(url, after) {
  const there = document.querySelector(`#beside-form-${after} post-beside`);
  if (there?.config.urls.send === url) {
    there.begin();
    return;
  }
  const toasts = document.getElementById("toasts");
  const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  const below = document.getElementById(`message-${after}`);
  if (!answer?.ok || !below) {
    say("postroom:toast", { text: toasts?.dataset.failed || "", kind: "danger" });
    return;
  }
  there?.closest(".beside-entry").remove();
  const made = document.createElement("template");
  made.innerHTML = await answer.text();
  below.after(document.importNode(made.content, true));
  document.querySelector(`#beside-form-${after} post-beside`)?.begin();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-beside], [data-forward-last]");
  if (!button) return;
  button.closest("details.menu")?.removeAttribute("open");
  if (button.dataset.beside) open(button.dataset.beside, button.dataset.after);
  else forwardLast();
});

/** What the customer said last is what one most often passes on. */
function forwardLast() {
  const mails = [...document.querySelectorAll("#timeline .message-in:not(.message-side)")];
  const last = mails.at(-1)?.dataset.id;
  if (last) open(`/messages/${last}/forwarding`, last);
}

document.body.addEventListener("postroom:beside", ({ detail }) => {
  kept.keep(detail.key, { ...detail.content, token: freshToken() });
  open(detail.url, detail.after);
});
