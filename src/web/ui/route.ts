export const pages = ["now", "devices"] as const;
export type PageName = (typeof pages)[number];

/** The page that the address asks for: what follows `#/`. */
export function pageOf(hash: string): PageName {
  return hash.replace(/^#\/?/, "") === "devices" ? "devices" : "now";
}

/** Where a page lies, relative to wherever a proxy puts us. */
export function hashOf(page: PageName): string {
  return page === "now" ? "#/" : `#/${page}`;
}
