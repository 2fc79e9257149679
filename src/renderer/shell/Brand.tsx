/** The mark and the name. */
export function Brand({ className }: { className?: string | undefined }) {
  return (
    <span className={className}>
      <svg width="18" height="18" viewBox="0 0 18 18" fill="none" aria-hidden="true">
        <path d="M5.5 4.5C10 4.5 8 13.5 12 13.5" stroke="var(--text-3)" strokeWidth="1.4" />
        <circle cx="4" cy="4.5" r="2.6" fill="var(--content)" stroke="var(--text)" strokeWidth="1.5" />
        <rect x="11.4" y="10.9" width="5.2" height="5.2" rx="1" fill="var(--accent)" />
      </svg>
      <span>Provscope</span>
    </span>
  )
}
