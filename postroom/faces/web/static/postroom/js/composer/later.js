/** The menu beside Send: leave later, snooze as it leaves, and whether it is cancelled when they answer first. */

import { menu as openMenu } from "../controls.js";
import { closeMenus } from "../menus.js";

export class Later {
  /** @param {HTMLElement | null} menu @param {{onSend: (more: Record<string, string>) => void}} hands */
  constructor(menu, hands) {
    this.menu = menu;
    this.hands = hands;
    if (!menu) return;
    this.pick = menu.querySelector("[data-pick-moment]");
    this.first = menu.querySelector("[data-overtake]");
    menu.addEventListener("click", (event) => this.#clicked(event));
    // In a form of several buttons, Enter would press the first.
    this.pick.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      event.stopPropagation();
      menu.querySelector("[data-later-picked]").click();
    });
  }

  /** By the keyboard; a note leaves now. */
  open() {
    if (this.menu?.checkVisibility()) openMenu(this.menu.id);
  }

  /** What goes with every reply, whichever button sends it. @returns {Record<string, string>} */
  get always() {
    return this.first?.checked ? { overtake: "1" } : {};
  }

  /** The next reply is one of its own. */
  reset() {
    if (this.first) this.first.checked = this.first.defaultChecked;
    if (this.pick) this.pick.value = "";
  }

  #clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { laterAt, snoozeUntil } = button.dataset;
    if (laterAt) this.#send({ later: laterAt });
    else if (snoozeUntil) this.#send({ snooze: snoozeUntil });
    else if (button.hasAttribute("data-later-picked") || button.hasAttribute("data-snooze-picked")) this.#picked(button);
  }

  #picked(button) {
    if (!this.pick.value) {
      this.pick.focus();
      this.pick.showPicker?.();
      return;
    }
    this.#send({ [button.hasAttribute("data-later-picked") ? "later" : "snooze"]: this.pick.value });
  }

  #send(more) {
    closeMenus();
    this.hands.onSend(more);
  }
}
