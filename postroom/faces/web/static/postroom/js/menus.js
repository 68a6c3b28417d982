/** <details class="menu">: one open at a time, closed by Escape, by a click elsewhere and by choosing; arrows move. */

const open = () => [...document.querySelectorAll("details.menu[open]")];

export function closeMenus({ but = null } = {}) {
  for (const menu of open()) if (menu !== but) menu.open = false;
}

document.addEventListener("click", (event) => {
  const menu = event.target.closest("details.menu");
  closeMenus({ but: menu });
  if (menu && event.target.closest(".menu-item")) menu.open = false;
});

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("details.menu[open]")) return;
  const first = menu.querySelector("[data-filter]") || menu.querySelector('[aria-current="true"]') || items(menu)[0];
  if (menu.matches(":focus-within")) first?.focus();
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  if (event.key === "Escape") {
    event.stopPropagation();
    // Or the same key would leave the conversation as well.
    event.preventDefault();
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(menu, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && event.target.matches("[data-filter]")) {
    event.preventDefault();
    items(menu)[0]?.click();
  }
});

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-filter]")) return;
  const wanted = event.target.value.trim().toLocaleLowerCase();
  for (const item of event.target.closest("details.menu").querySelectorAll(".menu-item")) {
    item.hidden = !item.textContent.toLocaleLowerCase().includes(wanted);
  }
});

function items(menu) {
  return [...menu.querySelectorAll(".menu-item, .theme-button")].filter((item) => !item.hidden);
}

function step(menu, by) {
  const all = items(menu);
  const here = all.indexOf(document.activeElement);
  all[(here + by + all.length) % all.length]?.focus();
}
