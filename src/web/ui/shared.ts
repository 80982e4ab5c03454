import { css } from "lit";

/** The look that all parts share: a shadow root does not see the document's rules, only its custom properties. */
export const shared = css`
  *,
  *::before {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  h2 {
    margin: 0 0 0.75rem;
    font-size: 0.95rem;
    font-weight: 650;
    letter-spacing: 0.005em;
  }
  p,
  ul,
  ol,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  .card {
    height: 100%;
    padding: 1.15rem 1.25rem 1.25rem;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
  }
  .icon {
    width: 1.15em;
    height: 1.15em;
    flex: none;
  }
  .ok {
    --tone: var(--ok);
    --soft: var(--ok-soft);
  }
  .warn {
    --tone: var(--warn);
    --soft: var(--warn-soft);
  }
  .bad {
    --tone: var(--bad);
    --soft: var(--bad-soft);
  }
  .unknown {
    --tone: var(--unknown);
    --soft: var(--unknown-soft);
  }
  .mark {
    display: inline-flex;
    align-items: center;
    gap: 0.35em;
    color: var(--tone);
    font-weight: 600;
  }
  .muted {
    color: var(--muted);
  }
  .small {
    font-size: 0.85rem;
  }
  .number {
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button {
    font: inherit;
    color: inherit;
    cursor: pointer;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
`;
