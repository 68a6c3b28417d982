// Set-up one step at a time, and guesses for what a mail server is called. Without this file the form is one long page.

const form = document.querySelector("[data-steps]");
if (form) showSteps(form);
for (const ways of document.querySelectorAll("form")) guessServers(ways);

function showSteps(form) {
  const steps = [...form.querySelectorAll("[data-step]")];
  const names = form.querySelector("[data-step-names]");
  const buttons = [...names.querySelectorAll("button")];
  const back = form.querySelector("[data-step-back]");
  const next = form.querySelector("[data-step-next]");
  const last = form.querySelector("[data-step-last]");
  const wrong = steps.findIndex((step) => step.hasAttribute("data-wrong"));
  let present = Math.max(0, wrong);
  let reached = form.querySelector("[data-wrong], .notice-danger") ? steps.length - 1 : 0;
  names.hidden = false;
  form.classList.add("is-stepped");

  const show = (index, { focus = true } = {}) => {
    present = index;
    reached = Math.max(reached, index);
    steps.forEach((step, n) => { step.hidden = n !== index; });
    buttons.forEach((button, n) => {
      button.disabled = n > reached;
      button.toggleAttribute("aria-current", n === index);
      if (n === index) button.setAttribute("aria-current", "step");
      button.classList.toggle("is-done", n < index);
      button.classList.toggle("is-wrong", steps[n].hasAttribute("data-wrong"));
    });
    back.hidden = index === 0;
    next.hidden = index === steps.length - 1;
    last.hidden = index !== steps.length - 1;
    if (focus) steps[index].querySelector(".has-mistake input, input:not([type=hidden], [type=radio])")?.focus();
  };
  const filled = () => {
    const bad = [...steps[present].querySelectorAll("input, select, textarea")].find((input) => input.offsetParent && !input.checkValidity());
    bad?.reportValidity();
    return !bad;
  };

  back.addEventListener("click", () => show(present - 1));
  next.addEventListener("click", () => { if (filled()) show(present + 1); });
  buttons.forEach((button, n) => button.addEventListener("click", () => { if (n < present || filled()) show(n); }));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || next.hidden) return;
    event.preventDefault();
    next.click();
  });
  form.addEventListener("submit", () => { last.dataset.words ??= last.textContent; last.textContent = last.dataset.busy; });
  window.addEventListener("pageshow", () => { if (last.dataset.words) last.textContent = last.dataset.words; });
  show(present, { focus: wrong >= 0 });
  if (wrong < 0) steps[0].querySelector("input")?.focus();
}

function guessServers(form) {
  const fields = (name) => [...form.querySelectorAll(`[data-guess="${name}"]`)];
  const touched = new WeakSet([...form.querySelectorAll("[data-guess]")].filter((field) => field.value && field.tagName !== "SELECT"));
  form.addEventListener("input", (event) => { if (event.isTrusted) touched.add(event.target); });
  const fill = (name, value) => {
    for (const field of fields(name)) {
      if (touched.has(field)) continue;
      field.value = value;
      // Whoever stands in the field already types over the guess.
      if (field === document.activeElement && field.select) field.select();
    }
  };

  // The port follows the security, as long as nobody has typed another.
  const ports = { imap: { tls: 993, starttls: 143, none: 143 }, smtp: { tls: 465, starttls: 587, none: 25 } };
  for (const kind of ["imap", "smtp"]) {
    for (const select of fields(`${kind}_security`)) {
      select.addEventListener("change", () => {
        for (const port of fields(`${kind}_port`)) {
          if (!port.value || Object.values(ports[kind]).includes(Number(port.value))) port.value = ports[kind][select.value] ?? "";
        }
      });
    }
  }

  // The same password mostly opens both servers: typed once, it is offered for the way out too.
  const [incoming, outgoing] = ["incoming", "outgoing"].map((prefix) => form.querySelector(`[name="${prefix}-password"]`));
  if (form.dataset.guessUrl && incoming && outgoing) {
    incoming.addEventListener("change", () => { if (!touched.has(outgoing)) outgoing.value = incoming.value; });
  }

  const [address] = fields("address");
  if (!address || !form.dataset.guessUrl) return;
  address.addEventListener("change", async () => {
    for (const sample of form.querySelectorAll("[data-address]")) sample.textContent = address.value || "support@example.org";
    setTimeout(() => {
      const local = address.value.trim().split("@")[0];
      if (local) fill("name", local[0].toUpperCase() + local.slice(1));
    });
    const asked = address.value.trim();
    const answer = await fetch(`${form.dataset.guessUrl}?address=${encodeURIComponent(asked)}`).catch(() => null);
    const guess = answer?.ok ? await answer.json().catch(() => null) : null;
    // A slow answer about an address that was mended since would fill in the servers of the wrong one.
    if (!guess || address.value.trim() !== asked) return;
    for (const [name, value] of Object.entries(guess)) if (typeof value !== "boolean") fill(name, value);
    for (const words of form.querySelectorAll("[data-app-password]")) words.hidden = !guess.app_password;
  });
}
