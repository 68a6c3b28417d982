// A button with data-copy puts its words into the clipboard, and says so for a moment.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // Without HTTPS there is no clipboard: mark the words, so that Ctrl+C takes them.
    const shown = button.parentElement.querySelector("code, input");
    if (shown.select) shown.select(); else getSelection().selectAllChildren(shown);
    return;
  }
  const before = button.innerHTML;
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.innerHTML = before; }, 1500);
});
