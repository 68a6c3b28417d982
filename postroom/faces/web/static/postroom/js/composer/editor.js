/** The rich text of the composer: Squire, fed with nothing that DOMPurify has not cleaned first. */

import Squire from "../../vendor/squire.mjs";
import DOMPurify from "../../vendor/purify.mjs";

const TAGS = [
  "a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "hr", "i", "img", "input", "li", "ol", "p", "pre",
  "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
];
const ATTRIBUTES = ["alt", "colspan", "data-attachment", "href", "id", "rowspan", "src", "start", "title", "type"];
const ADDRESSES = /^(?:https?:|mailto:|tel:|blob:|\/attachments\/\d+\/)/i;
const OWN_IMAGE = /^\/attachments\/(\d+)\//;
const DRAWN_IMAGE = /^data:(image\/(?:png|jpeg|gif|webp));base64,(.+)$/s;

export class Editor {
  /**
   * @param {HTMLElement} root the paper
   * @param {{onChange: () => void, onFormat: () => void, onImage: (file: File) => string}} hands
   *   `onImage` starts the upload of a pasted image and returns the address to show meanwhile
   */
  constructor(root, hands) {
    this.root = root;
    this.hands = hands;
    /** Where each image shown from memory lies on the server by now. @type {Map<string, {url: string, id: number}>} */
    this.uploaded = new Map();
    this.squire = new Squire(root, {
      sanitizeToDOMFragment: (html) => this.#clean(html),
      tagAttributes: { a: { target: "_blank", rel: "noopener noreferrer" } },
      didError: (error) => console.error(error),
    });
    this.squire.addEventListener("input", () => this.#changed());
    this.squire.addEventListener("pasteImage", (event) => this.#pasted(event.detail.clipboardData));
    for (const name of ["pathChange", "select", "cursor"]) this.squire.addEventListener(name, hands.onFormat);
    // Squire's image handles bring inline styles, which our pages do not allow, and are no use in a letter.
    root.addEventListener("click", (event) => event.target.nodeName === "IMG" && event.stopPropagation());
    this.#markEmpty();
  }

  get html() {
    return this.isEmpty ? "" : this.#withServerAddresses(this.squire.getHTML());
  }

  set html(html) {
    this.squire.setHTML(html);
    this.#markEmpty();
  }

  get isEmpty() {
    return this.root.textContent.trim() === "" && !this.root.querySelector("img, hr, table");
  }

  focus({ atEnd = false } = {}) {
    this.squire.focus();
    if (atEnd) this.squire.moveCursorToEnd();
  }

  insertImage(address, name) {
    this.squire.insertImage(address, { alt: name });
    this.#changed();
  }

  /** The upload of an image is through: from now on the text names its place on the server. */
  settleImage(address, { url, id }) {
    this.uploaded.set(address, { url, id });
    this.hands.onChange();
  }

  /** The upload of an image failed: it would not be in the mail, so it is not in the text either. */
  dropImage(address) {
    for (const image of this.root.querySelectorAll("img")) if (image.getAttribute("src") === address) image.remove();
    this.#changed();
  }

  destroy() {
    this.squire.destroy();
  }

  #changed() {
    this.#markEmpty();
    this.hands.onChange();
  }

  #markEmpty() {
    // A list or a quote that was just begun holds no text yet, but the placeholder would lie on its mark.
    const begun = this.root.querySelector("ul, ol, blockquote");
    this.root.toggleAttribute("data-empty", this.isEmpty && !begun);
  }

  #pasted(clipboard) {
    for (const file of clipboard.files) {
      if (file.type.startsWith("image/")) this.insertImage(this.hands.onImage(file), file.name || "");
    }
  }

  #clean(html) {
    Editor.#cleaning = this;
    const fragment = Editor.#purifier().sanitize(html, {
      ALLOWED_TAGS: TAGS,
      ALLOWED_ATTR: ATTRIBUTES,
      ALLOWED_URI_REGEXP: ADDRESSES,
      ALLOW_DATA_ATTR: false,
      RETURN_DOM_FRAGMENT: true,
    });
    return document.importNode(fragment, true);
  }

  // One for all editors of a page: each would make a Trusted Types policy of the same name, and a page may have one.
  static #purify = null;
  // Whose text is being cleaned; it is done in one go.
  static #cleaning = null;

  static #purifier() {
    if (Editor.#purify) return Editor.#purify;
    const purify = (Editor.#purify = DOMPurify(window));
    purify.addHook("afterSanitizeAttributes", (node) => {
      if (node.nodeName === "IMG") Editor.#cleaning.#cleanImage(node);
      // Squire marks the selection in its undo steps by two hidden inputs; no other input is welcome.
      if (node.nodeName === "INPUT" && !/^squire-selection-(start|end)$/.test(node.id)) node.remove();
      else if (node.nodeName !== "INPUT") node.removeAttribute("id");
    });
    return purify;
  }

  /** Keep our own images, upload those that came inside the text, leave out those that lie elsewhere. */
  #cleanImage(image) {
    const source = image.getAttribute("src") || "";
    const drawn = DRAWN_IMAGE.exec(source);
    if (drawn) image.setAttribute("src", this.hands.onImage(fileOf(drawn[1], drawn[2])));
    else if (OWN_IMAGE.test(source)) image.setAttribute("data-attachment", OWN_IMAGE.exec(source)[1]);
    else if (!source.startsWith(`blob:${location.origin}/`)) image.remove();
  }

  #withServerAddresses(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const image of page.querySelectorAll("img")) {
      const place = this.uploaded.get(image.getAttribute("src"));
      if (place) {
        image.setAttribute("src", place.url);
        image.setAttribute("data-attachment", place.id);
      } else if ((image.getAttribute("src") || "").startsWith("blob:")) image.remove();
    }
    return page.body.innerHTML;
  }
}

function fileOf(type, base64) {
  try {
    const bytes = Uint8Array.from(atob(base64.replace(/\s/g, "")), (sign) => sign.charCodeAt(0));
    return new File([bytes], `image.${type.split("/")[1]}`, { type });
  } catch {
    return new File([], "image", { type });
  }
}
