/** The page's look, in light, in dark and on paper. */
export const analysisStyles = `
:root { color-scheme: light dark; --text: #1d2329; --soft: #5b6670; --line: #d4dae0; --page: #ffffff; --up: #4f9d69; --down: #c43d3d; --none: #b9c0c7;
  --heat0: #eef6f0; --heat1: #fbe0c8; --heat2: #f5b98a; --heat3: #e5824f; --heat4: #c43d3d }
@media (prefers-color-scheme: dark) { :root { --text: #e6eaee; --soft: #9aa6b1; --line: #38424c; --page: #14191e; --up: #3f8757; --down: #e05b5b; --none: #4b5660;
  --heat0: #1c2a21; --heat1: #4a3322; --heat2: #74451f; --heat3: #a4552a; --heat4: #c94a4a } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1.5rem; max-width: 70rem; font: 15px/1.45 system-ui, sans-serif; color: var(--text); background: var(--page) }
h1 { font-size: 1.5rem; margin: 0 0 .25rem } h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem } p { margin: .25rem 0 }
.lead { font-size: 1.1rem; font-weight: 600; margin: .75rem 0 }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .87rem } th, td { text-align: left; padding: .25rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top }
th { color: var(--soft); font-weight: 600 } td { font-variant-numeric: tabular-nums }
.week { width: auto; table-layout: fixed } .week th, .week td { padding: .2rem; min-width: 1.9rem; text-align: center; border: 1px solid var(--page) }
td.none { background: repeating-linear-gradient(45deg, var(--none) 0 2px, transparent 2px 6px) }
.heat0 { background: var(--heat0) } .heat1 { background: var(--heat1) } .heat2 { background: var(--heat2) } .heat3 { background: var(--heat3) } .heat4 { background: var(--heat4); color: #fff }
svg { display: block; width: 100% } .strip { height: 48px } .chart { height: 180px; border-bottom: 1px solid var(--line) }
rect.up { fill: var(--up) } rect.down { fill: var(--down) } rect.none { fill: var(--none) }
polyline { fill: none; vector-effect: non-scaling-stroke } .mean { stroke: var(--up); stroke-width: 2 } .most { stroke: var(--soft); stroke-width: .7 }
.axis { display: flex; justify-content: space-between; color: var(--soft); font-size: .8rem }
@media print { :root { color-scheme: light; --page: #fff; --text: #000 } body { padding: 0; max-width: none; font-size: 11px } section { break-inside: avoid-page } section:last-of-type, section:has(tbody tr:nth-child(30)) { break-inside: auto }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact } .wide { overflow: visible } thead { display: table-header-group } tr { break-inside: avoid } }
`;
