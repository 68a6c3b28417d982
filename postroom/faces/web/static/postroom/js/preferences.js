/** How this browser likes its pages: kept in small cookies, so that the server draws them right the first time. */

const YEAR = 60 * 60 * 24 * 365;

export function prefer(name, value) {
  document.cookie = `postroom_${name}=${value}; path=/; max-age=${YEAR}; samesite=lax`;
}

document.addEventListener("click", (event) => {
  const theme = event.target.closest("[data-theme-choice]");
  if (theme) {
    document.documentElement.dataset.theme = theme.dataset.themeChoice;
    prefer("theme", theme.dataset.themeChoice);
    for (const one of document.querySelectorAll("[data-theme-choice]")) one.setAttribute("aria-checked", String(one === theme));
  }
  const sidebar = event.target.closest("[data-toggle-sidebar]");
  if (sidebar) {
    const narrow = document.body.classList.toggle("is-narrow");
    sidebar.setAttribute("aria-expanded", String(!narrow));
    prefer("sidebar", narrow ? "narrow" : "wide");
  }
  const dense = event.target.closest("[data-toggle-dense]");
  if (dense) {
    const isDense = document.getElementById("rows").classList.toggle("is-dense");
    dense.setAttribute("aria-pressed", String(isDense));
    prefer("rows", isDense ? "dense" : "two");
  }
  if (event.target.closest("[data-open-sidebar]")) drawer(true);
  else if (event.target.closest("[data-close-sidebar], .sidebar-link[href]")) drawer(false);
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-single-keys]")) return;
  document.body.dataset.keys = event.target.checked ? "on" : "off";
  prefer("keys", document.body.dataset.keys);
});

function drawer(isOpen) {
  const was = document.body.classList.contains("has-drawer");
  document.body.classList.toggle("has-drawer", isOpen);
  if (isOpen) document.querySelector("#sidebar a")?.focus();
  else if (was) document.querySelector("[data-open-sidebar]")?.focus();
}
