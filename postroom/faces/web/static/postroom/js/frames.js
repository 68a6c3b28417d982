/**
 * <mail-frame>: a customer's HTML in a frame that runs nothing and has no origin. This page can neither look inside nor
 * be looked at: it chooses the frame's address (theme, images, what is unfolded), and is told by the server what it
 * has to know. How the frame gets its height and why keys work after a click into it: docs/security/browser.md.
 */

import { lend } from "./frame_focus.js";

// The browser takes the document's own height when it loads (CSS Sizing 4, frame-sizing).
const SIZES_ITSELF = CSS.supports("frame-sizing", "content-height");
const TALLEST = 3200;
const SETTLED = 250;

class MailFrame extends HTMLElement {
  connectedCallback() {
    this.frame = this.querySelector("iframe");
    this.bar = this.querySelector("[data-blocked-bar]");
    this.foot = this.querySelector("[data-frame-foot]");
    this.asks = {};
    this.listening = new AbortController();
    const { signal } = this.listening;
    const on = (selector, act) => this.querySelector(selector).addEventListener("click", act, { signal });
    this.frame.addEventListener("load", () => this.#loaded(), { signal });
    on("[data-show-images]", () => this.#ask({ images: "1" }));
    on("[data-unfold]", () => this.#ask({ quotes: "open" }));
    on("[data-taller]", () => this.#stretch());
    this.addEventListener("htmx:afterRequest", (event) => this.#trusted(event), { signal });
    this.themes = new MutationObserver(() => this.#ask({}));
    this.themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#ask({}), { signal });
    this.sizes = new ResizeObserver(() => this.#resized());
    this.near = new IntersectionObserver(([seen]) => seen.isIntersecting && this.#begin(), { rootMargin: "800px" });
    this.near.observe(this);
    lend(this.frame, { signal });
  }

  disconnectedCallback() {
    this.listening.abort();
    for (const one of [this.themes, this.sizes, this.near]) one.disconnect();
    clearTimeout(this.settling);
  }

  /** Fetch it when it comes near; a long conversation does not load what nobody scrolls to. */
  async #begin() {
    this.near.disconnect();
    this.#show();
    await this.#learn();
    if (!this.isConnected) return;
    this.#measure();
    this.sizes.observe(this.frame);
    this.#ready();
  }

  /** What the page has to know of the document and cannot see. */
  async #learn() {
    const facts = await fetch(this.#address({ facts: "1" })).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null);
    this.facts = facts ?? { blocked: 0, trackers: "", trusted: false, ownColours: false, folds: 0, heights: [] };
    this.#dress();
    this.#tellBlocked();
    this.#tell("[data-trackers]", this.facts.trackers);
    this.#tell("[data-trusted]", this.facts.trusted);
  }

  #address(more) {
    const url = new URL(this.dataset.src, location.href);
    for (const [name, value] of Object.entries({ theme: theme(), ...this.asks, ...more })) url.searchParams.set(name, value);
    return url.href;
  }

  /** Replaced, not followed: "back" belongs to the page. */
  #show() {
    this.shown = this.#address({});
    this.width = this.frame.clientWidth;
    // A document is never reckoned lower than the frame that it is loaded into, so it begins low; the page stays put.
    if (this.drawn) this.style.minHeight = `${this.offsetHeight}px`;
    this.toggleAttribute("data-sized", false);
    this.frame.contentWindow.location.replace(this.shown);
  }

  #ask(more) {
    this.asks = { ...this.asks, ...more };
    if (!this.shown || this.#address({}) === this.shown) return;
    this.#dress();
    this.#tellBlocked();
    this.#show();
  }

  #loaded() {
    if (!this.shown) return;
    this.drawn = true;
    this.#ready();
  }

  #ready() {
    if (!this.drawn || !this.facts) return;
    this.toggleAttribute("data-sized", SIZES_ITSELF);
    this.toggleAttribute("data-ready", true);
    requestAnimationFrame(() => requestAnimationFrame(() => { this.style.minHeight = ""; }));
  }

  /** A browser that takes the document's height takes it once, as it loads: another width is another load. */
  #resized() {
    if (this.frame.clientWidth === this.width || !this.frame.clientWidth) return;
    clearTimeout(this.settling);
    if (SIZES_ITSELF) this.settling = setTimeout(() => this.#show(), SETTLED);
    else this.#measure();
    this.width = this.frame.clientWidth;
  }

  /** Elsewhere the server's estimate has to do; what is higher scrolls inside, and can be stretched. */
  #measure() {
    const { folds, heights } = this.facts;
    const unfold = this.querySelector("[data-unfold]");
    unfold.hidden = folds === 0 || this.asks.quotes === "open";
    this.querySelector("[data-taller]").hidden = SIZES_ITSELF || !heights.length;
    this.foot.hidden = SIZES_ITSELF ? folds === 0 : false;
    if (SIZES_ITSELF || !heights.length || this.stretched) return;
    this.frame.style.height = `${Math.min(at(heights, this.frame.clientWidth), TALLEST)}px`;
  }

  #stretch() {
    this.stretched = true;
    this.frame.style.height = `${Math.round(this.frame.offsetHeight * 1.6 + 80)}px`;
  }

  #dress() {
    // A transparent frame is only transparent while both sides have the same scheme.
    this.frame.style.colorScheme = this.facts?.ownColours ? "light" : theme();
  }

  #tellBlocked() {
    const count = this.asks.images === "1" ? 0 : (this.facts?.blocked ?? 0);
    this.bar.hidden = count === 0;
    const words = this.bar.querySelector("[data-one]");
    words.textContent = count === 1 ? words.dataset.one : words.dataset.many.replace("{n}", count);
  }

  /** Show a line above the frame when there is something to say in it. */
  #tell(selector, said) {
    const line = this.querySelector(selector);
    if (!line) return;
    line.hidden = !said;
    if (typeof said === "string") line.querySelector("span").textContent = said;
  }

  /** Whose images are shown was decided just now, by a click here. */
  #trusted({ target, detail }) {
    if (!detail.successful) return;
    if (target.matches("[data-trust]")) this.#ask({ images: "1" });
    if (target.matches("[data-distrust]")) {
      this.#ask({ images: "0" });
      this.#learn();
    }
  }
}

/** The height at this width, between those that were worked out. */
function at(heights, width) {
  const after = heights.findIndex(([known]) => known >= width);
  if (after === 0) return heights[0][1];
  if (after < 0) return heights.at(-1)[1];
  const [[less, high], [more, low]] = heights.slice(after - 1, after + 1);
  return Math.round(high + ((low - high) * (width - less)) / (more - less));
}

function theme() {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "dark" || chosen === "light") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

customElements.define("mail-frame", MailFrame);

// What the server sends again knows nothing of heights, of loaded images or of a half-written reply.
if (window.Idiomorph) {
  const { callbacks } = window.Idiomorph.defaults;
  const others = callbacks.beforeNodeMorphed;
  callbacks.beforeNodeMorphed = (old, fresh) =>
    old.localName === "mail-frame" || old.localName === "post-composer" ? false : others?.(old, fresh);
}
