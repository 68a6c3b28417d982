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
