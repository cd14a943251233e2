import type { Done } from './step'

/** The tour as one page: each step with its pictures, what was sent, the host's own answer and its time. */
export function tourPage(done: readonly Done[], about: string): string {
  const held = done.filter(({ failure }) => failure === null).length
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Wharfmaster: the tour</title>
<style>
  :root { color-scheme: light dark; --line: #8884; --quiet: #888; --accent: #0f7480 }
  body { font: 15px/1.55 Inter, system-ui, sans-serif; max-width: 1120px; margin: 3rem auto; padding: 0 1.5rem }
  h1 { font-size: 1.7rem; margin: 0 }
  h2 { font-size: 1.15rem; margin: 0 }
  header p, .what { color: var(--quiet); margin: .2rem 0 1rem }
  section { border-top: 1px solid var(--line); padding: 1.6rem 0 }
  .head { display: flex; gap: .8rem; align-items: baseline }
  .head .time { margin-left: auto; font-variant-numeric: tabular-nums; color: var(--quiet) }
  .number { color: var(--accent); font-weight: 600 }
  .failed h2, .failure { color: #c22 }
  img { width: 100%; border: 1px solid var(--line); border-radius: 8px; margin-bottom: .8rem; display: block }
  .small { display: grid; grid-template-columns: repeat(auto-fill, minmax(340px, 1fr)); gap: .8rem }
  dt { font-weight: 600; margin-top: .8rem }
  dd { margin: 0 }
  pre { font: 12.5px/1.5 'DejaVu Sans Mono', ui-monospace, monospace; background: #8881; border-radius: 6px; padding: .7rem .9rem; overflow: auto; max-height: 22rem; white-space: pre-wrap }
</style>
<header>
  <h1>Wharfmaster: the tour</h1>
  <p>${text(about)} · ${String(held)} of ${String(done.length)} steps held</p>
</header>
${done.map(section).join('\n')}
</html>
`
}

function section({ step, ms, pictures, shown, failure }: Done, index: number): string {
  const last = pictures.at(-1)
  const others = pictures.slice(0, -1)
  return `<section id="${text(step.id)}" class="${failure === null ? 'held' : 'failed'}">
  <div class="head"><span class="number">${String(index + 1)}</span><h2>${text(step.title)}</h2><span class="time">${(ms / 1000).toFixed(1)} s</span></div>
  <p class="what">${text(step.what)}</p>
  ${last === undefined ? '' : image(last, step.title)}
  ${others.length === 0 ? '' : `<div class="small">${others.map((file) => image(file, step.title)).join('')}</div>`}
  ${failure === null ? '' : `<pre class="failure">${text(failure)}</pre>`}
  ${shown === null ? '' : `<dl><dt>What was sent</dt><dd><pre>${text(shown.sent)}</pre></dd><dt>What the host itself says</dt><dd><pre>${text(shown.answer)}</pre></dd></dl>`}
</section>`
}

const image = (file: string, title: string): string =>
  `<a href="${text(file)}"><img src="${text(file)}" alt="${text(title)}"></a>`

function text(words: string): string {
  return words.replace(/[&<>"']/g, (mark) => `&#${String(mark.charCodeAt(0))};`)
}
