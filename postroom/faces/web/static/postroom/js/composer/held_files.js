/** Files of the first mail of a conversation: they wait in the browser, since there is no conversation to keep them in. */

import { size } from "./uploads.js";

/** As Uploads, for the form that it is in; what is stored here are the files themselves. */
export class HeldFiles {
  /** @param {HTMLElement} list @param {{words: Record<string, string>, largest: number, onChange: () => void, onTrouble: (sentence: string) => void}} options */
  constructor(list, options) {
    this.list = list;
    this.template = list.querySelector("template");
    Object.assign(this, options);
    /** @type {File[]} */
    this.held = [];
    this.failures = 0;
  }

  /** Nothing that a draft could name: a file does not outlive its page. */
  get stored() {
    return [];
  }

  async settled() {}

  restore() {}

  drop() {}

  add(files) {
    for (const file of files) {
      if ([...this.held, file].reduce((sum, one) => sum + one.size, 0) > this.largest) {
        this.onTrouble(this.words.fileTooLarge.replace("{name}", file.name));
        continue;
      }
      this.held.push(file);
      this.#show(file);
    }
    this.onChange();
  }

  /** An image cannot stand in the text yet; it is attached instead. */
  async addInline(file) {
    this.add([file]);
    return null;
  }

  #show(file) {
    const chip = this.template.content.firstElementChild.cloneNode(true);
    chip.querySelector("[data-name]").textContent = file.name;
    chip.querySelector("[data-size]").textContent = size(file.size);
    const remove = chip.querySelector("[data-remove]");
    remove.setAttribute("aria-label", this.words.remove.replace("{name}", file.name));
    remove.addEventListener("click", () => {
      this.held = this.held.filter((one) => one !== file);
      chip.remove();
      this.list.hidden = this.held.length === 0;
      this.onChange();
    });
    this.list.append(chip);
    this.list.hidden = false;
  }
}
