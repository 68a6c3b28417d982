/** The page without a connection goes on by itself when there is one. */

const again = () => location.reload();

document.querySelector("[data-try-again]").addEventListener("click", again);
addEventListener("online", again);
// A server that is back says nothing, so it is asked.
setInterval(async () => {
  const answer = await fetch("/health", { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer) again();
}, 10_000);
