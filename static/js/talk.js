// A conversation whose next words come as they are written; when the stream is over the server shows how it stands.
const listening = new Map();

function listen(talk) {
  const address = talk.dataset.talk;
  if (listening.has(address)) return;
  const source = new EventSource(address);
  listening.set(address, source);
  const here = () => document.querySelector(`[data-talk="${address}"]`);
  const stop = () => {
    source.close();
    listening.delete(address);
  };
  source.addEventListener("delta", (event) => {
    const { offset, text } = JSON.parse(event.data);
    const words = here()?.querySelector("[data-speaking]");
    if (!words) return stop();
    words.textContent = words.textContent.slice(0, offset) + text;
  });
  source.addEventListener("done", () => {
    stop();
    here()?.dispatchEvent(new CustomEvent("talk-over"));
  });
}

const look = () => document.querySelectorAll("[data-talk]").forEach(listen);
document.addEventListener("DOMContentLoaded", look);
document.addEventListener("htmx:afterSettle", look);
look();
