// Runs before the first paint: says that scripts run, and puts the reader's theme on the page.
(() => {
  const root = document.documentElement;
  const KEY = "greenroom.theme";
  const known = () => {
    const own = root.dataset.ownTheme ?? "";
    try { return localStorage.getItem(KEY) ?? own; } catch { return own; }
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
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("[name=theme][type=radio]")) return;
    try { localStorage.removeItem(KEY); } catch { /* a private window has nothing to forget */ }
    put(event.target.value === "system" ? "" : event.target.value);
  });
  window.addEventListener("storage", (event) => { if (event.key === KEY) put(known()); });
})();
