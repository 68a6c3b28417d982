/**
 * Take a reply back before it leaves: its text returns to the editor it came from.
 *
 * Hears `postroom:unsend` {url} on document.body and clicks on [data-unsend="/messages/…/sending"].
 * Says `postroom:unsent` {conversation, address} and, when it was too late, `postroom:toast` {text, kind: "danger"}.
 */

import { Draft, freshToken } from "./draft.js";
import { ask } from "./requests.js";

const say = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail }));

async function takeBack(url) {
  const toasts = document.getElementById("toasts");
  const { failed = "", signedOut = "" } = toasts ? toasts.dataset : {};
  const words = { offline: failed, broken: failed, forbidden: failed, gone: failed, signedOut };
  try {
    const { conversation, person, address, draft } = await ask("DELETE", url, { words });
    const kept = new Draft(person, conversation);
    kept.keep(joined(draft, kept.load()));
    say("postroom:draft", { conversation });
    say("postroom:unsent", { conversation, address });
  } catch (refusal) {
    say("postroom:toast", { text: refusal.message, kind: "danger" });
  }
}

/** Somebody who went on writing loses neither text. */
function joined(draft, newer) {
  const content = { ...draft, mode: "reply", token: freshToken() };
  if (!newer) return content;
  return { ...content, html: `${draft.html}<div><br></div>${newer.html}`, files: [...draft.files, ...(newer.files || [])] };
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-unsend]");
  if (button) takeBack(button.dataset.unsend);
});
document.body.addEventListener("postroom:unsend", (event) => takeBack(event.detail.url));
