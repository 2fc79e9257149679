/** One call in words. Texts are shown as they are: nothing in them is markup. */
import { Info, TriangleAlert } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { AgentCall } from '#contract/agents'
import { Button } from '../../parts/Button.tsx'
import { classes } from '../../parts/classes.ts'
import { count } from '../../parts/format.ts'
import { Icon } from '../../parts/Icon.tsx'
import { StatusMark } from '../../parts/StatusMark.tsx'
import { useCall } from '../../state/query.ts'
import css from './Agents.module.css'
import { latencyWords, tokenWords } from './callWords.ts'
import type { WhichCalls } from './useCalls.ts'

const wholeLength = 10_000_000

export function ConversationItem({ call, which, at, chosen, nameOf, onChoose }: { call: AgentCall; which: WhichCalls; at: number; chosen: boolean; nameOf: (key: string | null) => string; onChoose: () => void }): ReactNode {
  const [isWhole, setWhole] = useState(false)
  const whole = useCall('agents.calls', isWhole ? { sourceId: which.sourceId, scope: which.scope, without: [...which.without], offset: at, limit: 1, textLength: wholeLength } : null)
  const full = whole.data?.calls[0]
  const shown = full?.taskId === call.taskId ? full : call
  const tokens = tokenWords(call)
  const isModel = call.kind === 'model'
  const texts = [
    { label: isModel ? 'prompt' : 'arguments', text: shown.asked, none: true },
    ...(shown.stderr ? [{ label: 'stderr', text: shown.stderr, none: false }] : []),
    { label: isModel ? 'response' : 'generated', text: shown.answered, none: true }
  ]
  return (
    <div role="listitem" aria-current={chosen || undefined} className={classes(css['item'], chosen && css['chosen'])}>
      <div className={css['itemHead']}>
        <span className={css['itemNumber']}>{count(call.index + 1)}</span>
        <StatusMark status={call.status} alone />
        <button type="button" className={classes(css['itemName'], 'med')} onClick={onChoose}>
          {nameOf(call.from)} → {nameOf(call.to)}
        </button>
        <span className="t2 ell grow">{isModel ? '' : [call.to.startsWith('agent') ? call.activity : null, call.subtype].filter(Boolean).join(', ')}</span>
        <span className="f11 t3 nw">
          {tokens !== '' && `${tokens} tokens, `}
          {latencyWords(call)}
        </span>
      </div>
      {texts.map(({ label, text }) => (
        <div key={label} className={css['words']}>
          <span className="t3 f11">{label}</span>
          {text === null ? (
            <span className="null">null</span>
          ) : (
            <div className={classes(css['text'], (!isModel || label === 'stderr' || /^[[{]/.test(text.text)) && css['code'], label === 'stderr' && 'errc')}>
              {text.text}
              {text.length > text.text.length && '…'}
              {text.length > text.text.length && (
                <Button tone="link" size="small" disabled={whole.loading && isWhole} aria-label={`Show all ${count(text.length)} characters of the ${label}`} onClick={() => setWhole(true)}>
                  Show all {count(text.length)} characters
                </Button>
              )}
            </div>
          )}
        </div>
      ))}
      {isWhole && whole.error && <p className={classes(css['finding'], 'errc')}>{whole.error.message}</p>}
      {isWhole && full && (
        <Button tone="link" size="small" className={css['less']} onClick={() => setWhole(false)}>
          Show less
        </Button>
      )}
      {call.findings.map(({ level, text }) => (
        <div key={text} className={css['finding']}>
          <Icon of={level === 'warning' ? TriangleAlert : Info} size={12} className={level === 'warning' ? 'waitc' : 't3'} />
          {text}
        </div>
      ))}
    </div>
  )
}
