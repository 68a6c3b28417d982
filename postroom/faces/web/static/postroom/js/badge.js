/** How much is new for this person: in the title, and on the installed app's icon. */

const LATER = 2000;
const count = () => Number(document.getElementById("sidebar")?.dataset.unseen) || 0;
let plain = document.title;

/** Put a title on the page, with the number before it. */
export function titled(title) {
  plain = title;
  const n = count();
  document.title = n ? `(${n > 99 ? "99+" : n}) ${title}` : title;
}

function show() {
  titled(plain);
  const n = count();
  if (n) navigator.setAppBadge?.(n)?.catch(() => {});
  else navigator.clearAppBadge?.()?.catch(() => {});
}

if (document.getElementById("sidebar")) show();
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "sidebar") show();
});

// Who is told of something is decided a moment after it happened.
const TELLING = new Set(["conversation.assigned", "conversation.woke", "message.received", "note.added", "reply.refused"]);
let waiting = null;
document.body.addEventListener("postroom:hint", ({ detail }) => {
  if (!TELLING.has(detail.kind) || waiting) return;
  waiting = setTimeout(() => {
    waiting = null;
    const sidebar = document.getElementById("sidebar");
    if (sidebar) window.htmx.trigger(sidebar, "refresh");
  }, LATER * (0.5 + Math.random()));
});
