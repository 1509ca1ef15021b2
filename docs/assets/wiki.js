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

// The search, which its own page has in place and all others open over themselves.
/** @param {Event} event */
async function openSearch(event) {
  event.preventDefault();
  (await import("./search.js")).open();
}
document.querySelector("[data-search-open]")?.addEventListener("click", (event) => {
  const click = /** @type {MouseEvent} */ (event);
  if (!click.ctrlKey && !click.metaKey && !click.shiftKey && !click.altKey) openSearch(event);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const at = event.target;
  if (at instanceof HTMLElement && (at.isContentEditable || at.matches("input, textarea, select"))) return;
  openSearch(event);
});
const searchHere = document.querySelector("[data-search]");
if (searchHere instanceof HTMLElement) import("./search.js").then(({ settle }) => settle(searchHere));
