// What scripts add to pages that can be read without them. Each part is loaded by the pages that have it.

import "./frame.js";

if (document.querySelector("article a[href]")) import("./preview.js").then(({ previews }) => previews());
if (document.querySelector("[data-annotated]")) import("./source.js");
if (document.querySelector("[data-timeline]")) import("./timeline.js");
if (document.querySelector("[data-network]")) import("./network.js");
if (document.querySelector("[data-not-found]")) import("./not-found.js");
if (document.querySelector(".claim[id], .quotation[id]")) import("./cite-this.js");

// The theme's scripts keep one such colour, that of the scheme chosen; ours are for readers without scripts.
for (const colour of document.querySelectorAll("meta[name=theme-color][media]")) colour.remove();

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
