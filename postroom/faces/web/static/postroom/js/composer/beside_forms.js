/**
 * Forms in which a mail is passed on, or a third party answered: each is fetched into the timeline below its mail.
 *
 * Hears clicks on [data-beside="/messages/…/forwarding"] and [data-forward-last], and, on document.body, `postroom:beside`
 * {person, place, url, after, content} for what was taken back.
 */

import { Draft, freshToken } from "./draft.js";

const say = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail }));

/** Open the form below its mail, or go to it where it is open. */
async function open(url, after) {
  const there = formOf(after);
  if (there?.config.urls.send === url) {
    begin(there);
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
  const opened = formOf(after);
  if (opened) begin(opened);
}

function begin(form) {
  // The room is for what is written now; a reply that was begun waits on its line.
  document.getElementById("composer")?.kind.fold();
  form.closest(".beside-entry").scrollIntoView({ block: "nearest" });
  if (form.recipients.people.to.length) form.editor.focus({ atEnd: true });
  else form.querySelector('[data-field="to"] input').focus();
}

const formOf = (after) => document.querySelector(`#beside-form-${after} post-composer`);

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
  const draft = new Draft(detail.person, detail.place);
  draft.keep({ ...joined(detail.content, draft.load()), token: freshToken() });
  formOf(detail.after)?.restore();
  open(detail.url, detail.after);
});

/** Somebody who went on writing there loses neither text. */
function joined(content, newer) {
  if (!newer?.html) return content;
  return { ...newer, html: `${content.html}<div><br></div>${newer.html}`, files: [...content.files, ...(newer.files || [])] };
}
