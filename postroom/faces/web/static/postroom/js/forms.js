// Small conveniences of forms. Everything works without this file.

for (const button of document.querySelectorAll("[data-reveal]")) {
  const input = button.parentElement.querySelector("input");
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    input.focus();
  });
  // A password manager should meet a password field.
  input.form?.addEventListener("submit", () => { input.type = "password"; });
}

// On a phone the parts of the settings are one row to push along: it begins where one is.
document.querySelector(".settings-tab[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });

// A second click while the first is on its way changes nothing.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[type=submit]")) button.removeAttribute("aria-disabled");
  }
});

// A file that the server would refuse is said to be too large before it is sent.
for (const input of document.querySelectorAll("input[type=file][data-largest]")) {
  input.addEventListener("change", () => {
    const large = [...input.files].some((file) => file.size > Number(input.dataset.largest));
    input.setCustomValidity(large ? input.dataset.tooLarge : "");
    if (large) input.reportValidity();
  });
}

// A page that waits asks again quietly, so that nothing flickers, and goes on when it is sent on.
if (document.querySelector("[data-poll]")) setTimeout(async function ask() {
  const answer = await fetch(location.href).catch(() => null);
  if (answer?.redirected) { location.assign(answer.url); return; }
  if (answer && !(await answer.text()).includes("data-poll")) { location.reload(); return; }
  setTimeout(ask, 1000);
}, 1000);
