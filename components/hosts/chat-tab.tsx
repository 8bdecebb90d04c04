'use client'

import dynamic from 'next/dynamic'
import { Skeleton } from '@/components/ui/page'

/** The chat, loaded beside the page. */
export const ChatTab = dynamic(() => import('./chat/chat-panel').then(({ ChatPanel }) => ChatPanel), {
  ssr: false,
  loading: () => <Skeleton className="h-64" />,
})
