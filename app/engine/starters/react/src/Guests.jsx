const MOST = 24;

/** How many come: one fewer, one more. */
export function Guests({ count, onChange }) {
  return (
    <div className="guests" role="group" aria-label="Guests">
      <button type="button" aria-label="One fewer" disabled={count === 1} onClick={() => onChange(count - 1)}>
        −
      </button>
      <output>{count === 1 ? "One guest" : `${count} guests`}</output>
      <button type="button" aria-label="One more" disabled={count === MOST} onClick={() => onChange(count + 1)}>
        +
      </button>
    </div>
  );
}
