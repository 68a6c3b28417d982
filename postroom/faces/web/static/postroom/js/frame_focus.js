/**
 * Keys after a click into a mail's frame. The frame has no origin, so its keys never reach this page, and somebody who
 * clicked there would find `n` and `e` dead. So a click lends the frame the focus only for as long as it needs it:
 *
 * - after a click the focus comes back to the page at once; a selection made there stays;
 * - Ctrl or Cmd, pressed next, lends it again, so that Ctrl+C copies what was selected and Ctrl+A selects the mail;
 * - who came by Tab wants to be inside (its links are there), and stays.
 */

let tabbed = 0;
let lent = null;
let isCopying = false;

document.addEventListener("keydown", (event) => {
  if (event.key === "Tab") tabbed = Date.now();
  else if (event.key === "Control" || event.key === "Meta") giveAgain();
}, { capture: true });
document.addEventListener("pointerdown", () => { lent = null; }, { capture: true });

/** @param {HTMLIFrameElement} frame */
export function lend(frame, { signal }) {
  window.addEventListener("blur", () => {
    // The document's active element is told after the window has lost the focus.
    setTimeout(() => {
      if (isCopying || document.activeElement !== frame || Date.now() - tabbed < 500) return;
      lent = frame;
      takeBack(frame);
    });
  }, { signal });
}

function takeBack(frame) {
  frame.blur();
  window.focus();
  document.querySelector("#conversation")?.focus({ preventScroll: true });
}

function giveAgain() {
  const selected = !document.getSelection()?.isCollapsed;
  const writing = document.activeElement?.closest?.("input, textarea, select, [contenteditable]");
  if (!lent?.isConnected || selected || writing) return;
  const frame = lent;
  isCopying = true;
  frame.focus({ preventScroll: true });
  // Long enough for the second key; then the page's own keys work again.
  setTimeout(() => {
    isCopying = false;
    if (document.activeElement === frame) takeBack(frame);
  }, 1200);
}
