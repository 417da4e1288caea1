// Times in the reader's zone: relative words that stay true, the exact time on hover, lengths that count.
const lang = document.documentElement.lang || undefined;
const timeZone = document.documentElement.dataset.timeZone; // none: the device's own
const written = (how) => new Intl.DateTimeFormat(lang, { timeZone, ...how });
const relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "short" });
const full = written({ dateStyle: "full", timeStyle: "medium" });
const year = written({ year: "numeric" });
const day = written({ day: "numeric", month: "short" });
const dayAndYear = written({ day: "numeric", month: "short", year: "numeric" });

const clock = written({ hour: "2-digit", minute: "2-digit" });
const dayAndClock = written({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const sameBy = (how, moment) => how.format(moment) === how.format(new Date());

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];
const WEEK = 604800;

function words(moment) {
  const seconds = (moment - Date.now()) / 1000;
  if (Math.abs(seconds) >= WEEK) {
    return (sameBy(year, moment) ? day : dayAndYear).format(moment);
  }
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return null; // under a minute the server's own words are right
}

function length(seconds) {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

function refresh() {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const moment = new Date(time.dateTime);
    time.title = full.format(moment);
    const said = words(moment);
    if (said && time.textContent !== said) time.textContent = said;
  }
  for (const time of document.querySelectorAll("time[data-clock]")) {
    const moment = new Date(time.dateTime);
    const said = (sameBy(dayAndYear, moment) ? clock : dayAndClock).format(moment);
    time.title = full.format(moment);
    if (time.textContent !== said) time.textContent = said;
  }
  for (const time of document.querySelectorAll("time[data-elapsed]")) {
    time.textContent = length(Math.max(0, (Date.now() - new Date(time.dateTime)) / 1000));
  }
}

refresh();
document.addEventListener("htmx:afterSettle", refresh);
setInterval(() => { if (document.querySelector("time[data-elapsed]")) refresh(); }, 1000);
setInterval(refresh, 30000);
