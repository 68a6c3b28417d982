/** The installed app: its service worker, news that were clicked, and this browser's subscription after a new sign-in. */

import "./badge.js";
import { go } from "./panes.js";
import { keepUp } from "./subscription.js";

const { serviceWorker } = navigator;

if (serviceWorker) {
  serviceWorker.register("/service-worker.js").then(keepUp).catch(() => {
    // A private window may refuse; everything but push and the offline page works without.
  });
  serviceWorker.addEventListener("message", (event) => {
    const url = event.data?.open;
    if (typeof url !== "string" || !url.startsWith("/")) return;
    if (document.getElementById("panes") && url.startsWith("/conversations/")) go(url);
    else location.assign(url);
  });
}
