import { html, LitElement, nothing, type TemplateResult } from "lit";
import type { StateBody } from "../state.ts";
import { sendCommand } from "./api.ts";
import { appStyles } from "./app-styles.ts";
import type { CommandRequest } from "./command.ts";
import { plain, preciseTime } from "./format.ts";
import { icon } from "./icons.ts";
import { connect, type LinkStatus, type LiveEvent } from "./live.ts";
import { hashOf, type PageName, pageOf, pages } from "./route.ts";
import { shared } from "./shared.ts";
import { text } from "./text.ts";
import "./devices/devices.ts";
import "./now/now.ts";

const noticeMs = 8_000;

/** The frame of the page: header, connection, commands, and the page that the route asks for. */
class App extends LitElement {
  static override readonly properties = {
    state: { state: true },
    status: { state: true },
    notice: { state: true },
    now: { state: true },
    page: { state: true },
  };
  declare state: StateBody | undefined;
  declare status: LinkStatus;
  declare notice: string;
  /** The program's clock, not the browser's: they may differ. */
  declare now: number;
  declare page: PageName;

  #heardAt = 0;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  #disconnect: (() => void) | undefined;

  constructor() {
    super();
    this.status = "connecting";
    this.notice = "";
    this.page = pageOf(location.hash);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.#turn);
    this.#ticker = setInterval(() => this.#tick(), 1_000);
    this.#disconnect = connect({
      state: (state) => this.#take(state),
      event: (event) => {
        if (!isEveryday(event)) this.#say(event.text);
      },
      status: (status) => {
        this.status = status;
      },
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.#turn);
    clearInterval(this.#ticker);
    this.#disconnect?.();
  }

  override render(): TemplateResult {
    const { state, status } = this;
    return html`
      <header>
        <div class="bar">
          <h1>${icon("brand")} Netwarden ${state === undefined ? nothing : html`<span class="site">${state.site}</span>`}</h1>
          ${this.#nav()} ${this.#connection()} ${state === undefined ? nothing : this.#commands(state)}
        </div>
      </header>
      ${status === "lost" ? this.#lost() : nothing}
      <main class=${status === "lost" ? "stale" : ""} aria-busy=${state === undefined}>
        ${state === undefined ? html`<p class="waiting">${text.app.connecting}</p>` : this.#page(state)}
      </main>
      <footer>${state === undefined ? nothing : text.app.version(state.version)}</footer>
      <div class="notice" role="status">${this.notice === "" ? nothing : html`<p>${this.notice}</p>`}</div>
    `;
  }

  readonly #turn = () => {
    this.page = pageOf(location.hash);
    window.scrollTo(0, 0);
  };

  #nav(): TemplateResult {
    const link = (page: PageName) =>
      html`<a href=${hashOf(page)} aria-current=${page === this.page ? "page" : nothing}>${text.app.pages[page]}</a>`;
    return html`<nav aria-label=${text.app.pages.label}>${pages.map(link)}</nav>`;
  }

  #page(state: StateBody): TemplateResult {
    const stale = this.status === "lost";
    const command = ({ detail: { name, body, done } }: CustomEvent<CommandRequest>) => this.#command(name, body, done);
    switch (this.page) {
      case "now":
        return html`<nw-now .state=${state} .now=${this.now} ?stale=${stale}></nw-now>`;
      case "devices":
        return html`<nw-devices .state=${state} .now=${this.now} ?stale=${stale} @nw-command=${command}></nw-devices>`;
    }
  }

  #connection(): TemplateResult {
    const words = { live: text.app.live, connecting: text.app.connecting, lost: text.app.reconnecting };
    return html`<p class="link ${this.status}"><span class="dot"></span>${words[this.status]}</p>`;
  }

  #commands({ monitoring }: StateBody): TemplateResult {
    const off = this.status !== "live";
    const test = () => this.#command("run_test", { scope: "all" }, text.app.testStarted);
    const toggle = () =>
      this.#command("monitoring", { on: !monitoring }, monitoring ? text.app.monitoringOff : text.app.monitoringOn);
    return html`<div class="commands">
      <button class="switch" role="switch" aria-checked=${monitoring} ?disabled=${off} @click=${toggle}>
        <span>${text.app.monitoring}</span>
        <span class="track" aria-hidden="true"><span class="thumb"></span></span>
        <span class="word" aria-hidden="true">${monitoring ? text.app.on : text.app.off}</span>
      </button>
      <button class="primary" ?disabled=${off || !monitoring} @click=${test}>${icon("play")} ${text.app.runTest}</button>
    </div>`;
  }

  #lost(): TemplateResult {
    const words = this.state === undefined ? text.app.lostBeforeFirst : text.app.lost(preciseTime(this.state.at));
    return html`<div class="banner" role="alert">${icon("warn")}<p>${words}</p></div>`;
  }

  #take(state: StateBody): void {
    // The program was updated: this page belongs to the one before.
    if (this.state !== undefined && this.state.version !== state.version) location.reload();
    this.state = state;
    this.#heardAt = performance.now();
    this.now = state.at;
    const { verdict } = state.verdict;
    document.title = verdict === undefined || !state.monitoring ? "Netwarden" : `${text.verdicts[verdict]} – Netwarden`;
  }

  /** Time stands still while nobody says how things are. */
  #tick(): void {
    if (this.state !== undefined && this.status === "live")
      this.now = this.state.at + performance.now() - this.#heardAt;
  }

  async #command(name: string, body: object, done: string): Promise<void> {
    try {
      await sendCommand(name, body);
      this.#say(done);
    } catch (error) {
      this.#say(text.app.commandFailed(error instanceof Error ? error.message : String(error)));
    }
  }

  #say(notice: string): void {
    this.notice = plain(notice);
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => {
      this.notice = "";
    }, noticeMs);
  }

  static override readonly styles = [shared, appStyles];
}

/** Devices come and go all day: the page of devices shows it, a notice each time would be a nuisance. */
function isEveryday({ event_type: type }: LiveEvent): boolean {
  return type.startsWith("device_") || type === "poor_signal" || type === "bandwidth_hog";
}

customElements.define("nw-app", App);
