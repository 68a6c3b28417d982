/** What a refusal does to what was to be sent: the text stays, and beside it stands what happened and what can be done. */

/** @param {import("./element.js").ComposerElement} composer @param {import("./requests.js").Refusal} refusal */
export function refused(composer, refusal) {
  if (!refusal.kind) throw refusal;
  composer.setBusy(false);
  const { kind, details, message } = refusal;
  if (kind === "draft-commented") {
    composer.elsewhere.confirm(refusal, () => composer.discard({ sure: 1 }));
    return;
  }
  if (kind === "draft-moved") {
    composer.elsewhere.show(refusal);
    return;
  }
  composer.autosave.stopped = false;
  if (details.missing) composer.uploads.drop(details.missing);
  if (kind === "moved") composer.kind.stale(refusal);
  else if (kind === "joined") composer.kind.carry(refusal);
  else {
    composer.say(message);
    composer.editor.focus();
  }
}
