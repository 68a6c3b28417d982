/**
 * Trusted Types: the one place where a string may become HTML (our pages' policy allows no other). htmx, Idiomorph and
 * Squire know nothing of it, so this is the default policy, which every sink asks. The server's fragments pass as they
 * are: they hold nothing that runs. What does, however it got into a string, is taken out.
 * It makes no scripts from strings at all, and loads one by its address: the service worker. A classic script, before
 * all others.
 */

(() => {
  if (!window.trustedTypes) return;
  // Only to look: the template it fills is inert, and nothing of it reaches the page.
  const looking = window.trustedTypes.createPolicy("postroom-looking", { createHTML: (html) => html });
  const SUSPICIOUS = /<\s*(?:script|iframe|object|embed|base|meta|link|style|svg|math|template)|\bon\w+\s*=|javascript:|srcdoc|formaction/i;
  const NEVER = "script:not([type='application/json']), object, embed, base, meta[http-equiv], iframe[srcdoc], iframe[src], link, style";
  const ADDRESSES = ["href", "src", "action", "formaction", "xlink:href", "data"];
  // The browser reads an address without its spaces and control characters.
  const RUNS = /^(?:javascript|vbscript|data):/i;

  function clean(root) {
    let found = false;
    for (const one of root.querySelectorAll(NEVER)) {
      one.remove();
      found = true;
    }
    for (const element of root.querySelectorAll("*")) {
      for (const { name, value } of [...element.attributes]) {
        const address = ADDRESSES.includes(name.toLowerCase()) && value.replace(/[\u0000-\u0020]/g, "");
        const isImage = element.localName === "img" && /^data:image\//i.test(address || "");
        if (name.toLowerCase().startsWith("on") || (address && RUNS.test(address) && !isImage)) {
          element.removeAttribute(name);
          found = true;
        }
      }
      if (element.content instanceof DocumentFragment) found = clean(element.content) || found;
    }
    return found;
  }

  window.trustedTypes.createPolicy("default", {
    createScriptURL(address) {
      return address === "/service-worker.js" ? address : null;
    },
    createHTML(html) {
      if (!SUSPICIOUS.test(html)) return html;
      const template = document.createElement("template");
      template.innerHTML = looking.createHTML(html);
      if (!clean(template.content)) return html;
      console.warn("Something that would have run was taken out of a piece of this page.");
      return template.innerHTML;
    },
  });
})();
