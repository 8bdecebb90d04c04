'use client'

import { RadioGroup } from 'radix-ui'
import { type Subject, subjectKey } from './subject'

type Props = { subjects: Subject[]; value: Subject | null; onChange: (subject: Subject) => void; locked: boolean }

export function SubjectStep({ subjects, value, onChange, locked }: Props) {
  return (
    <RadioGroup.Root
      aria-label="Key sets"
      disabled={locked}
      value={value ? subjectKey(value) : ''}
      onValueChange={(key) => {
        const subject = subjects.find((each) => subjectKey(each) === key)
        if (subject) onChange(subject)
      }}
      className="grid gap-2 sm:grid-cols-2"
    >
      {subjects.map((subject) => (
        <RadioGroup.Item
          key={subjectKey(subject)}
          value={subjectKey(subject)}
          className="rounded-lg border p-3 text-left text-sm hover:bg-sunken data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
        >
          <span className="block font-medium">
            {subject.kind === 'model' ? subject.name : `Copy ${subject.id} of ${subject.name}`}
          </span>
          <span className="text-muted">
            {subject.kind === 'model' ? 'your model: all keys of all copies' : 'your copy: the keys disclosed to you'}
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
