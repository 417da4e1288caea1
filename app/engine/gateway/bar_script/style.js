const LONGEST_SELECTOR = 300;
const LONGEST_TEXT = 200;
const LONGEST_PAGE = 200;
const LONGEST_NOTE = 1000;
const MOST_PINS = 12;

const STYLE = `
  :host { all: initial; }
  * { box-sizing: border-box; }
  [hidden] { display: none !important; }
  .bar, .tab, .panel, .note, .marks {
    --ground: #ffffff; --ink: #1d1d1f; --soft: #5c5c63; --line: #d8d8d2; --accent: #1f6f54; --on-accent: #ffffff; --asked: #8a5a00; --bad: #b3261e;
    font: 500 14px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink);
  }
  @media (prefers-color-scheme: dark) {
    .bar, .tab, .panel, .note, .marks { --ground: #1f1f22; --ink: #ececee; --soft: #a5a5ad; --line: #3a3a40; --accent: #6fcfab; --on-accent: #10201a; --asked: #f0b955; --bad: #ff9c94; }
  }
  .bar, .tab, .panel, .note { background: var(--ground); border: 1px solid var(--line); box-shadow: 0 4px 20px rgb(0 0 0 / .18);
    position: fixed; z-index: 2147483647; bottom: 12px; }
  .bar { left: 12px; right: 12px; margin: 0 auto; width: fit-content; max-width: calc(100vw - 24px);
    display: flex; align-items: center; gap: 6px; padding: 6px 6px 6px 14px; border-radius: 12px; }
  .panel, .note { left: 12px; right: 12px; bottom: 70px; margin: 0 auto; width: min(460px, calc(100vw - 24px)); max-height: min(60vh, 560px);
    overflow: auto; overscroll-behavior: contain; padding: 14px 16px; border-radius: 12px; font-weight: 400; }
  .panel:focus { outline: none; }
  a, button { font: inherit; color: var(--ink); background: none; border: 1px solid transparent; border-radius: 8px;
    min-height: 36px; padding: 7px 12px; text-decoration: none; cursor: pointer; white-space: nowrap;
    display: inline-flex; align-items: center; }
  a:hover, button:hover { border-color: var(--line); }
  .accept, .main { background: var(--accent); color: var(--on-accent); }
  .accept:hover, .main:hover { border-color: var(--accent); filter: brightness(1.08); }
  .title { display: block; overflow: hidden; text-overflow: ellipsis; max-width: 26ch; min-width: 0; color: var(--soft);
    margin-right: 4px; padding-left: 0; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  .tab { right: 12px; border-radius: 999px; }
  .fold { padding: 7px 10px; color: var(--soft); }
  .hint { color: var(--soft); padding: 0 6px; }
  h2 { font-size: 15px; font-weight: 600; margin: 0 0 8px; }
  h3 { font-size: 13px; font-weight: 600; color: var(--soft); margin: 14px 0 6px; }
  p { margin: 0 0 8px; }
  ul, ol { margin: 0; padding: 0; list-style: none; display: flex; flex-direction: column; gap: 8px; }
  .tick { display: flex; gap: 10px; align-items: flex-start; cursor: pointer; }
  .tick input { flex: none; width: 18px; height: 18px; margin: 1px 0 0; accent-color: var(--accent); }
  .tick strong, .pin strong { font-weight: 600; }
  .steps { display: block; color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
  .found, .pin { display: flex; gap: 8px; font-size: 13px; overflow-wrap: anywhere; }
  .found b { flex: none; width: 1.2em; font-weight: 700; }
  .found--passed b { color: var(--accent); } .found--failed b { color: var(--bad); } .found--not_checked b { color: var(--soft); }
  .pin > span:last-child { min-width: 0; }
  .live { color: var(--soft); font-size: 13px; margin: 12px 0 0; padding-top: 10px; border-top: 1px solid var(--line); }
  textarea { display: block; width: 100%; min-height: 72px; margin: 6px 0 10px; padding: 8px 10px; font: inherit; color: inherit;
    background: transparent; border: 1px solid var(--line); border-radius: 8px; resize: vertical; }
  .row { display: flex; gap: 6px; flex-wrap: wrap; }
  .number { flex: none; display: grid; place-items: center; width: 22px; height: 22px; border-radius: 50%;
    background: var(--accent); color: var(--on-accent); font: 700 12px/1 system-ui, sans-serif; }
  .number--asked { background: var(--asked); color: var(--ground); }
  .marks { position: fixed; inset: 0; z-index: 2147483645; pointer-events: none; overflow: hidden; }
  .marks .number { position: absolute; top: 0; left: 0; border: 2px solid var(--ground); width: 26px; height: 26px; }
  .target { position: absolute; border: 2px solid #1f6f54; border-radius: 4px; background: rgb(31 111 84 / .15); }
  @media (max-width: 560px) { .title { display: none; } .hint { font-size: 13px; } .bar { padding-left: 6px; gap: 0; } a, button { padding: 7px; } .list { font-variant-numeric: tabular-nums; } }
  @media print { .bar, .tab, .marks, .panel, .note { display: none; } }
`;
