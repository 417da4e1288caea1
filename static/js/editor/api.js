// Asks the server as this page's person: JSON both ways, and every refusal as an error that carries its answer.
export class Refused extends Error {
  constructor(status, said) {
    super(said?.detail ?? said?.message ?? said?.error?.message ?? String(status));
    this.status = status;
    this.said = said;
  }
}

const token = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

export async function ask(method, url, body) {
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const said = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(answer.status, said);
  return said;
}
