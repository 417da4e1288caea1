// Runs before the first paint: says that scripts run, and puts the reader's theme on the page.
(() => {
  const root = document.documentElement;
  const KEY = "greenroom.theme";
  const known = () => {
    try { return localStorage.getItem(KEY) || ""; } catch { return ""; }
  };
  const put = (theme) => {
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-set]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeSet === theme));
    }
  };

  root.classList.add("js");
  put(known());
  document.addEventListener("DOMContentLoaded", () => put(known()));
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-theme-set]");
    if (!button) return;
    try { localStorage.setItem(KEY, button.dataset.themeSet); } catch { /* a private window forgets it */ }
    put(button.dataset.themeSet);
  });
  window.addEventListener("storage", (event) => { if (event.key === KEY) put(known()); });
})();
