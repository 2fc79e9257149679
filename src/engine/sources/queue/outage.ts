/** The end of a subscription, and the time until there is another. */

/** The time without a connection. */
export class Outage {
  readonly began = performance.now()
  attempts = 1
  /** Why the latest attempt failed. */
  reason: string | null = null
}

/** Why a subscription has ended, once it has. */
export class Ending {
  private reason: string | null = null
  private settle: ((reason: string | null) => void) | null = null

  set(reason: string): void {
    this.reason ??= reason
    this.settle?.(this.reason)
  }

  /** Null when the signal came first. */
  async orAborted(signal: AbortSignal): Promise<string | null> {
    if (this.reason !== null) return this.reason
    return await new Promise((resolve) => {
      const aborted = (): void => resolve(null)
      this.settle = (reason) => {
        signal.removeEventListener('abort', aborted)
        resolve(reason)
      }
      if (signal.aborted) aborted()
      else signal.addEventListener('abort', aborted, { once: true })
    })
  }
}
