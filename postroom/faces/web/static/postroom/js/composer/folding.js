/** At the foot of a conversation: one line until somebody writes, and room that it takes from the messages. */

export class Folding {
  /** @param {import("./element.js").ComposerElement} composer */
  constructor(composer) {
    this.composer = composer;
  }

  set folded(folded) {
    this.composer.toggleAttribute("data-folded", folded);
  }

  /** The composer takes its room from the messages: whoever was at their end stays there. */
  keepEndInView(on) {
    const thread = this.composer.closest("#conversation")?.querySelector("#thread");
    if (!thread) return;
    const atEnd = () => thread.scrollHeight - thread.scrollTop - thread.clientHeight < 40;
    let stay = atEnd();
    on(thread, "scroll", () => (stay = atEnd()), { passive: true });
    this.sizes = new ResizeObserver(() => {
      if (stay) thread.scrollTop = thread.scrollHeight;
    });
    this.sizes.observe(this.composer);
  }

  leave() {
    this.sizes?.disconnect();
  }
}
