"use strict";
// The card "Warta today" on Airflow's home page. Airflow gives React, and looks for the global of the entry's name.
globalThis.WartaToday = function WartaToday() {
  const { createElement: h, useEffect, useState } = globalThis.React;
  const [today, setToday] = useState(null);
  const root = new URL(document.baseURI).pathname.replace(/\/$/, "");
  useEffect(() => {
    fetch(`${root}/warta/today.json`, { headers: { accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .then(setToday)
      .catch(() => setToday({ isAway: true }));
  }, []);
  const style = { border: "1px solid currentcolor", borderRadius: "6px", padding: "0.75rem 1rem", marginBottom: "1rem" };
  const title = h("a", { href: `${root}/plugin/warta`, style: { fontWeight: 600, textDecoration: "underline" } }, "Warta today");
  if (!today) return h("section", { style, "aria-label": "Warta today" }, title);
  if (today.isAway) return h("section", { style, "aria-label": "Warta today" }, title, h("p", null, "Its database does not answer."));
  const counts = `${today.new} new articles of ${today.outlets} outlets, ${today.edited} edited, ${today.failed} failed pages`;
  const alarms = today.alarms.length
    ? h("ul", null, today.alarms.slice(0, 5).map((alarm, place) => h("li", { key: place }, `⚠ ${alarm}`)))
    : h("p", null, "No alarm stands.");
  return h("section", { style, "aria-label": "Warta today" }, title, h("p", null, counts), alarms);
};
