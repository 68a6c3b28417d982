/** The buttons above the text: what each does, whether it is on, and the little form for a link. */

const FORMATS = {
  bold: { tag: "B", also: "STRONG", on: (squire) => squire.bold(), off: (squire) => squire.removeBold() },
  italic: { tag: "I", also: "EM", on: (squire) => squire.italic(), off: (squire) => squire.removeItalic() },
  bullets: { tag: "UL", on: (squire) => squire.makeUnorderedList(), off: (squire) => squire.removeList() },
  numbers: { tag: "OL", on: (squire) => squire.makeOrderedList(), off: (squire) => squire.removeList() },
  quote: { tag: "BLOCKQUOTE", on: (squire) => squire.increaseQuoteLevel(), off: (squire) => squire.decreaseQuoteLevel() },
};

export class Toolbar {
  /** @param {HTMLElement} bar @param {HTMLElement} linkForm @param {import("./editor.js").Editor} editor */
  constructor(bar, linkForm, editor) {
    this.bar = bar;
    this.linkForm = linkForm;
    this.address = linkForm.querySelector("input");
    this.editor = editor;
    this.squire = editor.squire;
    // The text keeps its selection while a button is pressed.
    bar.addEventListener("mousedown", (event) => event.preventDefault());
    bar.addEventListener("click", (event) => this.#pressed(event.target.closest("[data-format], [data-link]")));
    bar.addEventListener("keydown", (event) => this.#moved(event));
    linkForm.addEventListener("keydown", (event) => this.#linkKey(event));
    linkForm.addEventListener("click", (event) => this.#linkButton(event.target.closest("button")));
    this.#rove(this.#buttons[0]);
  }

  /** Show which formats the text at the cursor has. */
  refresh() {
    for (const button of this.bar.querySelectorAll("[data-format]")) {
      button.setAttribute("aria-pressed", String(this.#has(FORMATS[button.dataset.format])));
    }
    this.bar.querySelector("[data-link]").setAttribute("aria-pressed", String(this.squire.hasFormat("A")));
  }

  get #buttons() {
    return [...this.bar.querySelectorAll("button")];
  }

  #has(format) {
    return this.squire.hasFormat(format.tag) || (format.also !== undefined && this.squire.hasFormat(format.also));
  }

  #pressed(button) {
    if (!button) return;
    if (button.hasAttribute("data-link")) {
      this.#openLink();
      return;
    }
    const format = FORMATS[button.dataset.format];
    (this.#has(format) ? format.off : format.on)(this.squire);
    this.squire.focus();
    this.refresh();
  }

  #openLink() {
    const link = closestLink(this.squire.getSelection());
    this.address.value = link ? link.getAttribute("href") : "";
    this.linkForm.querySelector("[data-unlink]").hidden = link === null;
    this.linkForm.hidden = false;
    this.address.focus();
    this.address.select();
  }

  #linkKey(event) {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter") this.#makeLink();
    else this.#closeLink();
  }

  #linkButton(button) {
    if (!button) return;
    if (button.hasAttribute("data-unlink")) this.squire.removeLink();
    if (button.hasAttribute("data-make-link")) this.#makeLink();
    else this.#closeLink();
  }

  #makeLink() {
    const address = linkAddress(this.address.value);
    if (address) this.squire.makeLink(address);
    this.#closeLink();
  }

  #closeLink() {
    this.linkForm.hidden = true;
    this.squire.focus();
    this.refresh();
  }

  /** One tab stop for the whole bar; the arrows go from button to button. */
  #moved(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const buttons = this.#buttons;
    const next = buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
    this.#rove(next);
    next.focus();
    event.preventDefault();
  }

  #rove(current) {
    for (const button of this.#buttons) button.tabIndex = button === current ? 0 : -1;
  }
}

function closestLink(range) {
  const node = range.startContainer;
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element ? element.closest("a[href]") : null;
}

/** Return what somebody typed as an address that can be linked, or null. */
export function linkAddress(typed) {
  const text = typed.trim();
  if (!text) return null;
  if (/^[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return `mailto:${text}`;
  const address = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/:]+:\d/.test(text) ? text : `https://${text}`;
  return /^(https?|mailto|tel):/i.test(address) ? address : null;
}
