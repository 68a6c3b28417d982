/** "Leaves in 8 s": tick while a reply can still be taken back. */

function tick() {
  for (const shown of document.querySelectorAll("[data-countdown]")) {
    const seconds = Math.ceil((Date.parse(shown.dataset.countdown) - Date.now()) / 1000);
    const word = seconds > 0 ? shown.dataset.word.replace("{n}", seconds) : shown.dataset.done;
    if (shown.textContent !== word) shown.textContent = word;
    // A reader of the screen hears it once, not every second.
    shown.closest(".delivery")?.setAttribute("aria-live", "off");
  }
}

setInterval(tick, 500);
document.body.addEventListener("htmx:afterSettle", tick);
