// Shows what a command says while it says it; without a script the page comes back with all of it.
async function follow(form, log) {
  const lines = log.querySelector("pre");
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "text/plain" },
    body: new URLSearchParams(new FormData(form)),
  });
  if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("text/plain")) {
    form.submit(); // nothing was run: the page says what is wrong
    return;
  }
  lines.textContent = "";
  log.hidden = false;
  log.scrollIntoView({ block: "nearest" });
  for await (const piece of pieces(answer.body)) {
    const follows = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 24;
    lines.append(piece);
    if (follows) lines.scrollTop = lines.scrollHeight;
  }
}

async function* pieces(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) yield value;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const log = document.getElementById(form.dataset?.follows ?? "");
  if (!log) return;
  event.preventDefault();
  if (form.dataset.isRunning) return;
  form.dataset.isRunning = "yes";
  try {
    await follow(form, log);
  } catch {
    log.hidden = false;
    log.querySelector("pre").append(`\n${log.dataset.lost}\n`);
  } finally {
    delete form.dataset.isRunning;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});
