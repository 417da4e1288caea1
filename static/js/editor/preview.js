// The preview beside the text: kept alive while the page is open, loaded again when that is how a change is seen,
// as wide as wished, with what its log says of trouble.
import { ask } from "./api.js";

const BEAT = 30_000;
const PROBLEM = /\berror\b|\bexception\b|\bfailed\b|traceback|cannot find|not found/i;
const PLACE = /(?:^|[\s("'/])((?:[\w@.-]+\/)*[\w@.-]+\.\w{1,8})(?::(\d+)|", line (\d+))/;
const MOST = 20;

export function startPreview(pane, { onPlace }) {
  const panel = () => pane.querySelector("[data-session]");
  const frame = () => pane.querySelector("iframe");

  const beat = async () => {
    const session = panel()?.dataset.session;
    if (!session) return;
    try {
      const { status } = await ask("POST", `/api/apps/preview/${session}/keepalive`);
      if (status !== panel()?.dataset.status) refresh();
    } catch { /* it is tried again with the next beat */ }
  };
  const refresh = () => {
    const shown = pane.querySelector("[data-preview]");
    if (shown) window.htmx.ajax("GET", shown.dataset.preview, { target: shown, swap: "outerHTML" });
  };
  setInterval(beat, BEAT);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) beat(); });

  const reload = () => { const one = frame(); if (one) one.src = one.dataset.src; };

  pane.addEventListener("click", (event) => {
    const width = event.target.closest("[data-width]");
    if (width) {
      for (const one of pane.querySelectorAll("[data-width]")) one.setAttribute("aria-pressed", String(one === width));
      pane.querySelector(".editor__stage").dataset.shown = width.dataset.width;
    }
    if (event.target.closest("[data-reload]")) reload();
    const place = event.target.closest("[data-problem]");
    if (place) onPlace(place.dataset.problem, Number(place.dataset.line));
  });

  // What is said of trouble since the last save, each with its place in a file where it names one.
  let seen = 0;
  const findProblems = () => {
    const list = pane.querySelector("[data-problems]");
    const lines = pane.querySelector("[data-log] pre")?.textContent ?? "";
    if (!list) return;
    if (lines.length < seen) seen = 0;
    const found = [...new Set(lines.slice(seen).split("\n").filter((line) => PROBLEM.test(line)))].slice(-MOST);
    list.replaceChildren(...found.map((line) => {
      const item = document.createElement("li");
      const place = PLACE.exec(line.replaceAll("/app/", " "));
      const words = document.createElement(place ? "button" : "span");
      words.textContent = line.trim().slice(0, 300);
      if (place) Object.assign(words, { type: "button", className: "link" });
      if (place) Object.assign(words.dataset, { problem: place[1], line: place[2] ?? place[3] });
      item.append(words);
      return item;
    }));
    const count = pane.querySelector("[data-problem-count]");
    if (count) count.textContent = found.length || "";
  };
  new MutationObserver((changes) => {
    if (changes.some((change) => change.target.closest?.("[data-log]") && !change.target.closest("[data-problems]"))) findProblems();
  }).observe(pane, { childList: true, subtree: true });

  return {
    /** A file was saved: what the log said before is past, and a page that does not change by itself is loaded again. */
    saved() {
      seen = pane.querySelector("[data-log] pre")?.textContent.length ?? 0;
      findProblems();
      const shown = panel()?.dataset;
      if (shown?.status === "ready" && shown.reload !== "hot") setTimeout(reload, Number(shown.pause));
    },
    refresh,
  };
}
