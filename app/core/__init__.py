"""The kit below every feature: database, jobs, ledger, events, states, errors, clock, paging, secrets."""
