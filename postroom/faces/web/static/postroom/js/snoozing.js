/** The menus of moments: Enter in their field means that moment, and moments that are offered are never old. */

const OLD = 10 * 60 * 1000;

// Of several buttons in a form, Enter would press the first, which is another moment.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("form [data-pick-moment]")) return;
  event.preventDefault();
  event.target.closest("form").querySelector('[value="typed"]')?.click();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.('button[value="typed"]');
  const pick = button?.closest("form")?.querySelector("[data-pick-moment]");
  if (!pick || pick.value) return;
  event.preventDefault();
  event.stopPropagation();
  pick.focus();
  pick.showPicker?.();
}, true);

// The menu of a message at the end of the thread would open below its edge.
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.(".later details[open]")) event.target.querySelector(".menu-list").scrollIntoView({ block: "nearest" });
}, true);

// A page that was open over lunch would offer "later today" by this morning's clock.
document.addEventListener("visibilitychange", () => {
  const made = Date.parse(document.querySelector("#snooze-menu [data-made]")?.dataset.made || "");
  const head = document.getElementById("conversation-head");
  if (document.visibilityState === "visible" && Date.now() - made > OLD && !head.querySelector("details[open]")) {
    window.htmx.trigger(head, "refresh");
  }
});
