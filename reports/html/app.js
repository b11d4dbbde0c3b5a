// Sorting, filtering, copying, links and the theme. The page is complete without it.
"use strict";

/** Tells screen readers what a button did. */
function say(text) {
  const said = document.getElementById("said");
  said.textContent = "";
  setTimeout(() => { said.textContent = text; }, 50);
}

/** Copies the text, or marks `shown` for the reader to copy: a page from a file may not reach the clipboard. */
async function copy(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied";
  } catch {
    if (!shown) return "";
    getSelection().selectAllChildren(shown);
    return "Selected";
  }
}

function enableCopy() {
  for (const button of document.querySelectorAll("button.copy")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (button) {
      const code = button.parentElement.querySelector("code");
      const done = await copy(code.textContent, code);
      button.textContent = done;
      say(done === "Copied" ? "Copied to the clipboard" : "Selected, ready to be copied");
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    }
    const link = event.target.closest("a.link");
    if (link && await copy(link.href)) say("Link copied to the clipboard");
  });
}

function enableTheme() {
  const button = document.getElementById("theme");
  const root = document.documentElement;
  const wear = (dark) => {
    root.classList.toggle("dark", dark);
    root.classList.toggle("light", !dark);
  };
  // Pages of one folder share what was chosen, where the browser lets them.
  let kept = null;
  try { kept = sessionStorage.getItem("tlsgauge-theme"); } catch { kept = null; }
  if (kept) wear(kept === "dark");
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = root.classList.contains("dark") ||
      (!root.classList.contains("light") && matchMedia("(prefers-color-scheme: dark)").matches);
    wear(!dark);
    try { sessionStorage.setItem("tlsgauge-theme", dark ? "light" : "dark"); } catch { return; }
  });
}

function enableSort(table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const words = new Intl.Collator("en", { numeric: true });
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const keyed = rows.map((row) => {
        const cell = row.cells[column];
        const text = cell.dataset.key ?? cell.textContent.trim();
        const counts = "key" in cell.dataset || head.classList.contains("number");
        return { row, text, number: counts && text !== "" ? Number(text) : Infinity };
      });
      // Infinity from itself would be NaN: what has no number stands behind, in the order of its words.
      keyed.sort((a, b) => (a.number === b.number ? words.compare(a.text, b.text) : a.number < b.number ? -1 : 1));
      if (descending) keyed.reverse();
      body.append(...keyed.map((item) => item.row));
    });
  });
}

function enableFilter(table) {
  const rows = [...table.tBodies[0].rows].map((row) => ({
    row,
    text: row.textContent.toLowerCase(),
    endpoint: document.getElementById(row.dataset.for),
  }));
  const lines = [...document.querySelectorAll("#matrix tbody tr")];
  const scroll = document.querySelector("#matrix .scroll");
  const empty = document.getElementById("matrix-empty");
  const text = document.getElementById("filter-text");
  const chosen = ["verdict", "severity", "grade"].map((name) => [name, document.getElementById(`filter-${name}`)]);
  const count = document.getElementById("filter-count");
  const apply = () => {
    const needle = text.value.trim().toLowerCase();
    const kept = new Set();
    let shown = 0;
    for (const item of rows) {
      const keep = item.text.includes(needle) && chosen.every(([name, choice]) => choice.value === "" || item.row.dataset[name] === choice.value);
      if (item.row.hidden === keep) item.row.hidden = !keep;
      if (keep) {
        shown += 1;
        kept.add(item.row.dataset.for);
      }
    }
    for (const { row, endpoint } of rows) {
      if (endpoint && endpoint.hidden === kept.has(row.dataset.for)) endpoint.hidden = !kept.has(row.dataset.for);
    }
    for (const line of lines) line.hidden = !kept.has(line.dataset.for);
    if (empty) {
      empty.hidden = lines.some((line) => !line.hidden);
      scroll.hidden = !empty.hidden;
    }
    count.textContent = `${shown} of ${rows.length}`;
  };
  text.addEventListener("input", apply);
  for (const [, choice] of chosen) choice.addEventListener("change", apply);
  document.getElementById("filter").hidden = false;
  apply();
}

/** What a link leads to, or into, is unfolded. */
function openTarget() {
  let target = null;
  try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
  if (!target) return;
  target.querySelector(":scope > details")?.setAttribute("open", "");
  for (let at = target; at; at = at.parentElement) {
    at.hidden = false;
    if (at instanceof HTMLDetailsElement) at.open = true;
  }
  target.scrollIntoView();
}

enableCopy();
enableTheme();
const overview = document.getElementById("overview");
if (overview) {
  enableSort(overview);
  enableFilter(overview);
}
addEventListener("hashchange", openTarget);
if (location.hash) openTarget();
// Paper has nothing to unfold; for browsers whose style cannot do it. What to do stands under each endpoint that is told in detail.
const unfolded = document.querySelector(".whole") ? "details:not([open], .rule)" : "details:not([open])";
addEventListener("beforeprint", () => { for (const each of document.querySelectorAll(unfolded)) { each.dataset.folded = ""; each.open = true; } });
addEventListener("afterprint", () => { for (const each of document.querySelectorAll("details[data-folded]")) { delete each.dataset.folded; each.open = false; } });
