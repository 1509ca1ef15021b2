// What scripts add to pages that can be read without them. Each part is loaded by the pages that have it.

import "./frame.js";

if (document.querySelector("article a[href]")) import("./preview.js").then(({ previews }) => previews());
if (document.querySelector("[data-timeline]")) import("./timeline.js");
