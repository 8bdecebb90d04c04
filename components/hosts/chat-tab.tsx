'use client'

import { lazyPart } from '@/components/ui/lazy-part'
import { Skeleton } from '@/components/ui/page'
import { SignInFirst } from '@/components/wallet/sign-in-first'
import type { HostView } from '@/lib/market/read/views'

const ChatPanel = lazyPart(
  () => import('./chat/chat-panel').then(({ ChatPanel }) => ChatPanel),
  <Skeleton className="h-64" />,
)

/** The chat with one host, loaded once somebody has signed in. */
export function ChatTab({ host }: { host: HostView }) {
  return (
    <SignInFirst
      title="Chat with this host"
      why="Connect a wallet to reserve money for the host. Each answer is paid out of it."
    >
      <ChatPanel host={host} />
    </SignInFirst>
  )
}
