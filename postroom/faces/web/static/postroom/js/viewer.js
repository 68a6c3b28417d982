/** Files of the open conversation in a viewer: images, the pages of a PDF, and text. Arrows go on, Escape closes. */

const box = () => document.getElementById("viewer");
const files = () => [...document.querySelectorAll("#timeline [data-view]")];
let at = -1;
// The address of what is shown; an answer for what was shown before is not for it.
let wanted = "";

document.addEventListener("click", (event) => {
  const file = event.target.closest?.("[data-view]");
  // Somebody who asks for a new tab gets one.
  if (!file || !box() || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(files().indexOf(file));
  box().showModal();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#viewer")) return;
  const step = event.target.closest("[data-step]");
  if (step) go(Number(step.dataset.step));
  else if (event.target.closest("[data-shut]") || event.target === box() || event.target.matches("[data-body]")) box().close();
});

document.addEventListener("keydown", (event) => {
  if (!box()?.open || event.ctrlKey || event.metaKey || event.altKey) return;
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  go(document.dir === "rtl" ? -by : by);
});

function go(by) {
  const next = at + by;
  if (next >= 0 && next < files().length) show(next);
}

function show(index) {
  const all = files();
  const file = all[index];
  if (!file) return;
  at = index;
  const find = (name) => box().querySelector(name);
  find("[data-name]").textContent = file.dataset.name;
  find("[data-download]").href = file.dataset.download;
  const count = find("[data-count]");
  count.textContent = all.length > 1 ? count.dataset.words.replace("{n}", index + 1).replace("{count}", all.length) : "";
  find('[data-step="-1"]').hidden = index === 0;
  find('[data-step="1"]').hidden = index === all.length - 1;
  fill(find("[data-body]"), file);
}

async function fill(body, file) {
  body.replaceChildren();
  body.scrollTop = 0;
  const { view, name } = file.dataset;
  wanted = view;
  if (!view.startsWith("/previews/")) {
    const picture = new Image();
    picture.className = "viewer-picture";
    picture.alt = name;
    picture.src = view;
    picture.addEventListener("error", () => { if (picture.isConnected) body.textContent = body.dataset.failed; });
    body.append(picture);
    return;
  }
  const answer = await fetch(view, { headers: { "HX-Request": "true" } }).catch(() => null);
  const text = answer?.ok ? await answer.text().catch(() => null) : null;
  if (view !== wanted) return;
  if (text === null) {
    body.textContent = body.dataset.failed;
    return;
  }
  const made = document.createElement("template");
  made.innerHTML = text;
  body.replaceChildren(made.content);
}
