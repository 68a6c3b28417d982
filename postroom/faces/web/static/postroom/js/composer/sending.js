/** One message on its way to the server: once, whatever is clicked, and with every refusal beside the draft. */

import { written } from "./recipients.js";
import { ask } from "./requests.js";

/**
 * Send it; returns {conversation, message, kind, closed, undo} or throws a Refusal.
 * @param {import("./draft.js").Content} content
 */
export function post(content, kind, { words, close, more }) {
  const form = new FormData();
  form.append("html", content.html);
  form.append("token", content.token);
  if (content.draft) form.append("draft", content.draft);
  if (kind.isMail) {
    for (const field of ["to", "cc", "bcc"]) for (const person of content[field]) form.append(field, written(person));
    for (const [field, value] of Object.entries(more)) form.append(field, value);
  }
  kind.fill(form, content, { close, more });
  return ask("POST", kind.sendTo, { body: form, words });
}
