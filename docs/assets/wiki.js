// What scripts add to pages that can be read without them. Each part is loaded by the pages that have it.

// The theme opens its menu on narrow screens by a label, which the keyboard cannot reach.
const menu = document.querySelector("label.md-header__button[for=__drawer]");
const drawer = document.querySelector("#__drawer");
if (menu && drawer instanceof HTMLInputElement) {
  menu.setAttribute("role", "button");
  menu.setAttribute("tabindex", "0");
  menu.setAttribute("aria-label", "Menu");
  const say = () => menu.setAttribute("aria-expanded", String(drawer.checked));
  say();
  drawer.addEventListener("change", say);
  menu.addEventListener("keydown", (event) => {
    if (event instanceof KeyboardEvent && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      drawer.click();
    }
  });
}

if (document.querySelector("[data-network]")) import("./network.js");
