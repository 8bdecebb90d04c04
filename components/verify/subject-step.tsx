'use client'

import { useId } from 'react'
import { type Subject, subjectKey } from './subject'

type Props = { subjects: Subject[]; value: Subject | null; onChange: (subject: Subject) => void; locked: boolean }

export function SubjectStep({ subjects, value, onChange, locked }: Props) {
  const name = useId()
  return (
    <fieldset disabled={locked} className="grid gap-2 sm:grid-cols-2">
      <legend className="sr-only">Key sets</legend>
      {subjects.map((subject) => (
        <label
          key={subjectKey(subject)}
          className="relative min-w-0 cursor-pointer rounded-lg border p-3 text-sm wrap-anywhere hover:bg-sunken has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={name}
            className="absolute inset-0 cursor-pointer opacity-0"
            checked={value !== null && subjectKey(value) === subjectKey(subject)}
            onChange={() => onChange(subject)}
          />
          <span className="block font-medium">
            {subject.kind === 'model' ? subject.name : `Copy ${subject.id} of ${subject.name}`}
          </span>{' '}
          <span className="text-muted">
            {subject.kind === 'model' ? 'your model: all keys of all copies' : 'your copy: the keys disclosed to you'}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
