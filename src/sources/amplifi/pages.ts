/** What an answer of the router's web pages is judged by. */
export interface Page {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
}

/**
 * The hidden field `token` of the login form. 16 characters wherever it was seen; other hidden fields look the same, so that its
 * name counts. `undefined`: the page has no such form.
 */
export function loginToken(html: string): string | undefined {
  for (const [input] of html.matchAll(inputTag)) {
    if (attribute(input, "name") === "token") return asToken(attribute(input, "value"));
  }
  return undefined;
}

/** The token that a script of `info.php` carries as `token='…'` or `var token="…"`; `undefined`: there is none. */
export function infoToken(html: string): string | undefined {
  return /(?<![\w-])token\s{0,5}=\s{0,5}["']([A-Za-z0-9]{8,64})["']/.exec(html)?.[1];
}

/**
 * The three ways in which the router says that nobody is logged in: a redirect to the login page, a page that refreshes to it,
 * or the form itself.
 */
export function asksForLogin({ status, location, text }: Page): boolean {
  if (status === 401 || status === 403) return true;
  if (status >= 300 && status < 400) return /(^|\/)login\.php([?#]|$)/.test(location ?? "");
  return status === 200 && (refreshesToLogin(text) || isLoginForm(text));
}

/** Each repetition is bounded: a page made to be slow to search is not. */
const inputTag = /<input\b[^<>]{0,500}>/gi;
const metaTag = /<meta\b[^<>]{0,500}>/gi;

function refreshesToLogin(html: string): boolean {
  return Array.from(html.matchAll(metaTag)).some(
    ([meta]) =>
      attribute(meta, "http-equiv")?.toLowerCase() === "refresh" &&
      /\blogin\.php/.test(attribute(meta, "content") ?? ""),
  );
}

function isLoginForm(html: string): boolean {
  const names = Array.from(html.matchAll(inputTag), ([input]) => attribute(input, "name"));
  return names.includes("token") && names.includes("password");
}

function attribute(tag: string, name: string): string | undefined {
  for (const [, key = "", double, single, bare] of tag.matchAll(attributes)) {
    if (key.toLowerCase() === name) return double ?? single ?? bare;
  }
  return undefined;
}

const attributes = /\s([a-z-]{1,40})\s{0,5}=\s{0,5}(?:"([^"]{0,200})"|'([^']{0,200})'|([^\s"'>]{1,200}))/gi;

function asToken(value: string | undefined): string | undefined {
  return value !== undefined && /^[A-Za-z0-9]{8,64}$/.test(value) ? value : undefined;
}
