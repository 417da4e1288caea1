import { amountFor } from "./amounts.js";

/** One supper, and what it takes for so many guests. */
export function Supper({ supper, guests }) {
  return (
    <li className="card">
      <h3>{supper.name}</h3>
      <p className="soft">{supper.minutes} minutes</p>
      <ul className="needs">
        {supper.needs.map(({ what, each, unit }) => (
          <li key={what}>
            <span>{what}</span>
            <span className="amount">{amountFor(guests, each, unit)}</span>
          </li>
        ))}
      </ul>
    </li>
  );
}
