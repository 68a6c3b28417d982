/** Ctrl or ⌘ with K: verbs, people, tags, folders, settings and conversations by what they are called. */

import { fold, score } from "./fuzzy.js";
import { perform, possible, table } from "./keys.js";
import { go, openId } from "./panes.js";

const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const list = document.getElementById("palette-list");
const MOST = 40;
const OF_A_KIND = 6;
const PATIENCE = 150;

let fixed = null;
let found = { typed: "", entries: [], failed: false };
let shown = [];
let at = 0;
let waiting = null;
let asked = 0;

function open() {
  if (!dialog || dialog.open) return;
  input.value = "";
  found = { typed: "", entries: [], failed: false };
  dialog.showModal();
  input.focus();
  draw();
  load();
}

/** What stands on the page can be done from here; what it does not show is fetched once for the page. */
function local() {
  const words = dialog.dataset;
  const verbs = table
    .filter((row) => row.icon && possible(row.act))
    .map((row) => ({ word: row.word, icon: row.icon, group: words.verbs, caps: row.caps, run: () => perform(row.act) }));
  const places = [...document.querySelectorAll("#sidebar a.sidebar-link")].map((link) => ({
    word: link.title || link.textContent.trim(),
    hint: link.closest("details.shelf")?.querySelector("summary .sidebar-name")?.textContent || "",
    icon: iconOf(link),
    group: words.places,
    run: () => link.click(),
  }));
  const people = [...document.querySelectorAll('#owner-menu button[name="to"]:not([data-verb])')].map((button) => ({
    word: button.querySelector("span:not(.avatar):not(.menu-end)")?.textContent || button.textContent.trim(),
    icon: button.value.startsWith("team-") ? "users" : "user",
    group: words.people,
    run: () => button.click(),
  }));
  return [...verbs, ...menuVerbs(), ...people, ...places];
}

/** Verbs of the menu that have no key. */
function menuVerbs() {
  const named = (item) => item.dataset.verb || item.closest("form")?.dataset.verb || "-";
  return [...document.querySelectorAll("#more-menu .menu-item:not([disabled])")]
    .filter((item) => !table.some((row) => row.act.split(" ").includes(named(item))))
    .map((item) => ({ word: item.querySelector("span").textContent, icon: iconOf(item), group: dialog.dataset.verbs, run: () => item.click() }));
}

const iconOf = (link) => link.querySelector("use")?.getAttribute("href").split("#")[1] || "folder";

async function load() {
  if (fixed) return;
  const answer = await fetch(dialog.dataset.url, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const { entries } = await answer.json();
  fixed = entries.map((one) => ({ ...one, group: one.tag ? dialog.dataset.tags : dialog.dataset.settings }));
  if (dialog.open) draw();
}

async function look(typed) {
  const mine = ++asked;
  const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(typed)}`).catch(() => null);
  const entries = answer?.ok ? (await answer.json()).entries : [];
  // Somebody typed on meanwhile.
  if (mine !== asked || !dialog.open) return;
  found = { typed, entries, failed: !answer?.ok };
  draw();
}

/** The best of everything, the best kind first. */
function matches(typed) {
  const wanted = fold(typed);
  // A tag is put on what is open; without that there is nothing to put it on.
  const all = [...local(), ...(fixed || []).filter((one) => !one.tag || document.getElementById("tag-name"))];
  if (!wanted) return all.filter((one) => one.group === dialog.dataset.verbs || one.group === dialog.dataset.places).slice(0, MOST);
  const scored = all
    .map((one) => ({ ...one, score: Math.max(score(wanted, fold(one.word)), score(wanted, fold(`${one.hint || ""} ${one.word}`)) - 10) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score);
  const groups = Map.groupBy ? Map.groupBy(scored, (one) => one.group) : grouped(scored);
  return [...groups.values()].flatMap((group) => group.slice(0, OF_A_KIND));
}

function grouped(entries) {
  const groups = new Map();
  for (const one of entries) groups.set(one.group, [...(groups.get(one.group) || []), one]);
  return groups;
}

function draw() {
  const typed = input.value.trim();
  const words = dialog.dataset;
  const conversations = typed ? found.entries.map((one) => ({ ...one, group: words.conversations })) : [];
  const isNumber = /^#?\d+$/.test(typed);
  shown = isNumber ? [...conversations, ...matches(typed)] : [...matches(typed), ...conversations];
  if (typed && words.search) shown.push({ word: words.looking.replace("{words}", typed), icon: "search", group: "", url: `${words.search}?q=${encodeURIComponent(typed)}`, pane: true });
  at = Math.min(at, Math.max(shown.length - 1, 0));
  list.replaceChildren(...sections());
  const nothing = typed && !shown.length && found.typed === typed;
  if (nothing) list.append(line("p", "palette-nothing", found.failed ? words.failed : words.nothing));
  dialog.querySelector("[data-palette-said]").textContent = nothing ? words.nothing : "";
  mark();
}

function sections() {
  const made = [];
  let group = null;
  shown.forEach((one, index) => {
    if (one.group !== group && one.group) made.push(line("p", "palette-group", one.group));
    group = one.group;
    made.push(option(one, index));
  });
  return made;
}

function option(one, index) {
  const made = line("div", "palette-option", "");
  made.id = `palette-${index}`;
  made.setAttribute("role", "option");
  made.append(drawing(one.icon), line("span", "clip", one.word));
  if (one.hint) made.append(line("span", "palette-hint clip", one.hint));
  if (one.caps) made.append(...[...one.caps.cloneNode(true).childNodes].slice(0, 3));
  made.addEventListener("pointermove", () => { at = index; mark({ scroll: false }); });
  made.addEventListener("click", () => choose(index));
  return made;
}

function line(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function drawing(name) {
  const NS = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("width", "16");
  svg.setAttribute("height", "16");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(NS, "use");
  use.setAttribute("href", `${dialog.dataset.sprite}#${name}`);
  svg.append(use);
  return svg;
}

function mark({ scroll = true } = {}) {
  for (const one of list.querySelectorAll(".palette-option")) {
    const isHere = one.id === `palette-${at}`;
    one.setAttribute("aria-selected", String(isHere));
    if (isHere && scroll) one.scrollIntoView({ block: "nearest" });
  }
  if (shown.length) input.setAttribute("aria-activedescendant", `palette-${at}`);
  else input.removeAttribute("aria-activedescendant");
}

function choose(index) {
  const one = shown[index];
  if (!one) return;
  dialog.close();
  // The focus goes back to the page before anything is done there.
  setTimeout(() => {
    if (one.run) one.run();
    else if (one.tag) putOn(one.tag);
    else if (one.pane && document.getElementById("panes")) go(one.url);
    else location.assign(one.url);
  });
}

function putOn(tag) {
  const field = document.getElementById("tag-name");
  if (!field || !openId()) return;
  field.value = tag;
  field.form.requestSubmit();
}

document.body.addEventListener("postroom:palette", open);

input?.addEventListener("input", () => {
  at = 0;
  asked += 1;
  clearTimeout(waiting);
  const typed = input.value.trim();
  if (typed) waiting = setTimeout(() => look(typed), PATIENCE);
  draw();
});

input?.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by && shown.length) {
    event.preventDefault();
    at = (at + by + shown.length) % shown.length;
    mark();
  } else if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    choose(at);
  }
});

// A click beside it closes it.
dialog?.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
