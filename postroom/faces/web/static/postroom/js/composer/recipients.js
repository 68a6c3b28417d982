/** To, Cc and Bcc: one quiet line until it is opened, then chips that can be typed, pasted and removed. */

const ADDRESS = /^[^\s@<>"(),:;\\]+@[^\s@<>"(),:;\\]+$/;
const FIELDS = ["to", "cc", "bcc"];

/** @typedef {{name: string, email: string}} Person */

export class Recipients {
  /**
   * @param {HTMLElement} root
   * @param {{defaults: Record<string, Person[]>, all: Record<string, Person[]>, words: Record<string, string>, onChange: () => void}} options
   */
  constructor(root, { defaults, all, words, onChange }) {
    this.root = root;
    this.defaults = defaults;
    this.all = all;
    this.words = words;
    this.onChange = onChange;
    this.fold = root.querySelector("[data-fold]");
    this.rows = root.querySelector("[data-rows]");
    this.fold.addEventListener("click", () => this.open());
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("keydown", (event) => this.#key(event));
    root.addEventListener("paste", (event) => this.#pasted(event));
    root.addEventListener("focusout", (event) => this.#left(event));
    this.set(defaults);
  }

  /** @returns {{to: Person[], cc: Person[], bcc: Person[], dropped: string[]}} */
  get people() {
    // Whom the writer took out: no later reply names them by itself.
    return { ...this.current, dropped: [...this.dropped] };
  }

  /** Others are meant by default from now on. Whom somebody chose stays, and so do `kept` ones. */
  offer({ defaults, all }, { kept = false } = {}) {
    const now = addresses(this.current);
    const wasAll = Object.keys(this.all).length > 0 && now === addresses(this.all);
    const isUsual = wasAll || now === addresses(this.defaults);
    Object.assign(this, { defaults, all });
    const next = wasAll && Object.keys(all).length ? all : defaults;
    if (isUsual && !kept) this.set({ ...next, dropped: this.dropped });
    else this.#draw();
  }

  set(people) {
    this.dropped = new Set(people.dropped || []);
    this.current = Object.fromEntries(FIELDS.map((field) => [field, [...(people[field] || [])]]));
    this.#draw();
  }

  /** Add everybody else on the customer's mail; where there is nobody else it is a reply. */
  replyAll() {
    this.set(Object.keys(this.all).length ? this.all : this.defaults);
    this.onChange();
  }

  /** Take what was typed and not yet made a chip; false when it, or a chip, is no address. */
  settle() {
    for (const input of this.rows.querySelectorAll("input")) this.#take(input);
    const wrong = this.rows.querySelector("[data-wrong]");
    if (wrong) this.open();
    return wrong === null;
  }

  open() {
    this.rows.hidden = false;
    this.fold.hidden = true;
    this.fold.setAttribute("aria-expanded", "true");
    this.rows.querySelector("input").focus();
  }

  close() {
    this.rows.hidden = true;
    this.fold.hidden = false;
    this.fold.setAttribute("aria-expanded", "false");
  }

  #draw() {
    this.fold.querySelector("[data-summary]").replaceChildren(...this.#summary());
    for (const field of FIELDS) {
      const list = this.rows.querySelector(`[data-field="${field}"] [data-chips]`);
      list.replaceChildren(...this.current[field].map((person, place) => this.#chip(field, person, place)));
    }
    const offersAll = Object.keys(this.all).length > 0 && addresses(this.current) !== addresses(this.all);
    this.root.querySelector("[data-reply-all]").hidden = !offersAll;
  }

  #summary() {
    const parts = FIELDS.filter((field) => this.current[field].length).map((field) => {
      const part = document.createElement("span");
      const label = document.createElement("span");
      label.className = "composer-label";
      label.textContent = this.words[field];
      part.append(label, " ", this.current[field].map((person) => person.name || person.email).join(", "));
      part.title = this.current[field].map(written).join(", ");
      return part;
    });
    if (parts.length) return parts;
    const nobody = document.createElement("span");
    nobody.className = "composer-nobody";
    nobody.textContent = this.words.nobody;
    return [nobody];
  }

  #chip(field, person, place) {
    const chip = this.root.querySelector("template[data-chip]").content.firstElementChild.cloneNode(true);
    chip.querySelector("[data-name]").textContent = person.name || person.email;
    chip.title = written(person);
    chip.toggleAttribute("data-wrong", !ADDRESS.test(person.email));
    const remove = chip.querySelector("button");
    remove.setAttribute("aria-label", this.words.remove.replace("{name}", person.name || person.email));
    Object.assign(remove.dataset, { remove: field, place });
    return chip;
  }

  #clicked(event) {
    const remove = event.target.closest("[data-remove]");
    if (remove) {
      this.#drop(this.current[remove.dataset.remove].splice(Number(remove.dataset.place), 1));
      this.#changed(remove.dataset.remove);
    } else if (event.target.closest("[data-reply-all]")) this.replyAll();
    else event.target.closest("[data-field]")?.querySelector("input").focus();
  }

  #key(event) {
    const input = event.target.closest("input");
    if (!input) return;
    if (["Enter", ",", ";"].includes(event.key) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.#take(input);
    } else if (event.key === "Backspace" && input.value === "") {
      const field = input.closest("[data-field]").dataset.field;
      if (this.#drop(this.current[field].splice(-1))) this.#changed(field);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.#take(input);
      this.close();
    }
  }

  #pasted(event) {
    const input = event.target.closest("input");
    const text = event.clipboardData.getData("text/plain");
    if (!input || !/[,;\n]/.test(text)) return;
    event.preventDefault();
    input.value += text;
    this.#take(input);
  }

  #left(event) {
    const input = event.target.closest("input");
    if (input) this.#take(input);
  }

  #take(input) {
    if (!input.value.trim()) return;
    const field = input.closest("[data-field]").dataset.field;
    const known = new Set(this.current[field].map((person) => person.email.toLowerCase()));
    const people = read(input.value).filter((person) => !known.has(person.email.toLowerCase()));
    input.value = "";
    this.current[field].push(...people);
    for (const person of people) this.dropped.delete(person.email);
    this.#changed(field);
  }

  /** Remember those who would be there by themselves; tell whether there was one. */
  #drop(people) {
    const usual = [...(this.all.to || []), ...(this.all.cc || [])].map((person) => person.email);
    for (const { email } of people) if (usual.includes(email)) this.dropped.add(email);
    return people.length > 0;
  }

  #changed(field) {
    const focused = this.rows.contains(document.activeElement);
    this.#draw();
    if (focused) this.rows.querySelector(`[data-field="${field}"] input`).focus();
    this.onChange();
  }
}

/** What tells one set of recipients from another. */
export function addresses(people) {
  return JSON.stringify(FIELDS.map((field) => (people[field] || []).map((person) => person.email)));
}

/** Return the people in "Ann <ann@example.org>, bob@example.org". */
export function read(text) {
  return text
    .split(/[,;\n]+/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const match = /^(.*)<([^<>]*)>$/.exec(part);
      return match ? { name: match[1].trim().replace(/^"|"$/g, ""), email: match[2].trim() } : { name: "", email: part };
    });
}

/** Return a person as the server reads them: the address is what stands in the last angle brackets. */
export function written({ name, email }) {
  return name ? `${name} <${email}>` : email;
}
