import { localDay, localTime, type Timestamp } from "../lib/clock.ts";
import { oneLine } from "../lib/one-line.ts";
import type { ActivityCells, DeviceView } from "../model/devices/view.ts";
import { fitText, textWidth } from "./text-width.ts";

interface Column {
  readonly title: string;
  readonly text: (device: DeviceView) => string;
  /** May be cut down to this. */
  readonly least?: number;
  /** Left out on a narrow terminal, the highest first; absent: never. */
  readonly leftOut?: number;
}

const gap = 2;
const columns: readonly Column[] = [
  { title: "Name", text: ({ name }) => oneLine(name), least: 12 },
  { title: "MAC", text: ({ mac }) => mac },
  { title: "IP", text: ({ ip, ipv6 }) => ip ?? ipv6[0] ?? "", leftOut: 2 },
  { title: "Now", text: ({ connected }) => (connected === undefined ? "?" : connected ? "here" : "-"), leftOut: 3 },
  { title: "Where", text: placeText, least: 10, leftOut: 5 },
  { title: "First seen", text: ({ firstSeen }) => timeText(firstSeen), leftOut: 6 },
  { title: "Last seen", text: ({ lastSeen }) => timeText(lastSeen), leftOut: 4 },
  { title: "0h    6h    12h   18h", text: ({ activity }) => activityText(activity), leftOut: 1 },
];

/** Who is and was on the network, as a table of this many columns at most; without `width` nothing is cut. */
export function devicesText(devices: readonly DeviceView[], width?: number): string {
  const rows = [...devices].sort(hereFirst);
  const shown = fitting(
    columns.map((column) => ({ column, width: widthOf(column, rows) })),
    width,
  );
  const line = (textOf: (column: Column) => string) =>
    shown.map(({ column, width: own }) => fitText(textOf(column), own)).join(" ".repeat(gap));
  const here = devices.filter(({ connected }) => connected === true).length;
  const lines = [line(({ title }) => title), ...rows.map((device) => line(({ text }) => text(device)))];
  return `${lines.map((text) => text.trimEnd()).join("\n")}\n\n${devices.length} devices, ${here} connected\n`;
}

/** Today's 24 hours: `.` no evidence, `1` to `9` six-minute slots with some, `*` all ten. */
export function activityText(cells: ActivityCells): string {
  return Array.from({ length: 24 }, (_, hour) => {
    const slots = slotCount(cells[hour] ?? 0);
    return slots === 0 ? "." : slots === 10 ? "*" : String(slots);
  }).join("");
}

interface Shown {
  readonly column: Column;
  readonly width: number;
}

/** Leaves out columns until the rest can be cut down to `width`, then gives what is left to the columns that were cut. */
function fitting(wanted: readonly Shown[], width = Number.POSITIVE_INFINITY): readonly Shown[] {
  if (total(wanted) <= width) return wanted;
  const least = wanted.map(({ column, width: ideal }) => ({ column, width: Math.min(ideal, column.least ?? ideal) }));
  if (total(least) > width) {
    const first = Math.max(...wanted.map(({ column }) => column.leftOut ?? 0));
    const fewer = wanted.filter(({ column }) => (column.leftOut ?? 0) !== first);
    return first === 0 ? least : fitting(fewer, width);
  }
  let spare = width - total(least);
  return least.map((shown, index) => {
    const more = Math.min(spare, (wanted[index]?.width ?? 0) - shown.width);
    spare -= more;
    return { ...shown, width: shown.width + more };
  });
}

function total(shown: readonly Shown[]): number {
  return shown.reduce((sum, { width }) => sum + width + gap, -gap);
}

function widthOf({ title, text }: Column, devices: readonly DeviceView[]): number {
  return devices.reduce((width, device) => Math.max(width, textWidth(text(device))), textWidth(title));
}

function hereFirst(a: DeviceView, b: DeviceView): number {
  return Number(b.connected === true) - Number(a.connected === true) || a.name.localeCompare(b.name, "en");
}

function placeText({ place }: DeviceView): string {
  if (place === undefined) return "";
  const { accessPoint, router, band, link } = place;
  const where = accessPoint === router ? router : `${router} / ${accessPoint}`;
  const how = band === undefined ? (link === "wired" ? "wired" : "") : `${band} GHz`;
  return oneLine(how === "" ? where : `${where}, ${how}`);
}

function timeText(at: Timestamp): string {
  return at === 0 ? "never" : `${localDay(at)} ${localTime(at).slice(0, 5)}`;
}

function slotCount(bits: number): number {
  return [...(bits & 0x3ff).toString(2)].filter((bit) => bit === "1").length;
}
