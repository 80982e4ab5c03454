import { css } from "lit";

/** What the parts of the page of devices share. */
export const deviceStyles = css`
  .presence {
    display: inline-flex;
    align-items: center;
    gap: 0.45em;
    white-space: nowrap;
  }
  .presence .dot {
    width: 0.6em;
    height: 0.6em;
    flex: none;
    border: 2px solid var(--unknown);
    border-radius: 50%;
  }
  .presence.online {
    color: var(--ok);
    font-weight: 600;
  }
  .presence.online .dot {
    border-color: var(--ok);
    background: var(--ok);
  }
  .presence.home .dot {
    border-color: var(--warn);
  }
  .presence.unknown {
    color: var(--unknown);
  }
  .presence.unknown .dot {
    border-style: dotted;
  }
  .badge {
    padding: 0.02rem 0.5rem;
    border-radius: 999px;
    background: var(--warn-soft);
    color: var(--warn);
    font-size: 0.78rem;
    font-weight: 650;
  }
  .strip {
    display: block;
    width: 8rem;
    height: 1.1rem;
    overflow: visible;
  }
  .strip .ground,
  .strip .ticks {
    fill: none;
    stroke: var(--line);
    stroke-width: 1;
  }
  .strip .active {
    fill: var(--accent);
  }
  .button {
    min-height: 2.25rem;
    padding: 0.3rem 0.9rem;
    border: 1px solid var(--line);
    border-radius: 9px;
    background: var(--sunken);
    font-weight: 600;
  }
  .button:hover:enabled {
    border-color: var(--muted);
  }
  .button.main {
    border-color: transparent;
    background: var(--accent);
    color: var(--on-accent);
  }
  .button:disabled {
    cursor: default;
    opacity: 0.55;
  }
  input,
  select {
    min-height: 2.4rem;
    padding: 0.3rem 0.7rem;
    border: 1px solid var(--muted);
    border-radius: 9px;
    background: var(--surface);
    color: inherit;
    font: inherit;
  }
`;
