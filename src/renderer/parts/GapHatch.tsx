/** The amber hatch of what is missing: its pattern, defined once in the page, and its key. */
export const gapFill = 'url(#gap-hatch)'

export function GapHatchPattern() {
  return (
    <svg width="0" height="0" style={{ position: 'absolute' }} aria-hidden="true">
      <defs>
        <pattern id="gap-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" fill="var(--warn-tint)" />
          <path d="M0 0V6" stroke="var(--wait)" strokeWidth="2.2" opacity=".62" />
        </pattern>
      </defs>
    </svg>
  )
}

export function GapMark() {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <rect width="12" height="12" rx="2" fill={gapFill} />
    </svg>
  )
}
