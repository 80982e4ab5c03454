import { css } from "lit";

/** A table where there is room; below, each device is a block of its own with what matters most. */
export const tableStyles = css`
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 0.45rem 0.5rem;
    border-top: 1px solid var(--line);
    text-align: start;
    vertical-align: middle;
  }
  th:first-child {
    padding-inline-start: 0;
  }
  td:last-child,
  th:last-child {
    padding-inline-end: 0;
  }
  thead th {
    border-top: 0;
    color: var(--muted);
    font-size: 0.8rem;
    font-weight: 500;
    white-space: nowrap;
  }
  thead button {
    padding: 0.15rem 0.3rem;
    margin-inline-start: -0.3rem;
    border: 0;
    border-radius: 6px;
    background: none;
    font-weight: 500;
  }
  .arrow {
    display: inline-block;
    width: 1em;
  }
  tbody th {
    min-width: 9rem;
    font-weight: 600;
  }
  tbody td {
    font-size: 0.92rem;
  }
  .name,
  .place {
    overflow-wrap: anywhere;
  }
  .open {
    padding: 0;
    border: 0;
    background: none;
    font-weight: 600;
    text-align: start;
    text-decoration: underline;
    text-decoration-color: var(--line);
    text-underline-offset: 0.2em;
    overflow-wrap: anywhere;
  }
  .open:hover {
    color: var(--accent);
    text-decoration-color: currentColor;
  }
  .second {
    display: block;
    color: var(--muted);
    font-size: 0.82rem;
    font-weight: 400;
  }
  .past {
    color: var(--muted);
  }
  .signal,
  .traffic {
    text-align: end;
  }
  .signal button {
    margin-inline-end: -0.3rem;
  }
  .flow {
    display: block;
    font-size: 0.85rem;
  }
  .more {
    width: 100%;
    margin-top: 0.75rem;
  }
  @media (max-width: 80rem) {
    .mac {
      display: none;
    }
  }
  @media (max-width: 64rem) {
    .traffic,
    .signal {
      display: none;
    }
  }
  @media (max-width: 48rem) {
    thead {
      display: none;
    }
    table,
    tbody {
      display: block;
    }
    tbody tr {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 0.2rem 0.75rem;
      padding-block: 0.7rem;
      border-top: 1px solid var(--line);
    }
    tbody tr:first-child {
      border-top: 0;
      padding-top: 0;
    }
    tbody th,
    tbody td {
      min-width: 0;
      padding: 0;
      border: 0;
    }
    tbody .status,
    tbody .seen,
    tbody .ip {
      justify-self: end;
    }
    tbody .seen {
      color: var(--muted);
      font-size: 0.85rem;
    }
    tbody .activity {
      order: 1;
    }
    tbody .seen {
      order: 2;
    }
  }
`;
