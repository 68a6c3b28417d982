/** What every page has: toasts, menus that close, the theme, and a word when the server cannot be reached. */

import "./connection.js";
import { ask, BY_ITSELF } from "./lanes.js";
import "./leaving.js";
import "./menus.js";
import "./preferences.js";
import { toast } from "./toasts.js";

const words = document.getElementById("toasts").dataset;

// Idiomorph would close what a person has opened, since the server does not know of it.
if (window.Idiomorph) {
  window.Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) => {
    if (name === "open" && element.localName === "details") return false;
    if (name === "value" && element === document.activeElement) return false;
    return true;
  };
}

// What a page fetches by itself keeps no session awake: nobody need be there.
document.body.addEventListener("htmx:configRequest", ({ detail }) => {
  const by = detail.triggeringEvent?.type;
  if (by === "refresh" || by === "load" || /\bevery\b/.test(detail.elt.getAttribute("hx-trigger") || "")) Object.assign(detail.headers, BY_ITSELF);
});

document.body.addEventListener("postroom:toast", (event) => toast(event.detail));
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(name, (event) => {
    // What refetches by itself tries again by itself.
    if (event.detail.requestConfig?.triggeringEvent?.type !== "refresh") failed(words.failed, event.detail);
  });
}
document.body.addEventListener("htmx:responseError", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (xhr.getResponseHeader("HX-Trigger") || requestConfig?.triggeringEvent?.type === "refresh") return;
  const said = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") ? xhr.responseText : "";
  if (xhr.status >= 500) failed(said || words.failed, event.detail);
  else toast({ text: said || words.failed, kind: "danger" });
});

/** Say that it did not work, and offer to ask for the same once more: verbs may be asked for twice. */
function failed(text, { requestConfig, elt, target }) {
  const { verb, path, formData } = requestConfig;
  const again = () => {
    const source = elt.isConnected ? elt : null;
    const swap = elt.closest("[hx-swap]")?.getAttribute("hx-swap") || "none";
    const where = target?.isConnected ? target : document.getElementById(target?.id || "");
    const values = verb === "get" ? {} : Object.fromEntries(formData || []);
    // What asked for it is gone: so may be whoever asked. Another conversation takes no answer about this one, and is not left.
    if (!source) delete values.leave;
    const into = source && where ? { target: where, swap } : { swap: "none" };
    // When it fails again, that is said again.
    (source ? window.htmx.ajax(verb.toUpperCase(), path, { source, values, ...into }) : ask(verb.toUpperCase(), path, { values, ...into }))?.catch(() => {});
  };
  toast({ text, kind: "danger", again });
}
