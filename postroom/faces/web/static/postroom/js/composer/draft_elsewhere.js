/** Somebody else, or this person in another window, has changed or ended the draft: both texts are there to choose from. */

import { place } from "./draft.js";
import { Moved } from "./moved.js";
import { refreshDrafts } from "./other_drafts.js";

export class DraftElsewhere {
  /** @param {import("./element.js").ComposerElement} composer @param {HTMLElement} panel */
  constructor(composer, panel) {
    this.composer = composer;
    this.panel = panel;
    this.notice = new Moved(panel, {
      onAnyway: () => this.#keepMine(),
      onBack: () => {
        if (this.now?.mine) composer.adopt(this.now);
        else this.letGo();
      },
    });
  }

  show({ message, details }) {
    const { now, when, said, keep, other } = details;
    const { autosave, kind } = this.composer;
    autosave.stopped = true;
    autosave.say("");
    this.now = now;
    this.panel.querySelector("[data-anyway]").textContent = keep;
    this.panel.querySelector("[data-back]").textContent = other;
    // No focus is taken from somebody who writes.
    this.notice.show(message, now ? [{ who: now.holder, when, said }] : [], { focus: false });
    kind.unfold();
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

  #keepMine() {
    const { composer, now } = this;
    composer.autosave.begin(now?.mine ? place(now) : {});
    composer.shared = composer.autosave.shared;
    composer.keeping.now();
    composer.autosave.save();
    composer.editor.focus();
  }
}
