// Filters of the timeline: by entity, kind and topic. What is chosen stands in the address, so that a
// filtered timeline can be passed on; without scripts the page is the whole timeline.

/** @typedef {{by: string, select: HTMLSelectElement}} Filter */

const LABELS = { entity: "About", kind: "Kind of page", topic: "Topic" };

/**
 * An element with a class and a text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [css]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[K]}
 */
function make(tag, css = "", text = "") {
  const element = document.createElement(tag);
  if (css) element.className = css;
  element.textContent = text;
  return element;
}

/**
 * The filter's control: everything, or one of the choices that the page names.
 * @param {string} by
 * @param {string} label
 * @param {HTMLElement} bar
 * @returns {Filter}
 */
function control(by, label, bar) {
  const select = make("select");
  select.append(new Option("Everything", ""));
  for (const choice of bar.querySelectorAll(`[data-by="${by}"]`)) {
    const option = new Option((choice.textContent ?? "").trim(), choice.getAttribute("data-id") ?? "");
    option.dir = "auto";
    select.append(option);
  }
  const holder = make("label", "", label);
  holder.append(select);
  bar.append(holder);
  return { by, select };
}

/** @param {HTMLElement} bar where the controls go, with the choices that the page names */
function start(bar) {
  const items = [...document.querySelectorAll("li.dated")];
  const years = [...document.querySelectorAll("section.year")].map((section) => ({
    section,
    anchor: section.querySelector("h2")?.id ?? "",
    items: [...section.querySelectorAll("li.dated")],
  }));
  const strip = [...document.querySelectorAll(".strip a")];
  const highest = Math.max(...strip.map((bar) => Number(bar.querySelector(".strip-count")?.textContent)));
  const onThisPage = strip.some((bar) => bar.getAttribute("href")?.startsWith("#"));

  bar.setAttribute("role", "search");
  bar.setAttribute("aria-label", "Filter the timeline");
  const filters = Object.entries(LABELS).map(([by, label]) => control(by, label, bar));
  const clear = make("button", "", "Show everything");
  clear.type = "button";
  const said = make("output", "filters-said");
  bar.append(clear, said);

  /** Shows what the controls say: entries, years, the strip's bars, and how many entries there are. */
  function show() {
    const chosen = filters.filter(({ select }) => select.value);
    for (const item of items) {
      const has = (/** @type {Filter} */ { by, select }) =>
        (item.getAttribute(`data-${by}`) ?? "").split(" ").includes(select.value);
      item.toggleAttribute("hidden", !chosen.every(has));
    }
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const { section, anchor, items: own } of years) {
      const count = own.filter((item) => !item.hasAttribute("hidden")).length;
      counts.set(anchor, count);
      section.toggleAttribute("hidden", count === 0);
      const entry = document.querySelector(`.md-nav--secondary a[href="#${anchor}"]`)?.closest("li");
      entry?.toggleAttribute("hidden", count === 0);
    }
    if (onThisPage) strip.forEach((each) => draw(each, counts, highest));
    const left = [...counts.values()].reduce((sum, count) => sum + count, 0);
    said.textContent = left
      ? `${left} of ${items.length} ${items.length === 1 ? "entry" : "entries"}`
      : "Nothing matches. Choose less, or show everything.";
    clear.hidden = chosen.length === 0;
  }

  /** Reads the controls from the address. A value that the page does not know is nothing chosen. */
  function read() {
    const query = new URLSearchParams(location.search);
    for (const { by, select } of filters) {
      const value = query.get(by) ?? "";
      select.value = [...select.options].some((option) => option.value === value) ? value : "";
    }
    show();
  }

  /** Writes the controls into the address, and into those of the timeline's other pages. */
  function write() {
    const query = new URLSearchParams(location.search);
    for (const { by, select } of filters) {
      if (select.value) query.set(by, select.value);
      else query.delete(by);
    }
    const text = query.toString();
    history.replaceState(history.state, "", `${location.pathname}${text ? `?${text}` : ""}${location.hash}`);
    show();
  }

  bar.addEventListener("change", write);
  clear.addEventListener("click", () => {
    for (const { select } of filters) select.value = "";
    write();
    filters[0]?.select.focus(); // the button that had the focus is gone
  });
  addEventListener("popstate", read);
  read();
}

/**
 * A bar of the strip as high as its years have entries.
 * @param {Element} bar
 * @param {Map<string, number>} counts
 * @param {number} highest
 */
function draw(bar, counts, highest) {
  const years = (bar.getAttribute("data-years") ?? "").split(" ");
  const count = years.reduce((sum, year) => sum + (counts.get(year) ?? 0), 0);
  const height = count ? Math.max(2, Math.floor((count * 72) / highest)) : 0;
  const rect = bar.querySelector(".strip-bar");
  const text = bar.querySelector(".strip-count");
  rect?.setAttribute("height", String(height));
  rect?.setAttribute("y", String(92 - height));
  text?.setAttribute("y", String(87 - height));
  if (text) text.textContent = count ? String(count) : "";
  bar.classList.toggle("strip-empty", count === 0);
  bar.setAttribute("tabindex", count ? "0" : "-1"); // a year without entries is not on the page
  const title = bar.querySelector("title");
  const label = (title?.textContent ?? "").split(":")[0];
  if (title) title.textContent = `${label}: ${count} ${count === 1 ? "entry" : "entries"}`;
}

const bar = document.querySelector("[data-timeline]");
if (bar instanceof HTMLElement) start(bar);

export {};
