import type { IspImpact } from "./analysis.ts";
import { type CsvRow, cellText } from "./csv-scan.ts";
import { shareCell } from "./netlog-cells.ts";
import type { NetlogColumns } from "./netlog-columns.ts";

/** Collects what the rows tell of the provider's hops. */
export interface IspCollector {
  add(row: CsvRow, columns: NetlogColumns, isOutage: boolean): void;
  /** `undefined`: no row tells of any. */
  impact(): IspImpact | undefined;
}

interface HopRows {
  readonly address: string;
  okRows: number;
  downRows: number;
  downRowsInOutages: number;
}

const mostHops = 64;

export function createIspCollector(): IspCollector {
  const sums = { rows: 0, partialRows: 0, downRows: 0, outageRows: 0, partialOutageRows: 0, downOutageRows: 0 };
  const hops = new Map<string, HopRows>();
  // Most rows repeat the one before: then nothing is read anew.
  const shareBefore = createSameCell();
  const detailBefore = createSameCell();
  let share: ReturnType<typeof shareCell>;
  let last: readonly { readonly hop: HopRows; readonly up: boolean }[] = [];

  const read = (text: string) =>
    text.split(";").flatMap((part) => {
      const colon = part.lastIndexOf(":");
      const address = part.slice(0, colon).trim();
      if (colon < 1 || !/^[0-9A-Za-z.:-]{1,60}$/.test(address)) return [];
      const hop = hops.get(address) ?? { address, okRows: 0, downRows: 0, downRowsInOutages: 0 };
      if (!hops.has(address) && hops.size >= mostHops) return [];
      hops.set(address, hop);
      return [{ hop, up: part.slice(colon + 1).trim() === "ok" }];
    });

  return {
    add: (row, columns, isOutage) => {
      if (!shareBefore(row, columns.isp)) share = shareCell(row, columns.isp);
      if (share !== undefined && share.of > 0) {
        const isDown = share.up === 0;
        const isPartial = !isDown && share.up < share.of;
        sums.rows += 1;
        if (isDown) sums.downRows += 1;
        if (isPartial) sums.partialRows += 1;
        if (isOutage) {
          sums.outageRows += 1;
          if (isDown) sums.downOutageRows += 1;
          if (isPartial) sums.partialOutageRows += 1;
        }
      }
      if (!detailBefore(row, columns.ispDetail)) last = read(cellText(row, columns.ispDetail));
      for (const { hop, up } of last) {
        if (up) hop.okRows += 1;
        else {
          hop.downRows += 1;
          if (isOutage) hop.downRowsInOutages += 1;
        }
      }
    },
    impact: () => (sums.rows === 0 && hops.size === 0 ? undefined : { ...sums, hops: [...hops.values()] }),
  };
}

/** Tells whether a cell holds the same as it did when asked the last time; before the first time it held nothing. */
function createSameCell(): (row: CsvRow, index: number) => boolean {
  let before = new Uint8Array(0);
  return ({ bytes, starts, ends, cells }, index) => {
    const begin = index < 0 || index >= cells ? 0 : (starts[index] ?? 0);
    const end = index < 0 || index >= cells ? 0 : (ends[index] ?? 0);
    let same = end - begin === before.length;
    for (let at = 0; same && at < before.length; at += 1) same = bytes[begin + at] === before[at];
    if (!same) before = new Uint8Array(bytes.subarray(begin, end));
    return same;
  };
}
