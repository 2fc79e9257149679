/** A value that changes all the time, taken up only now and then. */
import { useEffect, useRef, useState } from 'react'

/** The value, at most every `restMs` a newer one; 0: always the present one. */
export function useRested<T>(value: T, restMs: number): T {
  const [rested, setRested] = useState(value)
  const latest = useRef(value)
  latest.current = value
  const takenAt = useRef(0)
  useEffect(() => {
    if (restMs === 0 || rested === value) return
    const wait = takenAt.current + restMs - Date.now()
    const take = (): void => {
      takenAt.current = Date.now()
      setRested(latest.current)
    }
    if (wait <= 0) return take()
    const timer = setTimeout(take, wait)
    return () => clearTimeout(timer)
  }, [value, rested, restMs])
  return restMs === 0 ? value : rested
}
