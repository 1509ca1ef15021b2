// On the page for dead addresses: the pages whose names or addresses are nearest to what was asked for.

/** @typedef {{name: string, url: string}} Named A page: its name, its address below the site's root. */

const MOST = 5;
const LEAST = 0.35; // of 1: less alike than this is no offer,
const SHARE = 0.6; // nor is what is less alike than this share of the nearest

/** @param {string} text @returns {string} letters and digits without marks, words parted by blanks */
const plain = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/ı/g, "i")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** @param {string} text @returns {Map<string, number>} how often each pair of neighbouring letters occurs */
function pairs(text) {
  const found = new Map();
  const padded = ` ${text} `;
  for (let i = 0; i < padded.length - 1; i++) {
    const pair = padded.slice(i, i + 2);
    found.set(pair, (found.get(pair) ?? 0) + 1);
  }
  return found;
}

/** @param {Map<string, number>} one @param {Map<string, number>} other @returns {number} 0 to 1 (Dice) */
function alike(one, other) {
  let shared = 0;
  let all = 0;
  for (const [pair, number] of one) {
    shared += Math.min(number, other.get(pair) ?? 0);
    all += number;
  }
  for (const number of other.values()) all += number;
  return all ? (2 * shared) / all : 0;
}

/** @param {string} path @returns {string} the last step of an address that says anything, in words */
function wanted(path) {
  let text = path;
  try {
    text = decodeURIComponent(path);
  } catch {
    // Not percent-encoded as it should be: taken as it is.
  }
  const steps = text.split("/").map((step) => plain(step.replace(/(^index)?\.html?$/i, "")));
  return steps.filter(Boolean).at(-1)?.slice(0, 200) ?? "";
}

/**
 * @param {string} path the address asked for
 * @param {Named[]} pages
 * @returns {Named[]} the nearest pages, the nearest first
 */
export function nearest(path, pages) {
  const asked = pairs(wanted(path));
  const offers = pages
    .map((page) => {
      const last = page.url.split("/").filter(Boolean).at(-1) ?? "";
      const near = Math.max(alike(asked, pairs(plain(page.name))), alike(asked, pairs(plain(last))));
      return { page, near };
    })
    .filter(({ near }) => near >= LEAST)
    .sort((one, other) => other.near - one.near || one.page.name.localeCompare(other.page.name))
    .slice(0, MOST);
  return offers.filter(({ near }) => near >= SHARE * (offers[0]?.near ?? 0)).map(({ page }) => page);
}

/** Shows the nearest pages, if the names can be had and one is near. */
async function offer() {
  const place = document.querySelector("[data-not-found]");
  const list = place?.querySelector("ul");
  if (!(place instanceof HTMLElement) || !list) return;
  const root = new URL("../", import.meta.url);
  /** @type {Named[]} */
  let pages = [];
  try {
    const answer = await fetch(new URL("data/names.json", root));
    if (answer.ok) pages = (await answer.json()).names.map(/** @param {string[]} row */ ([url, name]) => ({ url, name }));
  } catch {
    return; // no names, no offers: the ways in stand below
  }
  for (const page of nearest(location.pathname, pages)) {
    const link = document.createElement("a");
    link.href = new URL(page.url, root).href;
    link.textContent = page.name;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  place.hidden = !list.children.length;
}

await offer();
