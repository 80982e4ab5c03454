import type { IncomingMessage } from "node:http";

/** The login form, with a second hidden field that looks like the token, as one firmware has it. */
export function loginPage(token: string): string {
  return `<!DOCTYPE html><html><head><title>Welcome</title></head><body>
<form method="post" action="login.php">
<input type="hidden" name="decoy" value='0000000000000000'>
<input type="hidden" name="token" value='${token}' />
<input type="password" name="password" placeholder="PASSWORD" />
<button type="submit">LOGIN</button></form></body></html>`;
}

/** The page whose script holds the second token. */
export function infoPage(token: string): string {
  return `<!DOCTYPE html><html><head><script>var lang = 'en'; var token='${token}'; start();</script></head></html>`;
}

/** Sends a browser to the login, without a redirect. */
export const refreshPage = `<!DOCTYPE html><html><head><meta charset='UTF-8'>
<meta http-equiv="refresh" content="0;URL='login.php'" /></head></html>`;

/** The fields of a form that was sent. */
export async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
