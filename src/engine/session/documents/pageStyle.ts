/** The look of pages that stand alone: the product's tokens, light and dark as the reader's system has it, and on paper. */

const light = `--app:#f1f3f6;--panel:#f8f9fb;--content:#fff;--sunken:#eef0f4;--line:#e2e6eb;--line-2:#c8ced7;--text:#151a21;--text-2:#434d5b;--text-3:#5d6776;--accent:#0a6a7c;--accent-tint:#e0f0f3;--ok:#3d7660;--ok-fill:#659581;--run:#1d62c4;--run-fill:#4f87dd;--wait-fill:#b57f17;--sub-fill:#828ea0;--err:#b92c1a;--err-fill:#dd5a45;--err-tint:#fdeeeb;--unk-fill:#a17fae;--warn-tint:#fdf3dc;--warn:#885500;--entity:#fff1c2;--entity-line:#a97b0c;--entity-text:#4a3500;--activity:#e3ecfb;--activity-line:#4b74c2;--activity-text:#15294d;--grid:#eceff3;--area:#dfe5ec;--bar-2:#717e8f`
const dark = `--app:#0e1114;--panel:#13171b;--content:#171b20;--sunken:#0f1317;--line:#262c34;--line-2:#3a434e;--text:#e5e9ee;--text-2:#b0b8c3;--text-3:#8d97a4;--accent:#52bccb;--accent-tint:#122f36;--ok:#82bda3;--ok-fill:#5a8c76;--run:#76acf6;--run-fill:#3f7ad2;--wait-fill:#b98322;--sub-fill:#6a7687;--err:#f4806f;--err-fill:#d9523f;--err-tint:#351a17;--unk-fill:#94709f;--warn-tint:#33280f;--warn:#e0ab45;--entity:#3a3012;--entity-line:#c79a34;--entity-text:#f6e3ac;--activity:#1b2a45;--activity-line:#6c93df;--activity-text:#d5e2fb;--grid:#20262d;--area:#28313a;--bar-2:#7a8899`

export const pageStyle = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0;background:var(--app);color:var(--text);font:420 13px/20px "Inter Variable",Inter,system-ui,"Segoe UI",sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1120px;margin:0 auto;padding:32px 24px 48px}
header{margin-bottom:24px}
h1{font-size:20px;line-height:28px;font-weight:620;margin:0;overflow-wrap:anywhere}
h2{font-size:15px;line-height:20px;font-weight:620;margin:0 0 12px}
h3{font-size:13px;line-height:20px;font-weight:620;margin:16px 0 8px}
p{margin:0 0 8px}
a{color:var(--accent)}
code,.mono{font-family:"JetBrains Mono Variable","JetBrains Mono",ui-monospace,"DejaVu Sans Mono",monospace;font-size:12px;overflow-wrap:inherit}
section{background:var(--content);border:1px solid var(--line);border-radius:6px;padding:16px 20px;margin-bottom:16px}
.sub{color:var(--text-3);font-size:12px;line-height:16px}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(148px,1fr));gap:12px 20px;margin:0}
.facts div{min-width:0}
dt{color:var(--text-3);font-size:11px;line-height:16px}
dd{margin:0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.facts dd{font-size:15px;font-weight:520}
.facts dd.small{font-size:13px;font-weight:420}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{color:var(--text-3);font-size:11px;line-height:16px;font-weight:520;text-align:left;white-space:nowrap;padding:4px 12px 4px 0;border-bottom:1px solid var(--line-2);vertical-align:bottom}
td{padding:4px 12px 4px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:break-word}
td.long{min-width:280px;overflow-wrap:anywhere}
tr:last-child td{border-bottom:0}
th.n,td.n{text-align:right;white-space:nowrap}
.note{color:var(--text-2);font-size:12px;line-height:16px;margin:8px 0 0}
.warn{background:var(--warn-tint);border-radius:4px;padding:8px 12px;margin:0 0 16px}
.warn p:last-child{margin:0}
.err{color:var(--err)}
.strip{display:flex;height:10px;border-radius:4px;overflow:hidden;margin:0 0 8px;gap:1px}
.strip span{min-width:2px;background:var(--unk-fill)}
.status{white-space:nowrap}
.status::before{content:"";display:inline-block;width:8px;height:8px;border-radius:2px;margin-right:6px;background:var(--unk-fill)}
.status.FINISHED::before,.strip .FINISHED{background:var(--ok-fill)}.status.ERROR::before,.strip .ERROR{background:var(--err-fill)}.status.RUNNING::before,.strip .RUNNING{background:var(--run-fill)}.status.WAITING::before,.strip .WAITING{background:var(--wait-fill)}.status.SUBMITTED::before,.strip .SUBMITTED{background:var(--sub-fill)}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;list-style:none;margin:0;padding:0}
details{margin:0}
summary{cursor:pointer;padding:2px 0}
summary:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
.tree,.tree ul{list-style:none;margin:0;padding-left:20px}
.tree{padding-left:0}
.tree .count{color:var(--text-3);font-size:12px;margin-left:8px}
.tree li.leaf{padding:2px 0 2px 14px}
svg{display:block;max-width:100%;height:auto}
svg text{font:11px "Inter Variable",Inter,system-ui,sans-serif;fill:var(--text-2)}
svg text.dim{fill:var(--text-3)}
svg .rule{stroke:var(--grid)}
svg .area{fill:var(--area);stroke:var(--bar-2);stroke-width:.75}
svg .line{fill:none;stroke:var(--accent);stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}
.b-FINISHED{fill:var(--ok-fill)}.b-ERROR{fill:var(--err-fill)}.b-RUNNING{fill:var(--run-fill)}.b-WAITING{fill:var(--wait-fill)}.b-SUBMITTED{fill:var(--sub-fill)}.b-UNKNOWN,.b-END_NOT_SEEN{fill:var(--unk-fill)}
.edge{fill:none;stroke:var(--bar-2)}.edge.inferred{stroke-dasharray:4 3}
.node rect{fill:var(--activity);stroke:var(--activity-line)}.node text{fill:var(--activity-text)}.node text.dim{fill:var(--activity-text);opacity:.8}
.node.entity rect{fill:var(--entity);stroke:var(--entity-line)}.node.entity text{fill:var(--entity-text)}
.node.focus rect{stroke-width:2.5}
pre{font-family:"JetBrains Mono Variable",ui-monospace,"DejaVu Sans Mono",monospace;font-size:12px;line-height:16px;white-space:pre-wrap;overflow-wrap:anywhere;margin:4px 0;background:var(--sunken);border-radius:4px;padding:8px 12px;max-height:320px;overflow:auto}
@media (max-width:600px){main{padding:16px 12px}section{padding:12px}}
@media print{
:root{color-scheme:light;${light}}
body{background:#fff;font-size:11px;line-height:16px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
main{max-width:none;padding:0}
section{border:0;border-top:1px solid var(--line-2);border-radius:0;padding:12px 0 0;break-inside:auto}
h2,h3{break-after:avoid}
tr,svg,.facts div{break-inside:avoid}
pre{max-height:none}
}
@page{margin:16mm 14mm}
`
