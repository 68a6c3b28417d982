/** Names in notes: after an @ those are offered who see the conversation, and whoever is chosen is written out. */

const paperOf = (event) => event.target.closest?.('post-composer[data-mode="note"] [data-editor]');
// At the beginning or after a blank or bracket; a mail address has no mention in it.
const BEGUN = /(?:^|[\s(\u00a0])@([\p{L}\p{M}'’.\- \u00a0]{0,40})$/u;
const MOST = 6;

let people = { conversation: 0, names: Promise.resolve([]) };
let shown = null;

/** Ask who sees the conversation, once however quickly somebody types. */
function names() {
  const conversation = Number(document.getElementById("conversation")?.dataset.id) || 0;
  if (people.conversation !== conversation) people = { conversation, names: ask(conversation) };
  return people.names;
}

async function ask(conversation) {
  try {
    const answer = await fetch(`/conversations/${conversation}/mentionable`, { headers: { Accept: "application/json" } });
    if (answer.ok) return (await answer.json()).people.map((one) => one.name);
  } catch {
    // Said by the page itself when the connection is gone.
  }
  // Without an answer nobody is offered; a name that is typed out counts all the same. The next sign asks again.
  people.conversation = 0;
  return [];
}

/** Return the text from the @ to the cursor and where it stands, or null. */
function begun(paper) {
  const selection = document.getSelection();
  const { focusNode: node, focusOffset: end } = selection;
  if (!selection.isCollapsed || node?.nodeType !== Node.TEXT_NODE || !paper.contains(node)) return null;
  const match = BEGUN.exec(node.data.slice(0, end));
  return match && { node, end, start: end - match[1].length - 1, typed: fold(match[1]) };
}

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/\u00a0/g, " ").toLowerCase();

function fits(name, typed) {
  const folded = fold(name);
  return folded.startsWith(typed) || (!typed.includes(" ") && folded.split(" ").some((word) => word.startsWith(typed)));
}

async function offer(paper) {
  const all = begun(paper) ? await names() : [];
  // Who is offered fits what stands there now: more was typed, or somebody chosen, while the names were on their way.
  const place = begun(paper);
  const fitting = place ? all.filter((name) => fits(name, place.typed)).slice(0, MOST) : [];
  if (!fitting.length || fitting.some((name) => fold(name) === place.typed.trim())) close();
  else show(paper, place, fitting);
}

function show(paper, place, fitting) {
  close();
  const list = document.createElement("ul");
  Object.assign(list, { id: "mention-list", className: "mention-list" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "@");
  list.append(
    ...fitting.map((name, number) => {
      const option = document.createElement("li");
      option.id = `mention-${number}`;
      option.setAttribute("role", "option");
      option.textContent = name;
      // The text keeps its cursor while a name is pressed.
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        choose(number);
      });
      return option;
    }),
  );
  shown = { paper, place, list, fitting, at: 0 };
  paper.closest("post-composer").append(list);
  const range = document.createRange();
  range.setStart(place.node, place.start);
  range.setEnd(place.node, place.end);
  const word = range.getBoundingClientRect();
  const room = document.documentElement.clientWidth - list.offsetWidth - 8;
  list.style.left = `${Math.max(8, Math.min(word.left, room))}px`;
  list.style.top = `${Math.max(8, word.top - list.offsetHeight - 4)}px`;
  paper.setAttribute("aria-controls", list.id);
  mark(0);
}

function mark(number) {
  const options = [...shown.list.children];
  shown.at = (number + options.length) % options.length;
  options.forEach((option, one) => option.setAttribute("aria-selected", String(one === shown.at)));
  shown.paper.setAttribute("aria-activedescendant", options[shown.at].id);
}

function choose(number) {
  const { paper, place, fitting } = shown;
  const { squire } = paper.closest("post-composer").editor;
  const range = document.createRange();
  range.setStart(place.node, place.start);
  range.setEnd(place.node, Math.min(place.end, place.node.length));
  close();
  squire.setSelection(range);
  squire.insertPlainText(`@${fitting[number]}\u00a0`, false);
}

function close() {
  if (!shown) return;
  shown.list.remove();
  for (const name of ["aria-controls", "aria-activedescendant"]) shown.paper.removeAttribute(name);
  shown = null;
}

const KEYS = {
  ArrowDown: () => mark(shown.at + 1),
  ArrowUp: () => mark(shown.at - 1),
  Enter: () => choose(shown.at),
  Tab: () => choose(shown.at),
  Escape: close,
};

// Before the editor and the composer, which have other uses for these keys.
document.addEventListener(
  "keydown",
  (event) => {
    const act = shown && !event.ctrlKey && !event.metaKey && KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  },
  { capture: true },
);
document.addEventListener("input", (event) => {
  const paper = paperOf(event);
  if (paper) offer(paper);
});
document.addEventListener("focusout", (event) => paperOf(event) && close());
document.addEventListener("scroll", close, { capture: true, passive: true });
