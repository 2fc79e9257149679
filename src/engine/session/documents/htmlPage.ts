/** A page that stands alone: no network, no scripts, and a policy that allows neither. */
import { html, type Html, rawHtml } from './html.ts'
import { pageStyle } from './pageStyle.ts'

/** Styles stand in the page itself; nothing else may be loaded or run, whatever a captured value says. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

export function htmlPage(title: string, body: Html): string {
  return `<!doctype html>\n${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${rawHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${rawHtml(pageStyle)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.text}`
}
