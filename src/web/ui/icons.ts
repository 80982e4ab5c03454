import { html, svg, type TemplateResult } from "lit";

/** The page's own signs, drawn on a grid of 24. */
const shapes = {
  ok: svg`<path d="m5 12.5 4.5 4.5L19 7.5" />`,
  warn: svg`<path d="M12 4 2.8 20h18.4z" /><path d="M12 10v4.5" /><path d="M12 17.3v.1" />`,
  bad: svg`<path d="m6.5 6.5 11 11" /><path d="m17.5 6.5-11 11" />`,
  unknown: svg`<path d="M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.3" /><path d="M12 18.4v.1" />`,
  machine: svg`<rect x="3" y="4.5" width="18" height="12" rx="2" /><path d="M8.5 20h7" /><path d="M12 16.5V20" />`,
  router: svg`<rect x="3" y="13" width="18" height="7" rx="2" /><path d="M7 16.5v.1" /><path d="M11 16.5v.1" /><path d="M17 13V5" /><path d="M13.5 7.5a5 5 0 0 1 0-5" /><path d="M20.5 7.5a5 5 0 0 0 0-5" />`,
  provider: svg`<path d="M12 9v12" /><path d="m8 21 4-12 4 12" /><path d="M8 12a5.5 5.5 0 0 1 0-7.5" /><path d="M16 12a5.5 5.5 0 0 0 0-7.5" /><path d="M12 8.2v.1" />`,
  internet: svg`<circle cx="12" cy="12" r="9" /><path d="M3 12h18" /><path d="M12 3c2.6 2.6 3.9 5.6 3.9 9s-1.3 6.4-3.9 9c-2.6-2.6-3.9-5.6-3.9-9S9.4 5.6 12 3z" />`,
  play: svg`<path d="M7.5 5v14l11-7z" />`,
  pause: svg`<path d="M8.5 5.5v13" /><path d="M15.5 5.5v13" />`,
  brand: svg`<path d="M12 2.5 4 5.6v5.5c0 5 3.4 9 8 10.4 4.6-1.4 8-5.4 8-10.4V5.6z" /><path d="M7 12.3h2.2l1.8-4 2.4 7 1.5-3H17" />`,
} as const;

export type IconName = keyof typeof shapes;

/** Decoration only: what it means is always said in words beside it. */
export function icon(name: IconName): TemplateResult {
  return html`<svg
    class="icon"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    ${shapes[name]}
  </svg>`;
}
