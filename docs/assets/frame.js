// The frame of every page: the menu that opens the drawer on narrow screens, and tables that scroll.

const menu = document.querySelector("a.wiki-menu");
const drawer = document.querySelector("input#__drawer");
const sidebar = document.querySelector(".md-sidebar--primary");

if (menu instanceof HTMLAnchorElement && drawer instanceof HTMLInputElement && sidebar) {
  menu.setAttribute("role", "button");
  menu.setAttribute("aria-controls", "_nav");
  const behind = () => {
    const parts = [];
    for (let part = sidebar; part.parentElement && part !== document.body; part = part.parentElement) {
      for (const other of part.parentElement.children) {
        if (other !== part && other !== drawer && !other.matches(".md-overlay, script")) parts.push(other);
      }
    }
    return parts;
  };

  /** The page behind an open drawer cannot have the focus; a closed drawer gives it back to the menu. */
  const follow = () => {
    menu.setAttribute("aria-expanded", String(drawer.checked));
    for (const part of behind()) part.toggleAttribute("inert", drawer.checked);
    const target = drawer.checked ? sidebar.querySelector("button, a") : menu;
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  };
  /** @param {boolean} open */
  const set = (open) => {
    if (drawer.checked !== open) drawer.click(); // the theme listens to this box as well
  };

  drawer.checked = false; // some browsers remember it over a reload
  menu.setAttribute("aria-expanded", "false");
  drawer.addEventListener("change", follow);
  menu.addEventListener("click", (event) => {
    event.preventDefault();
    set(true);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    set(true);
  });
  sidebar.querySelector(".wiki-close")?.addEventListener("click", () => set(false));
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") set(false);
  });
  // A window grown wide has no drawer, and what stood behind it must answer again.
  matchMedia("(min-width: 76.25em)").addEventListener("change", (query) => {
    if (query.matches) set(false);
  });
}

// A table that scrolls within itself can have the focus, so that the arrow keys scroll it.
const tables = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) {
      target.setAttribute("tabindex", "0");
      target.setAttribute("role", "group");
      target.setAttribute("aria-label", "Table");
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
    }
  }
});
addEventListener("load", () => {
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) tables.observe(box);
});
