import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { asksForLogin, infoToken, loginToken } from "../../../src/sources/amplifi/pages.ts";

const token = "AbCdEfGhIjKlMn09";

describe("the token of the login form", () => {
  for (const [what, html, expected] of [
    ["single quotes", `<input type="hidden" name="token" value='${token}' />`, token],
    ["double quotes", `<INPUT NAME="token" VALUE="${token}">`, token],
    ["no quotes", `<input name=token value=${token}>`, token],
    ["the value before the name", `<input value='${token}' type=hidden name='token'>`, token],
    ["a line break within", `<input\n name="token"\n value="${token}">`, token],
    [
      "another hidden field before it",
      `<input name="other" value='ZZZZZZZZZZZZZZZZ'><input name='token' value='${token}'>`,
      token,
    ],
    ["another field alone", `<input name="other" value='${token}'>`, undefined],
    ["a name that only ends so", `<input name="csrf-token" value='${token}'>`, undefined],
    ["a data attribute of that name", `<input data-name="token" value='${token}'>`, undefined],
    ["a value with markup", `<input name="token" value='"><script>'>`, undefined],
    ["nothing", "", undefined],
  ] as const)
    it(`is found with ${what}: ${expected !== undefined}`, () => assert.equal(loginToken(html), expected));
});

describe("the token of the page info.php", () => {
  for (const [html, expected] of [
    [`<script>var token='${token}';</script>`, token],
    [`<script>x=1;token="${token}";</script>`, token],
    [`<script>token = '${token}'</script>`, token],
    [`<script>var csrf_token='${token}';</script>`, undefined],
    [`<script>token='';</script>`, undefined],
    [`<script>token='${token}</script>`, undefined],
  ] as const)
    it(`in ${html} is ${expected}`, () => assert.equal(infoToken(html), expected));
});

describe("an answer", () => {
  const page = (changes: Partial<Parameters<typeof asksForLogin>[0]>) =>
    asksForLogin({ status: 200, location: undefined, text: "", ...changes });
  const form = `<form><input name="token" value="${token}"><input type="password" name="password"></form>`;

  for (const [what, changes] of [
    ["a redirect to the login", { status: 302, location: "/login.php" }],
    ["a redirect to the whole address", { status: 303, location: "http://192.168.1.1/login.php?from=info" }],
    ["a page that refreshes to it", { text: `<meta http-equiv="refresh" content="0;URL='login.php'" />` }],
    ["a page that refreshes to it in other words", { text: "<META content='0; url=/login.php' HTTP-EQUIV='Refresh'>" }],
    ["the form", { text: form }],
    ["401", { status: 401 }],
    ["403", { status: 403 }],
  ] as const)
    it(`asks for a login by ${what}`, () => assert.equal(page(changes), true));

  for (const [what, changes] of [
    ["a redirect elsewhere", { status: 302, location: "/index.php" }],
    ["a redirect to another page that ends so", { status: 302, location: "/nologin.php" }],
    ["a page that refreshes elsewhere", { text: `<meta http-equiv="refresh" content="0;URL='index.php'">` }],
    ["a page that names the login", { text: `<a href="login.php">log out</a>` }],
    ["a list", { text: "[]" }],
    ["an error", { status: 500, text: form }],
  ] as const)
    it(`does not ask for a login by ${what}`, () => assert.equal(page(changes), false));
});

it("pages made to be slow to search are not", () => {
  const nasty = ["<input ", "<meta http-equiv=refresh ", "token=", "token     ", `<input name="`, " a= a= a="];
  const part = fc.constantFrom(...nasty);
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
      const text = parts.join("").repeat(Math.ceil(1_048_576 / parts.join("").length));
      const before = performance.now();
      loginToken(text);
      infoToken(text);
      asksForLogin({ status: 200, location: undefined, text });
      assert.ok(performance.now() - before < 20_000);
    }),
    { numRuns: 12 },
  );
});
