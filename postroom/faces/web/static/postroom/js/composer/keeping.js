/** What is typed is kept in this browser a moment after each key, and each text has a token of its own. */

import { markOf } from "./autosave.js";
import { freshToken } from "./draft.js";

const KEEP_AFTER = 250;

export class Keeping {
  /** @param {import("./element.js").ComposerElement} composer */
  constructor(composer) {
    this.composer = composer;
    /** The text whose sending was tried, and whose answer may have been lost. */
    this.tried = null;
  }

  touched() {
    const { composer } = this;
    // After a try whose answer was lost the same token finds the first message; another text is another message.
    if (this.tried && composer.editor.html !== this.tried) {
      composer.token = freshToken();
      this.tried = null;
    }
    this.stop();
    this.timer = setTimeout(() => this.now(), KEEP_AFTER);
  }

  now() {
    const { composer } = this;
    this.stop();
    // What is typed while the page of what was sent comes is part of nothing.
    if (composer.over) return;
    const { content } = composer;
    if (composer.isEmpty) composer.draft.forget();
    else if (!composer.draft.keep({ ...content, ...composer.autosave.place, unsaved: markOf(content) !== composer.autosave.saved })) {
      composer.say(composer.config.words.cannotKeep);
    }
  }

  stop() {
    clearTimeout(this.timer);
  }
}
