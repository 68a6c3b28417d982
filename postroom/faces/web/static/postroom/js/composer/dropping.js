/** Files that somebody drops on the conversation or pastes into the text become attachments. */

/** @param {HTMLElement} composer @param {Function} on adds a listener that ends with the composer @param {(files: File[]) => void} take */
export function takeFiles(composer, on, take) {
  const zone = (composer.id === "composer" && composer.closest("#conversation")) || composer;
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    on(zone, name, (event) => dragged(composer, event, take), { capture: true });
  }
  // A file that misses would replace the page, and all that is written on it.
  for (const name of ["dragover", "drop"]) on(document, name, (event) => holdsFiles(event) && event.preventDefault());
  on(composer, "paste", (event) => pasted(event, take), { capture: true });
}

/** Text dropped into the text is Squire's. */
function dragged(composer, event, take) {
  // Another composer stands in the same conversation: what falls on it is its.
  if (!holdsFiles(event) || (event.target.closest("post-composer") || composer) !== composer) return;
  event.preventDefault();
  event.stopPropagation();
  composer.toggleAttribute("data-dropping", event.type === "dragenter" || event.type === "dragover");
  if (event.type === "drop") take([...event.dataTransfer.files]);
}

/** Pasted images go into the text, by Squire's event; any other pasted file is attached. */
function pasted(event, take) {
  const files = [...(event.clipboardData?.files || [])];
  if (!files.length || files.some((file) => file.type.startsWith("image/"))) return;
  event.preventDefault();
  event.stopPropagation();
  take(files);
}

function holdsFiles(event) {
  return event.dataTransfer?.types.includes("Files");
}
