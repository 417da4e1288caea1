// Toasts: for what happened elsewhere, and for errors that have no place of their own on the page.
const SECONDS = 8;
const place = () => document.getElementById("toasts");

/** Show a sentence; tone is neutral, running, waiting, ready or failed. */
export function toast(text, tone = "neutral") {
  const box = document.createElement("div");
  box.className = `toast tone-${tone}`;
  box.setAttribute("role", tone === "failed" ? "alert" : "status");
  const mark = document.createElement("span");
  mark.className = "toast__mark";
  const words = document.createElement("p");
  words.className = "toast__text";
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast__close";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", "×");
  close.textContent = "×";
  box.append(mark, words, close);
  place()?.append(box);
}

const leaveLater = (box) => {
  if (box.getAttribute("role") === "alert") return; // what went wrong stays until it was read
  setTimeout(() => (box.matches(":hover, :focus-within") ? leaveLater(box) : box.remove()), SECONDS * 1000);
};

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-toast-close]")?.closest(".toast")?.remove();
});

// a server may send HX-Trigger: {"toast": {"text": "…", "tone": "ready"}}
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.tone));
document.addEventListener("htmx:sendError", () => toast(document.documentElement.dataset.offline ?? "Greenroom cannot be reached. It is tried again.", "failed"));
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.getResponseHeader("HX-Retarget")) return;
  toast(`${xhr.status} ${xhr.statusText}`.trim(), "failed");
});

const start = () => {
  const box = place();
  if (!box) return;
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.nodeType === 1) leaveLater(node);
  }).observe(box, { childList: true });
};
start();
