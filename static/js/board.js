// Drag and drop on the board. Only to moves that are open; the others explain themselves; some ask first.
// The answer to a move is the board as it stands now, which HTMX puts in place.
import "./vendor/sortable-1.15.7.min.js";
import { toast } from "./toasts.js";

const { Sortable, htmx } = window;
const titleOf = (column) => column.dataset.title ?? column.dataset.column;
const openMoves = (card) => (card.dataset.openMoves ?? "").split(" ").filter(Boolean);

function question(card, name) {
  try { return JSON.parse(card.dataset.askingMoves ?? "{}")[name]; } catch { return undefined; }
}

function show(card, board) {
  const open = openMoves(card);
  const from = card.closest("[data-column]").dataset.column;
  for (const column of board.querySelectorAll("[data-column]")) {
    const name = column.dataset.column;
    column.dataset.drop = name === from || open.includes(name) ? "open" : "closed";
  }
}

function clear(board) {
  for (const column of board.querySelectorAll("[data-drop]")) delete column.dataset.drop;
}

function refuse(board, card, to) {
  const names = openMoves(card).map((name) => board.querySelector(`[data-column="${CSS.escape(name)}"]`)).filter(Boolean).map(titleOf);
  const title = card.querySelector("[data-key-open]")?.textContent.trim() ?? "";
  const { refusal = "“{title}” cannot go to {to} from here.", open = "Open: {names}.", none = "It moves on by itself." } = board.dataset;
  toast(`${refusal.replace("{title}", title).replace("{to}", titleOf(to))} ${names.length ? open.replace("{names}", names.join(", ")) : none}`, "waiting");
}

function move(event, board) {
  const { item: card, from, to, oldIndex } = event;
  const back = () => from.insertBefore(card, from.children[from === to && oldIndex > event.newIndex ? oldIndex + 1 : oldIndex] ?? null);
  const column = to.closest("[data-column]");
  const name = column.dataset.column;
  if (from === to && oldIndex === event.newIndex) return;
  if (from !== to && !openMoves(card).includes(name)) {
    back();
    refuse(board, card, column);
    return;
  }
  const asked = from === to ? undefined : question(card, name);
  if (asked && !window.confirm(asked)) {
    back();
    return;
  }
  const cards = [...to.querySelectorAll("[data-card]")];
  const here = cards.indexOf(card);
  const values = { to: name, after: cards[here - 1]?.dataset.card ?? "", before: cards[here + 1]?.dataset.card ?? "" };
  if (asked) values.asked = "1";
  let refused = false;
  card.addEventListener("htmx:sendError", () => { refused = true; }, { once: true });
  card.addEventListener("htmx:beforeOnLoad", (answer) => { refused ||= answer.detail.xhr.status >= 400; }, { once: true });
  htmx.ajax("POST", card.dataset.moveUrl, { source: card, target: `#${board.id}`, swap: "outerHTML", values })
    .then(() => { if (refused && card.isConnected) back(); }, back);
}

function make(board) {
  for (const cards of board.querySelectorAll("[data-cards]")) {
    if (Sortable.get(cards)) continue;
    Sortable.create(cards, {
      group: board.id,
      draggable: "[data-move-url]",
      filter: ".menu",
      preventOnFilter: false,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      delay: 150,
      delayOnTouchOnly: true,
      ghostClass: "request-card--ghost",
      dragClass: "request-card--dragged",
      onStart: (event) => show(event.item, board),
      onEnd: (event) => { clear(board); move(event, board); },
    });
  }
}

// The board asks by itself whether something moved; not while somebody drags, chooses or looks elsewhere.
document.addEventListener("htmx:beforeRequest", (event) => {
  const board = event.detail.elt;
  if (!board.matches?.("[data-board]") || event.detail.requestConfig.verb !== "get") return;
  if (document.hidden || board.querySelector(".request-card--ghost, .menu[open]")) event.preventDefault();
});

const start = () => { for (const board of document.querySelectorAll("[data-board]")) make(board); };
start();
document.addEventListener("htmx:load", start);
