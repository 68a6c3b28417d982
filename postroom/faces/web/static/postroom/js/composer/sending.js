/** One message on its way to the server: once, whatever is clicked, and with every refusal beside the draft. */

import { ask } from "./requests.js";
import { written } from "./recipients.js";

/** Return the form that the server reads. @param {import("./draft.js").Content} content */
export function formOf(content, { close, more = {} }) {
  const form = new FormData();
  form.append("html", content.html);
  form.append("token", content.token);
  if (content.draft) form.append("draft", content.draft);
  for (const file of content.files) form.append("uploads", file.id);
  if (content.mode === "reply") {
    for (const field of ["to", "cc", "bcc"]) for (const person of content[field]) form.append(field, written(person));
    for (const email of content.dropped || []) form.append("dropped", email);
    form.append("seen", content.seen);
    form.append("state", content.state || "");
    for (const [field, value] of Object.entries(more)) form.append(field, value);
    // An empty list says "to nobody", no list "to whom it usually goes".
    if (content.to.length === 0) form.append("to", "");
  }
  if (close) form.append("close", "1");
  if (close || more.snooze) {
    // The list this was opened from: its next conversation comes next.
    form.append("in", document.getElementById("conversation")?.dataset.place || "");
  }
  return form;
}

/** Send it; returns {conversation, message, kind, closed, undo} or throws a Refusal. */
export function post(content, { urls, words, close, more }) {
  const url = content.mode === "note" ? urls.notes : urls.replies;
  return ask("POST", url, { body: formOf(content, { close, more }), words });
}

/** What stands beside the draft when somebody else wrote first: who, what, and the two ways on. */
export class Moved {
  /** @param {HTMLElement} panel @param {{onAnyway: () => void, onBack: () => void}} hands */
  constructor(panel, hands) {
    this.panel = panel;
    panel.querySelector("[data-anyway]").addEventListener("click", () => this.#choose(hands.onAnyway));
    panel.querySelector("[data-back]").addEventListener("click", () => this.#choose(hands.onBack));
  }

  show(sentence, newer, { focus = true } = {}) {
    this.panel.querySelector("[data-sentence]").textContent = sentence;
    const template = this.panel.querySelector("template");
    this.panel.querySelector("[data-newer]").replaceChildren(
      ...newer.map((message) => {
        const row = template.content.firstElementChild.cloneNode(true);
        row.querySelector("[data-who]").textContent = message.who;
        row.querySelector("[data-when]").textContent = message.when;
        row.querySelector("[data-said]").textContent = message.said;
        return row;
      }),
    );
    this.panel.hidden = false;
    if (focus) this.panel.querySelector("[data-back]").focus();
  }

  hide() {
    this.panel.hidden = true;
  }

  #choose(hand) {
    this.hide();
    hand();
  }
}
