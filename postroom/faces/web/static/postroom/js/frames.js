/**
 * <mail-frame>: a customer's HTML in its frame. Nothing runs inside; from here it is measured, given the theme, and
 * its keys are passed on, so that the page's shortcuts work wherever one has clicked.
 */

const SMALLEST = 0.55;

class MailFrame extends HTMLElement {
  connectedCallback() {
    this.frame = this.querySelector("iframe");
    this.bar = this.querySelector("[data-blocked-bar]");
    this.listening = new AbortController();
    const { signal } = this.listening;
    this.frame.addEventListener("load", () => this.#loaded(), { signal });
    this.querySelector("[data-show-images]").addEventListener("click", () => this.#showImages(), { signal });
    this.themes = new MutationObserver(() => this.#dress());
    this.themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#dress(), { signal });
    if (this.#page?.readyState === "complete" && this.#page.URL !== "about:blank") this.#loaded();
  }

  disconnectedCallback() {
    this.listening.abort();
    this.themes.disconnect();
    this.sizes?.disconnect();
  }

  get #page() {
    return this.frame.contentDocument;
  }

  #loaded() {
    const page = this.#page;
    if (!page?.body) return;
    this.fitted = 0;
    this.#dress();
    this.#tellBlocked(Number(page.documentElement.dataset.blocked || 0));
    this.sizes?.disconnect();
    this.sizes = new ResizeObserver(() => this.#measure());
    this.sizes.observe(page.body);
    this.sizes.observe(this.frame);
    // Images and quotes change the height after the frame's own load.
    for (const name of ["load", "toggle"]) page.addEventListener(name, () => this.#measure(), { capture: true });
    page.addEventListener("keydown", (event) => this.#passOn(event));
    this.#measure();
    this.toggleAttribute("data-ready", true);
  }

  #measure() {
    const page = this.#page;
    if (!page?.body) return;
    this.#fit(page);
    this.frame.style.height = `${Math.ceil(page.body.getBoundingClientRect().height)}px`;
  }

  /** A letter made for one width is drawn smaller rather than cut; below a readable size it scrolls. */
  #fit(page) {
    const room = this.frame.clientWidth;
    if (!room || room === this.fitted) return;
    this.fitted = room;
    page.body.style.zoom = "";
    const wide = page.body.scrollWidth;
    if (wide > room + 1) page.body.style.zoom = String(Math.max(room / wide, SMALLEST));
  }

  #dress() {
    const root = this.#page?.documentElement;
    if (!root) return;
    root.dataset.theme = isDark() ? "dark" : "light";
    // A transparent frame is only transparent while both sides have the same scheme.
    const follows = !root.hasAttribute("data-own-colours");
    this.frame.style.colorScheme = follows ? root.dataset.theme : "light";
  }

  #tellBlocked(count) {
    this.bar.hidden = count === 0;
    const words = this.bar.querySelector("[data-one]");
    words.textContent = count === 1 ? words.dataset.one : words.dataset.many.replace("{n}", count);
  }

  #showImages() {
    this.bar.hidden = true;
    // Replaced, not followed: "back" belongs to the page.
    this.frame.contentWindow.location.replace(`${this.frame.getAttribute("src")}?images=1`);
  }

  #passOn(event) {
    const { key, code, ctrlKey, metaKey, shiftKey, altKey } = event;
    const copy = new KeyboardEvent("keydown", { key, code, ctrlKey, metaKey, shiftKey, altKey, bubbles: true, cancelable: true });
    if (!document.body.dispatchEvent(copy)) event.preventDefault();
  }
}

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
}

customElements.define("mail-frame", MailFrame);

// What the server sends again knows nothing of heights, of loaded images or of a half-written reply.
if (window.Idiomorph) {
  const { callbacks } = window.Idiomorph.defaults;
  const others = callbacks.beforeNodeMorphed;
  callbacks.beforeNodeMorphed = (old, fresh) =>
    old.localName === "mail-frame" || old.localName === "post-composer" ? false : others?.(old, fresh);
}
