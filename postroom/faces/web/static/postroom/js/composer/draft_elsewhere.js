/** Somebody else, or this person in another window, has changed or ended the draft: both texts are there to choose from. */

import { place } from "./draft.js";
import { Moved } from "./moved.js";
import { refreshDrafts } from "./other_drafts.js";

export class DraftElsewhere {
  /** @param {import("./element.js").ComposerElement} composer @param {HTMLElement} panel */
  constructor(composer, panel) {
    this.composer = composer;
    this.panel = panel;
    this.notice = new Moved(panel, { onAnyway: () => this.ways.anyway(), onBack: () => this.ways.back() });
  }

  show({ message, details }) {
    const { now, when, said } = details;
    const { composer } = this;
    composer.autosave.stopped = true;
    composer.autosave.say("");
    const back = () => (now?.mine ? composer.adopt(now) : this.letGo());
    // No focus is taken from somebody who writes.
    this.#show(message, now ? [{ who: now.holder, when, said }] : [], details, { anyway: () => this.#keepMine(now), back, focus: false });
  }

  /** Something of others goes with it: only who says so twice means it. */
  confirm({ message, details }, anyway) {
    this.#show(message, details.newer, details, { anyway, back: () => this.composer.editor.focus(), focus: true });
  }

  hide() {
    this.notice.hide();
  }

  /** Nothing of it is to stay here. */
  letGo() {
    this.composer.draft.forget();
    this.composer.restore(null);
    refreshDrafts();
  }

  #show(sentence, newer, { keep, other }, { focus, ...ways }) {
    this.ways = ways;
    this.panel.querySelector("[data-anyway]").textContent = keep;
    this.panel.querySelector("[data-back]").textContent = other;
    this.notice.show(sentence, newer, { focus });
    this.composer.kind.unfold();
  }

  #keepMine(now) {
    const { composer } = this;
    composer.autosave.begin(now?.mine ? place(now) : {});
    composer.shared = composer.autosave.shared;
    composer.keeping.now();
    composer.autosave.save();
    composer.editor.focus();
  }
}
