// Live logs: asks for what is new from the byte where it stands, and follows unless the reader scrolled up.
const watched = new WeakSet();
const NEAR = 24;

const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

async function fetchNew(log, lines) {
  const answer = await fetch(`${log.dataset.log}${log.dataset.log.includes("?") ? "&" : "?"}offset=${log.dataset.offset}`, { headers: { Accept: "text/plain" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const text = await answer.text();
  const next = answer.headers.get("X-Log-Offset");
  if (text) lines.append(text);
  if (next !== null) log.dataset.offset = next;
  return { ended: answer.headers.get("X-Log-Ended") === "true", more: Boolean(text) };
}

async function watch(log) {
  watched.add(log);
  const lines = log.querySelector("pre");
  const button = log.querySelector("[data-log-follow]");
  const follows = () => button?.getAttribute("aria-pressed") === "true";
  const follow = (yes) => {
    button?.setAttribute("aria-pressed", String(yes));
    if (yes) lines.scrollTop = lines.scrollHeight;
  };

  button?.addEventListener("click", () => follow(!follows()));
  lines.addEventListener("scroll", () => {
    const atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < NEAR;
    if (atEnd !== follows()) button?.setAttribute("aria-pressed", String(atEnd));
  });
  lines.scrollTop = lines.scrollHeight;
  const live = () => "live" in log.dataset;
  if (!live() && lines.textContent) return;

  const pace = Number(log.dataset.poll) || 1000;
  let failures = 0;
  while (log.isConnected) {
    if (!document.hidden) {
      try {
        const { ended, more } = await fetchNew(log, lines);
        failures = 0;
        if (more && follows()) lines.scrollTop = lines.scrollHeight;
        if (!more && (ended || !live())) { delete log.dataset.live; return; }
        if (more && !live()) continue; // a log that is over is fetched without a pause
      } catch {
        failures += 1;
      }
    }
    await wait(Math.min(15000, pace * 2 ** Math.min(failures, 4)));
  }
}

const start = () => {
  for (const log of document.querySelectorAll("[data-log]")) if (!watched.has(log)) watch(log);
};
start();
document.addEventListener("htmx:load", start);
document.addEventListener("htmx:afterSettle", start);
