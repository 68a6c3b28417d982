/** Offline is shown, and what was typed is kept: nothing is sent into the void. */

import { toast } from "./toasts.js";

const strip = document.getElementById("offline");
let live = true;

function show() {
  if (strip) strip.hidden = navigator.onLine && live;
}

addEventListener("online", show);
addEventListener("offline", show);
document.body.addEventListener("postroom:connection", ({ detail }) => {
  live = detail.connected;
  show();
});
show();

// A form that is a page of its own would be answered by the offline page, and what was typed into it gone.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (navigator.onLine || event.defaultPrevented || form.method !== "post") return;
  event.preventDefault();
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  toast({ text: document.getElementById("toasts").dataset.offline, kind: "danger" });
});
