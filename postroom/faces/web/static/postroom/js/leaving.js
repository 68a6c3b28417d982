/** Signing out takes along what this browser has kept for the person; drafts of others who use it stay theirs. */

const PREFIX = "postroom:draft:";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-leaving]");
  if (!form) return;
  const drafts = keptBy(form.dataset.leaving);
  const written = drafts.filter((key) => hasWords(key)).length;
  const words = written === 1 ? form.dataset.oneDraft : form.dataset.manyDrafts.replace("{n}", written);
  if (written && !window.confirm(words)) {
    event.preventDefault();
    return;
  }
  const forget = () => {
    for (const key of keptBy(form.dataset.leaving)) localStorage.removeItem(key);
    sessionStorage.clear();
  };
  forget();
  // The composer keeps its text once more as the page goes; this is asked after it.
  window.addEventListener("pagehide", forget);
}, { capture: true });

function keptBy(person) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${person}:`));
  } catch {
    // A browser that keeps nothing has nothing to forget.
    return [];
  }
}

function hasWords(key) {
  try {
    const { html, unsaved = true } = JSON.parse(localStorage.getItem(key));
    // What the server has is not deleted with it.
    return unsaved && html.replace(/<[^>]*>/g, "").trim() !== "";
  } catch {
    return false;
  }
}
