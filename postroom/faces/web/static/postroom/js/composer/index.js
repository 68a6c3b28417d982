import "./beside_forms.js";
import { ComposerElement } from "./element.js";
import { NoteEditor } from "./note_editor.js";
import "./mentions.js";
import "./taking_back.js";

customElements.define("post-composer", ComposerElement);
customElements.define("post-note-editor", NoteEditor);
