"use strict";
// All pages work without this file.

// Times in the reader's zone, from the first visit on.
if (!/(^|; )warta_zone=/.test(document.cookie)) {
  const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
  document.cookie = `warta_zone=${zone}; path=${document.documentElement.dataset.root}; max-age=31536000; samesite=lax`;
  if (zone !== "UTC" && /(^|; )warta_zone=/.test(document.cookie)) location.reload();
}

// In Airflow's frame, a link to one of Airflow's own pages leads the whole window there.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-airflow]");
  if (!link || window.parent === window) return;
  event.preventDefault();
  window.parent.history.pushState({}, "", link.getAttribute("href"));
  window.parent.dispatchEvent(new PopStateEvent("popstate"));
});

// A key presses the button or follows the link that names it.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
});
