import { css } from "lit";

/** The look of the frame. */
export const appStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 100vh;
  }
  header {
    background: var(--surface);
    border-bottom: 1px solid var(--line);
  }
  .bar,
  main,
  footer {
    width: 100%;
    max-width: 90rem;
    margin-inline: auto;
    padding-inline: clamp(0.75rem, 2.5vw, 2rem);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem 1rem;
    padding-block: 0.7rem;
  }
  h1 {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    margin: 0;
    font-size: 1.1rem;
    font-weight: 700;
  }
  h1 .icon {
    width: 1.6em;
    height: 1.6em;
    color: var(--accent);
  }
  .site {
    padding: 0.05rem 0.6rem;
    border-radius: 999px;
    background: var(--sunken);
    color: var(--muted);
    font-size: 0.8rem;
    font-weight: 500;
  }
  nav {
    display: flex;
    gap: 0.25rem;
  }
  nav a {
    padding: 0.3rem 0.8rem;
    border-radius: 9px;
    color: var(--muted);
    font-weight: 600;
    text-decoration: none;
  }
  nav a:hover {
    color: var(--text);
  }
  nav [aria-current="page"] {
    background: var(--sunken);
    color: var(--text);
  }
  .link {
    display: inline-flex;
    align-items: center;
    gap: 0.45rem;
    color: var(--muted);
    font-size: 0.85rem;
  }
  .dot {
    width: 8px;
    height: 8px;
    border: 2px solid var(--unknown);
    border-radius: 50%;
  }
  .live .dot {
    border-color: var(--ok);
    background: var(--ok);
  }
  .commands {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    margin-inline-start: auto;
  }
  button {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
    min-height: 2.5rem;
    padding: 0.35rem 1rem;
    border: 1px solid transparent;
    border-radius: 10px;
    background: none;
    font-weight: 600;
  }
  .primary {
    background: var(--accent);
    color: var(--on-accent);
  }
  .primary:hover:enabled {
    filter: brightness(1.08);
  }
  .switch {
    padding-inline: 0.5rem;
    font-weight: 500;
  }
  button:disabled {
    cursor: default;
    opacity: 0.55;
  }
  .track {
    display: inline-block;
    width: 2.3rem;
    height: 1.3rem;
    padding: 2px;
    border: 2px solid var(--muted);
    border-radius: 999px;
  }
  .thumb {
    display: block;
    width: 0.75rem;
    height: 0.75rem;
    border-radius: 50%;
    background: var(--muted);
    transition: transform 0.15s;
  }
  [aria-checked="true"] .track {
    border-color: var(--accent);
    background: var(--accent);
  }
  [aria-checked="true"] .thumb {
    background: var(--on-accent);
    transform: translateX(0.95rem);
  }
  .word {
    min-width: 1.8em;
    color: var(--muted);
    text-align: start;
  }
  .banner {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.6rem;
    padding: 0.6rem 1rem;
    background: var(--warn-soft);
    border-bottom: 1px solid var(--line);
    color: var(--warn);
    font-weight: 600;
  }
  main {
    flex: 1;
    padding-block: clamp(0.75rem, 2vw, 1.5rem);
  }
  .stale {
    filter: grayscale(1);
    opacity: 0.92;
  }
  .waiting {
    padding: 4rem 0;
    color: var(--muted);
    text-align: center;
  }
  footer {
    padding-block: 0.25rem 1.25rem;
    color: var(--muted);
    font-size: 0.8rem;
  }
  .notice {
    position: fixed;
    inset: auto 0 1rem;
    display: grid;
    place-items: center;
    pointer-events: none;
  }
  .notice p {
    max-width: min(90vw, 40rem);
    padding: 0.7rem 1.1rem;
    border-radius: 12px;
    background: var(--text);
    color: var(--bg);
    box-shadow: var(--shadow);
  }
  @media (max-width: 40rem) {
    .commands {
      width: 100%;
      justify-content: space-between;
    }
    .link {
      margin-inline-start: auto;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .thumb {
      transition: none;
    }
  }
`;
