/** The counts of the views: asked for once the page is there, and again when something happened, not at each thing. */

const CALM = 1500;
let waiting = null;

const views = () => document.getElementById("views");

function count() {
  waiting = null;
  if (views()?.querySelector("a") && document.visibilityState === "visible") window.htmx.trigger(views(), "refresh");
}

function soon() {
  waiting ??= setTimeout(count, CALM);
}

document.body.addEventListener("postroom:hint", soon);
document.addEventListener("visibilitychange", soon);
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "sidebar" && views()?.matches("[data-uncounted]")) soon();
});
document.body.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.id === "views") event.detail.parameters.in = document.getElementById("list")?.dataset.place || "";
});

if (views()?.matches("[data-uncounted]")) count();
