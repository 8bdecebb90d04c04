import { Interpreter } from '@huggingface/jinja'

/** A value inside a template. `value` of a list has values, that of a mapping is a Map. */
type Value = { type: string; value: unknown; toString(): string }
type Internals = {
  evaluate(node: unknown, environment: unknown): Value
  evaluateBlock(statements: { type: string }[], environment: unknown): Value
  evaluateBinaryExpression(node: { operator: { value: string } } & Operands, environment: unknown): Value
}
type Operands = { left: unknown; right: unknown }

/** Statements that print nothing, and whose value is null. */
const silent = new Set(['Set', 'Macro', 'Comment', 'Break', 'Continue'])

/**
 * Makes templates print values as Python does: True, None and ['a'], and not true, nothing and ["a"]. Chat templates are
 * written for Python's Jinja. The interpreter has no setting for it, so two of its methods are replaced.
 */
export function printAsPython(): void {
  const internals = Interpreter.prototype as unknown as Internals
  const { evaluateBlock, evaluateBinaryExpression } = internals
  const textValue = (interpreter: Internals, text: string): Value => {
    const empty = evaluateBlock.call(interpreter, [], null)
    return new (empty.constructor as new (text: string) => Value)(text)
  }
  internals.evaluateBlock = function (statements, environment) {
    const printed = statements.map((statement) => {
      const value = this.evaluate(statement, environment)
      return value.type === 'NullValue' && silent.has(statement.type) ? '' : pythonText(value)
    })
    return textValue(this, printed.join(''))
  }
  internals.evaluateBinaryExpression = function (node, environment) {
    if (node.operator.value !== '~') return evaluateBinaryExpression.call(this, node, environment)
    const [left, right] = [node.left, node.right].map((side) => pythonText(this.evaluate(side, environment)))
    return textValue(this, left + right)
  }
}

/** What `str` makes of a value; an undefined one prints nothing. */
function pythonText(value: Value): string {
  switch (value.type) {
    case 'UndefinedValue':
      return ''
    case 'StringValue':
      return String(value.value)
    default:
      return pythonRepr(value)
  }
}

function pythonRepr(value: Value): string {
  const items = () => (value.value as Value[]).map(pythonRepr)
  switch (value.type) {
    case 'NullValue':
    case 'UndefinedValue':
      return 'None'
    case 'BooleanValue':
      return value.value ? 'True' : 'False'
    case 'StringValue':
      return quotedText(String(value.value))
    case 'ArrayValue':
      return `[${items().join(', ')}]`
    case 'TupleValue': {
      const all = items()
      return `(${all.join(', ')}${all.length === 1 ? ',' : ''})`
    }
    case 'ObjectValue': {
      const entries = [...(value.value as Map<string, Value>)]
      return `{${entries.map(([key, each]) => `${quotedText(key)}: ${pythonRepr(each)}`).join(', ')}}`
    }
    default:
      return value.toString()
  }
}

/** A string in quotes, double ones only if it has single ones and no double ones. */
function quotedText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\', [quote]: `\\${quote}` }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Python escapes them
  const escaped = text.replace(/[\u0000-\u001f\u007f\\'"]/g, (c) => {
    if (c in named) return named[c]
    return c === "'" || c === '"' ? c : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return quote + escaped + quote
}
