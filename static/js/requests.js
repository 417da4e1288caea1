// What every request carries, and a button that shows that it works.
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** The headers that our server expects from a script. */
export const headers = () => ({ "X-CSRFToken": token(), "HX-Request": "true" });

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token();
});

// An error that names its own place (HX-Retarget) is shown there; any other failed answer is said in a toast.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status >= 400 && xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("submit", (event) => {
  const button = event.submitter ?? event.target.querySelector("[type=submit]");
  if (!button || event.defaultPrevented || event.target.method === "dialog") return;
  // after this turn, so that the button's own name and value are still sent
  setTimeout(() => button.setAttribute("aria-busy", "true"));
});

document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.requestConfig.triggeringEvent?.submitter?.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.requestConfig?.triggeringEvent?.submitter?.removeAttribute("aria-busy");
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

const focusOn = (root) => root.querySelector("[data-focus]")?.focus();
document.addEventListener("DOMContentLoaded", () => focusOn(document));
document.addEventListener("htmx:afterSettle", (event) => focusOn(event.target));

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-back]")) history.back();
});
