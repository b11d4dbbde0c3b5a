// Sorting, filtering, copying and the theme. The page is complete without it.
"use strict";

function enableCopy() {
  for (const button of document.querySelectorAll("button.copy")) {
    const code = button.parentElement.querySelector("code");
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(code);
        button.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
  }
}

function enableTheme() {
  const button = document.getElementById("theme");
  const root = document.documentElement;
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = root.classList.contains("dark") ||
      (!root.classList.contains("light") && matchMedia("(prefers-color-scheme: dark)").matches);
    root.classList.toggle("dark", !dark);
    root.classList.toggle("light", dark);
  });
}

function enableSort(table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    const numeric = head.classList.contains("number");
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const keyed = rows.map((row) => {
        const text = row.cells[column].textContent.trim();
        return { row, text, number: text === "" ? Infinity : Number(text) };
      });
      // Number() of two empty cells is the same Infinity; their difference would be NaN.
      keyed.sort((a, b) => (numeric ? (a.number === b.number ? 0 : a.number < b.number ? -1 : 1) : a.text.localeCompare(b.text)));
      if (descending) keyed.reverse();
      body.append(...keyed.map((item) => item.row));
    });
  });
}

function enableFilter(table) {
  const rows = [...table.tBodies[0].rows].map((row) => ({
    row,
    text: row.textContent.toLowerCase(),
    verdict: row.dataset.verdict,
    endpoint: document.getElementById(row.dataset.endpoint),
  }));
  const wanted = document.getElementById("filter-text");
  const verdict = document.getElementById("filter-verdict");
  const count = document.getElementById("filter-count");
  const apply = () => {
    const needle = wanted.value.trim().toLowerCase();
    const kept = new Set();
    let shown = 0;
    for (const item of rows) {
      const keep = item.text.includes(needle) && (verdict.value === "" || item.verdict === verdict.value);
      item.row.hidden = !keep;
      if (keep) {
        shown += 1;
        kept.add(item.endpoint);
      }
    }
    for (const item of rows) item.endpoint.hidden = !kept.has(item.endpoint);
    count.textContent = `${shown} of ${rows.length}`;
  };
  wanted.addEventListener("input", apply);
  verdict.addEventListener("change", apply);
  document.getElementById("filter").hidden = false;
  apply();
}

// A link to an endpoint, or into it, unfolds it.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const endpoint = target?.closest("details.endpoint");
  if (!endpoint) return;
  endpoint.hidden = false;
  endpoint.open = true;
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
