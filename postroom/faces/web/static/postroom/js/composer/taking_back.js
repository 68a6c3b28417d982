/**
 * Take a reply back before it leaves: its text returns to the editor it came from.
 *
 * Hears `postroom:unsend` {url} on document.body and clicks on [data-unsend="/messages/…/sending"].
 * Says `postroom:unsent` {conversation, message} and, when it was too late, `postroom:toast` {text, kind: "danger"}.
 */

import { go, openId } from "../panes.js";
import { Draft, freshToken } from "./draft.js";
import { ask } from "./requests.js";

const say = (name, detail) => document.body.dispatchEvent(new CustomEvent(name, { detail }));

/** A second click on the same Undo must not put the text there twice. */
const taken = new Set();

async function takeBack(url) {
  const toasts = document.getElementById("toasts");
  const { failed = "", signedOut = "" } = toasts ? toasts.dataset : {};
  const words = { offline: failed, broken: failed, forbidden: failed, gone: failed, signedOut };
  try {
    const { conversation, message, person, address, draft, beside } = await ask("DELETE", url, { words });
    if (beside) {
      // For a third party: it goes back into a form for them, and never near a reply to the customer.
      say("postroom:unsent", { conversation, message });
      if (openId() !== conversation) await go(address);
      if (!taken.has(message)) say("postroom:beside", { ...beside, person });
      taken.add(message);
      return;
    }
    const isFirst = !taken.has(message);
    taken.add(message);
    say("postroom:unsent", { conversation, message });
    await putBack(isFirst ? { ...draft, mode: "reply" } : null, { person, conversation, address });
  } catch (refusal) {
    say("postroom:toast", { text: refusal.message, kind: "danger" });
  }
}

/** Put a text into the composer of a conversation, and show that; null for one that is there already. */
export async function putBack(content, { person, conversation, address }) {
  const kept = new Draft(person, conversation);
  if (content) kept.keep(joined(content, kept.load()));
  say("postroom:draft", { conversation });
  if (openId() !== conversation) await go(address);
}

/** Somebody who went on writing loses neither text. */
function joined(draft, newer) {
  const content = { ...draft, token: freshToken() };
  if (!newer) return content;
  return { ...content, html: `${draft.html}<div><br></div>${newer.html}`, files: [...draft.files, ...(newer.files || [])] };
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-unsend]");
  if (button) takeBack(button.dataset.unsend);
});
document.body.addEventListener("postroom:unsend", (event) => takeBack(event.detail.url));
