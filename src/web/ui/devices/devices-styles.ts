import { css } from "lit";

/** The look of the page of devices around its table. */
export const pageStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1rem;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 1rem;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6rem 1rem;
    margin-bottom: 0.9rem;
  }
  input[type="search"] {
    flex: 1 1 14rem;
    min-width: 0;
    max-width: 26rem;
  }
  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
  }
  .filters .count {
    color: var(--muted);
    font-weight: 500;
  }
  .filters [aria-pressed="true"] {
    border-color: var(--accent);
    color: var(--accent);
    box-shadow: inset 0 0 0 1px var(--accent);
  }
  .order {
    display: none;
    align-items: center;
    gap: 0.5rem;
    color: var(--muted);
    font-size: 0.9rem;
  }
  .none {
    padding-block: 1.5rem;
  }
  pre {
    margin: 0.9rem 0 0;
    padding: 0.9rem 1rem;
    overflow-x: auto;
    border-radius: 10px;
    background: var(--sunken);
    font-size: 0.85rem;
  }
  @media (max-width: 48rem) {
    :host {
      gap: 0.75rem;
    }
    .order {
      display: flex;
    }
    input[type="search"] {
      max-width: none;
      flex-basis: 100%;
    }
  }
`;
