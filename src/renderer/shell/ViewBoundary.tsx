/** Catches what a view throws and says so in its place: what failed, why, and how to try again. */
import { OctagonX, RotateCcw } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'

type Props = { name: string; onFailed: (failed: boolean) => void; children: ReactNode }

export class ViewBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override componentDidCatch(): void {
    this.props.onFailed(true)
  }

  private retry = (): void => {
    this.setState({ error: null })
    this.props.onFailed(false)
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    const details = `${error.name}: ${error.message}\n${error.stack ?? ''}`
    return (
      <EmptyState
        icon={OctagonX}
        tone="error"
        title={`${this.props.name} could not be shown`}
        actions={
          <>
            <Button tone="primary" icon={RotateCcw} onClick={this.retry}>
              Try again
            </Button>
            <Button tone="link" size="small" onClick={() => void navigator.clipboard.writeText(details)}>
              Copy details
            </Button>
          </>
        }
      >
        {error.message || error.name}. Nothing was lost; the filter and the selection are kept, and the other views work.
      </EmptyState>
    )
  }
}
