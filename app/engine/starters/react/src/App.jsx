import { useState } from "react";

import { Guests } from "./Guests.jsx";
import { Supper } from "./Supper.jsx";
import { suppers } from "./suppers.js";

export function App({ name }) {
  const [guests, setGuests] = useState(4);

  return (
    <>
      <header className="top">
        <a className="brand" href="/">
          <img src="/mark.svg" alt="" width="28" height="28" />
          {name}
        </a>
      </header>

      <main id="content">
        <section className="hero">
          <h1>Supper for as many as come</h1>
          <p className="lead">Say how many you are, and every list below counts with you.</p>
          <Guests count={guests} onChange={setGuests} />
        </section>

        <section aria-labelledby="suppers-title">
          <h2 id="suppers-title">Three suppers</h2>
          <ul className="cards">
            {suppers.map((supper) => (
              <Supper key={supper.name} supper={supper} guests={guests} />
            ))}
          </ul>
        </section>
      </main>

      <footer className="bottom">
        <p>© {name}</p>
      </footer>
    </>
  );
}
