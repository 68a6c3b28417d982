/** Files of the message: uploaded at once, shown as chips with their progress, removable. */

import { ask, upload } from "./requests.js";

/** @typedef {{id: number, name: string, size: number, url: string, icon: string, thumbnail: string}} Stored */

export class Uploads {
  /** @param {HTMLElement} list @param {{url: string, words: Record<string, string>, largest: number, onChange: () => void, onTrouble: (sentence: string) => void}} options */
  constructor(list, options) {
    this.list = list;
    this.template = list.querySelector("template");
    Object.assign(this, options);
    /** @type {Stored[]} */
    this.stored = [];
    this.running = new Set();
    /** How many files could not be uploaded so far: a message does not go without a file its writer thinks is on it. */
    this.failures = 0;
  }

  get busy() {
    return this.running.size > 0;
  }

  /** Wait until nothing is under way any more, whether it worked or not. */
  async settled() {
    await Promise.allSettled([...this.running]);
  }

  add(files) {
    for (const file of files) this.#track(this.#addOne(file));
  }

  /** Upload an image that stands in the text; resolves to its place on the server, or null. */
  addInline(file) {
    return this.#track(this.#send(file, { inline: true, onProgress: () => {}, signal: new AbortController().signal }));
  }

  /** Show the files of a draft that were uploaded before. @param {Stored[]} files */
  restore(files) {
    this.clear();
    this.stored = [...files];
    for (const file of files) this.#settle(this.#chip(file), file);
  }

  /** Take those off that the server does not have any more. @param {number[]} ids */
  drop(ids) {
    this.restore(this.stored.filter((file) => !ids.includes(file.id)));
  }

  clear() {
    this.stored = [];
    for (const chip of this.list.querySelectorAll("[data-chip]")) chip.remove();
    this.#show();
  }

  #track(promise) {
    this.running.add(promise);
    const done = () => {
      this.running.delete(promise);
      this.onChange();
    };
    promise.then(done, done);
    return promise;
  }

  async #addOne(file) {
    const stop = new AbortController();
    const chip = this.#chip(file);
    const bar = chip.querySelector("[data-progress]");
    chip.querySelector("[data-remove]").addEventListener("click", () => stop.abort(), { once: true });
    const onProgress = (part) => (bar.value = part);
    const stored = await this.#send(file, { inline: false, onProgress, signal: stop.signal });
    if (!stored) {
      chip.remove();
      this.#show();
      return;
    }
    this.stored.push(stored);
    this.#settle(chip, stored);
  }

  async #send(file, options) {
    if (file.size > this.largest) {
      this.failures += 1;
      this.onTrouble(this.words.fileTooLarge.replace("{name}", file.name));
      return null;
    }
    try {
      return await upload(this.url, { file, name: file.name || "image", words: this.words, ...options });
    } catch (refusal) {
      if (refusal.kind !== "aborted") {
        this.failures += 1;
        this.onTrouble(refusal.message);
      }
      return null;
    }
  }

  #chip(file) {
    const chip = this.template.content.firstElementChild.cloneNode(true);
    chip.querySelector("[data-name]").textContent = file.name;
    chip.title = file.name;
    chip.querySelector("[data-size]").textContent = size(file.size);
    chip.querySelector("[data-remove]").setAttribute("aria-label", this.words.remove.replace("{name}", file.name));
    this.list.append(chip);
    this.#show();
    return chip;
  }

  #settle(chip, stored) {
    chip.querySelector("[data-progress]").remove();
    chip.querySelector("[data-name]").textContent = stored.name;
    chip.querySelector("[data-remove]").addEventListener("click", () => this.#remove(chip, stored));
    const drawing = chip.querySelector("[data-icon] use");
    drawing.setAttribute("href", drawing.getAttribute("href").replace(/#.*/, `#${stored.icon}`));
    if (stored.thumbnail) {
      const image = document.createElement("img");
      image.src = stored.thumbnail;
      image.alt = "";
      chip.querySelector("[data-icon]").replaceChildren(image);
    }
  }

  async #remove(chip, stored) {
    chip.remove();
    this.stored = this.stored.filter((file) => file.id !== stored.id);
    this.#show();
    this.onChange();
    try {
      await ask("DELETE", `/uploads/${stored.id}`, { words: this.words });
    } catch {
      // It is off the message, which is what was asked; a forgotten upload is swept up by the server.
    }
  }

  #show() {
    this.list.hidden = this.list.querySelector("[data-chip]") === null;
  }
}

/** Show an image in the text at once, from memory, while it goes to the server; returns the address to show. */
export function shownMeanwhile(file, { uploads, editor }) {
  const address = URL.createObjectURL(file);
  uploads.addInline(file).then((stored) => {
    if (stored) editor.settleImage(address, stored);
    else editor.dropImage(address);
  });
  return address;
}

/** Say how large a file is, as people say it. */
export function size(bytes) {
  const steps = ["byte", "kilobyte", "megabyte"];
  const step = bytes < 1000 ? 0 : bytes < 1e6 ? 1 : 2;
  const number = bytes / 1000 ** step;
  const digits = step === 2 && number < 10 ? 1 : 0;
  const language = document.documentElement.lang || "en";
  return new Intl.NumberFormat(language, { style: "unit", unit: steps[step], maximumFractionDigits: digits }).format(number);
}
