/** The settings page of notifications: this browser is told, or not. */

import { begin, end } from "./subscription.js";

const card = document.getElementById("push");
const on = card.querySelector("[data-push-on]");
const said = card.querySelector("[data-push-said]");

function say(text) {
  said.textContent = text;
  said.hidden = !text;
}

const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window && isSecureContext;
if (!able) say(card.dataset.noPush);
else if (Notification.permission === "denied") say(card.dataset.barred);
else if (on) on.hidden = false;

on?.addEventListener("click", async () => {
  on.disabled = true;
  say("");
  try {
    await begin(card.dataset.key);
    location.reload();
  } catch (trouble) {
    if (trouble.name === "NotAllowedError") say(card.dataset.barred);
    else say(trouble.name === "Error" && trouble.message ? trouble.message : card.dataset.noService);
    on.disabled = false;
  }
});

// The browser forgets, too; the form then tells the server.
card.querySelector("[data-push-off]")?.form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await end().catch(() => {});
  event.target.submit();
});
