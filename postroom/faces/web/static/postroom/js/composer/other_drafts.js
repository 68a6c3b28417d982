/** The drafts above the composer: take a colleague's over, go on with another of one's own, share, keep private. */

import { ask } from "./requests.js";

const { htmx } = window;
const strip = () => document.getElementById("drafts");

export function refreshDrafts() {
  if (strip()) htmx.trigger(strip(), "refresh");
}

/** @param {import("./element.js").ComposerElement} composer @param {Function} on adds a listener that ends with the composer */
export function otherDrafts(composer, on) {
  on(document, "click", async (event) => {
    const button = event.target.closest?.("[data-take-over], [data-go-on], [data-keep-private], [data-share]");
    if (!button) return;
    button.disabled = true;
    try {
      await pressed(composer, button);
    } catch (refusal) {
      if (!refusal.kind) throw refusal;
      document.body.dispatchEvent(new CustomEvent("postroom:toast", { detail: { text: refusal.message, kind: "danger" } }));
    }
    button.disabled = false;
    refreshDrafts();
  });
  // A colleague shared, took over or commented: told by the live stream.
  on(document.body, "postroom:hint", ({ detail }) => {
    if (detail.conversation !== composer.config.conversation || !/^(draft|reply|note)\./.test(detail.kind || "")) return;
    refreshDrafts();
    composer.autosave.verify();
  });
}

async function pressed(composer, button) {
  const { words, urls } = composer.config;
  const { takeOver, goOn, keepPrivate } = button.dataset;
  if (takeOver || goOn) {
    // What stands in the composer is saved before another text comes in its place.
    await composer.autosave.save();
    composer.adopt(await ask(takeOver ? "POST" : "GET", takeOver || goOn, { words }));
  } else if (keepPrivate) {
    await ask("DELETE", keepPrivate, { words });
    composer.shared = false;
  } else {
    await composer.autosave.save();
    if (!composer.autosave.draft) return;
    const { shared } = composer.autosave;
    await ask(shared ? "DELETE" : "POST", `${urls.drafts}/${composer.autosave.draft}/sharing`, { words });
    composer.shared = !shared;
  }
}
