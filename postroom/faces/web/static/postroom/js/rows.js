/** The list, live: rows change where they are, and the line under the pointer never moves. */

import { pace } from "./panes.js";

const scroll = () => document.querySelector("[data-list-scroll]");
const rows = () => document.getElementById("rows");
let held = null;
let known = new Set();
// The list stood at its top until rows arrived above the pointer.
let fromTop = false;

// As many rows as are on the screen come back, not only the first page.
document.body.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.id === "rows") event.detail.parameters.count = rows().querySelectorAll(".line").length;
});

document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "rows") return;
  known = new Set([...rows().querySelectorAll(".line")].map((line) => line.id));
  held = hold();
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "rows") return;
  for (const line of rows().querySelectorAll(".line")) {
    const isNew = !known.has(line.id);
    line.classList.toggle("is-new", isNew);
    if (isNew) line.addEventListener("animationend", () => line.classList.remove("is-new"), { once: true });
  }
  letGo();
  offer(rows().querySelector(".line:hover"));
});

/** Remember which line must not move: the one under the pointer, else the first one in view of a scrolled list. */
function hold() {
  const lines = [...rows().querySelectorAll(".line")];
  const top = scroll().getBoundingClientRect().top;
  const pointed = lines.find((line) => line.matches(":hover, :focus-within"));
  const line = pointed || (scroll().scrollTop > 4 && lines.find((one) => one.getBoundingClientRect().bottom > top));
  return line ? { id: line.id, top: line.getBoundingClientRect().top } : null;
}

function letGo() {
  const line = held && document.getElementById(held.id);
  if (!line) return;
  const moved = line.getBoundingClientRect().top - held.top;
  if (Math.abs(moved) < 1) return;
  const before = scroll().scrollTop;
  fromTop = fromTop || before <= 4;
  // A short list cannot scroll: room is lent above or below until the pointer leaves.
  if (moved > 0) rows().style.paddingBlockEnd = `${scroll().clientHeight}px`;
  scroll().scrollTop = before + moved;
  const rest = before + moved - scroll().scrollTop;
  if (rest < 0) rows().style.paddingBlockStart = `${-rest + (parseFloat(rows().style.paddingBlockStart) || 0)}px`;
}

document.addEventListener("pointerout", (event) => {
  const pane = event.target.closest?.("#list");
  if (!pane || pane.contains(event.relatedTarget) || !rows()) return;
  const lent = parseFloat(rows().style.paddingBlockStart) || 0;
  rows().style.paddingBlock = "";
  if (fromTop) scroll().scrollTo({ top: 0, behavior: pace() });
  else if (lent) scroll().scrollTop = Math.max(scroll().scrollTop - lent, 0);
  fromTop = false;
});

/** Put the verbs into the line under the pointer. */
function offer(line) {
  const offered = document.getElementById("line-verbs");
  // Where one may only read, a line offers nothing.
  if (!line || !offered || "reads" in line.dataset || line.querySelector(".line-verbs")) return;
  const verbs = offered.content.firstElementChild.cloneNode(true);
  for (const button of verbs.querySelectorAll("[data-do]")) {
    const [method, noun] = button.dataset.do.split(" ");
    if (noun === "assignment" && "mine" in line.dataset) button.remove();
    else button.setAttribute(`hx-${method}`, `/conversations/${line.dataset.id}/${noun}`);
  }
  line.append(verbs);
  window.htmx.process(verbs);
}

document.addEventListener("pointerover", (event) => {
  const line = event.target.closest?.("#rows .line");
  if (line && event.pointerType === "mouse") offer(line);
  // A time's exact moment is said when somebody asks, in the words and the zone of this browser.
  const time = event.target.closest?.("time[datetime]:not([title])");
  if (time) time.title = new Date(time.dateTime).toLocaleString(document.documentElement.lang, { dateStyle: "full", timeStyle: "short" });
});
