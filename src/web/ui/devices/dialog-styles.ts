import { css } from "lit";

/** The look of one device's dialog. */
export const dialogStyles = css`
  dialog {
    width: min(46rem, calc(100vw - 1.5rem));
    max-height: calc(100dvh - 2rem);
    padding: 1.25rem;
    overflow-y: auto;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    color: var(--text);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 45%);
  }
  header {
    display: flex;
    align-items: start;
    justify-content: space-between;
    gap: 1rem;
  }
  h2 {
    margin: 0;
    font-size: 1.35rem;
    overflow-wrap: anywhere;
  }
  h3 {
    margin: 1.4rem 0 0.4rem;
    font-size: 0.9rem;
  }
  .close {
    display: grid;
    place-items: center;
    width: 2.25rem;
    height: 2.25rem;
    flex: none;
    border: 0;
    border-radius: 9px;
    background: var(--sunken);
  }
  .summary {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.2rem 0.75rem;
    margin-top: 0.3rem;
  }
  form {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0.6rem;
    margin-top: 1rem;
    padding: 0.9rem;
    border-radius: 12px;
    background: var(--sunken);
  }
  form .button:not(.main) {
    background: var(--surface);
  }
  label {
    display: grid;
    flex: 1 1 12rem;
    min-width: 0;
  }
  input {
    width: 100%;
    min-width: 0;
  }
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr));
    gap: 0.8rem 1.25rem;
  }
  dl > div {
    min-width: 0;
  }
  dt {
    color: var(--muted);
    font-size: 0.8rem;
  }
  dd {
    overflow-wrap: anywhere;
  }
  .days {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(14.5rem, 1fr));
    gap: 0.35rem 1.25rem;
    margin-top: 0.5rem;
  }
  .days li {
    display: flex;
    align-items: center;
    gap: 0.75rem;
  }
  .events li {
    padding-block: 0.25rem;
    overflow-wrap: anywhere;
  }
`;
