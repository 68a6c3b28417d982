/** <post-note-editor>: a note that stands in the conversation, being changed where it stands. */

import { refresh } from "../thread.js";
import { Editor } from "./editor.js";
import { ask, upload } from "./requests.js";

export class NoteEditor extends HTMLElement {
  connectedCallback() {
    const { html, words } = JSON.parse(this.querySelector("script[data-words]").textContent);
    this.words = words;
    this.editor = new Editor(this.querySelector("[data-paper]"), {
      onChange: () => {},
      onFormat: () => {},
      onImage: (file) => this.#inline(file),
    });
    this.editor.html = html;
    this.addEventListener("click", (event) => this.#clicked(event));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.editor.focus({ atEnd: true });
  }

  disconnectedCallback() {
    this.editor.destroy();
  }

  #clicked(event) {
    if (event.target.closest("[data-save]")) this.#save();
    else if (event.target.closest("[data-cancel]")) this.#leave();
  }

  #key(event) {
    event.stopPropagation();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#save();
    } else if (event.key === "Escape") this.#leave();
  }

  async #save() {
    if (this.busy) return;
    this.busy = true;
    this.#say("");
    const body = new FormData();
    body.append("html", this.editor.html);
    try {
      await ask("POST", this.dataset.url, { body, words: this.words });
      this.#leave();
    } catch (refusal) {
      if (!refusal.kind) throw refusal;
      this.#say(refusal.message);
    } finally {
      this.busy = false;
    }
  }

  /** Draw the note as the server has it. */
  async #leave() {
    const message = this.closest(".message");
    this.remove();
    await refresh(this.dataset.message);
    message?.querySelector("summary")?.focus({ preventScroll: true });
  }

  #inline(file) {
    const address = URL.createObjectURL(file);
    const { signal } = new AbortController();
    upload(this.dataset.uploads, { file, name: file.name, inline: true, words: this.words, onProgress: () => {}, signal })
      .then((stored) => this.editor.settleImage(address, stored))
      .catch((refusal) => {
        this.editor.dropImage(address);
        this.#say(refusal.message);
      });
    return address;
  }

  #say(sentence) {
    const trouble = this.querySelector("[data-trouble]");
    trouble.textContent = sentence;
    trouble.hidden = sentence === "";
  }
}
